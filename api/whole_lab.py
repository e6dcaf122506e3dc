"""All that a lab has, as one file: its containers, chemicals and locations, as an import reads them, and its history.

It stands above the resources, whose files it puts together.
"""

from collections.abc import AsyncIterator, Sequence

from starlette.responses import StreamingResponse

from api.chemistry.properties import OF_CONTAINERS
from api.core.database import Data, Database
from api.core.exports import Downloads, Table
from api.core.routes import resource
from api.core.rows import Row
from api.core.tables import Page, ZipOfCsv
from api.core.views import CONTAINER
from api.core.visit import InLab, Visit
from api.core.workbooks import Workbook
from api.resources.chemicals import files
from api.resources.chemicals.queries import Search
from api.resources.history import routes as history
from api.resources.history.queries import Filter

router = resource("/labs/{lab}", "everything")

CONTAINERS_A_READ = 1000

FIND_DISPOSED = CONTAINER + " WHERE s.disposed_at IS NOT NULL AND s.id > %(beyond)s ORDER BY s.id LIMIT %(limit)s"
DISPOSED_HEADS = (
    "Barcode", "Name", "CAS RN", "Disposed of", "Pack size", "Pack unit", *(one.head for one in OF_CONTAINERS),
    "Price", "Currency", "Notes",
)  # fmt: skip
DISPOSED_CELLS = (
    "barcode", "chemical_name", "cas_number", "disposed_at", "pack_size", "pack_unit", *(one.name for one in OF_CONTAINERS),
    "price", "currency", "notes",
)  # fmt: skip


async def disposed(visit: Visit, data: Database) -> AsyncIterator[Page]:
    """The containers that were disposed of; what they held is in the history."""
    rows: list[Row] = []
    beyond = 0
    while not beyond or rows:
        rows = await data.read(visit, FIND_DISPOSED, {"beyond": beyond, "limit": CONTAINERS_A_READ})
        beyond = rows[-1]["id"] if rows else -1
        yield [[row[cell] for cell in DISPOSED_CELLS] for row in rows]


def tables_of(visit: Visit, data: Database) -> Sequence[Table]:
    """The tables of the file. An import reads the first; the others are for people."""
    return [
        Table("Inventory", files.OF_THE_LAB_HEADS, files.all_of_the_lab(visit, data)),
        Table("Chemicals", files.CHEMICAL_HEADS, files.chemicals_of(Search(), visit, data)),
        Table("No longer available", files.CHEMICAL_HEADS, files.chemicals_of(Search(retired=True), visit, data)),
        Table("Disposed of", DISPOSED_HEADS, disposed(visit, data)),
        Table("History", history.HEADS, history.all_lines(Filter(), visit, data)),
    ]


@router.get(
    "/everything.xlsx", response_class=StreamingResponse, responses={200: {"content": {Workbook.media_type: {}}}}
)
async def export_workbook(visit: InLab, data: Data, downloads: Downloads) -> StreamingResponse:
    """Downloads all that the lab has, as a workbook of several sheets."""
    return await downloads.tables(visit, data, "everything", Workbook, tables_of(visit, data))


@router.get(
    "/everything.zip", response_class=StreamingResponse, responses={200: {"content": {ZipOfCsv.media_type: {}}}}
)
async def export_archive(visit: InLab, data: Data, downloads: Downloads) -> StreamingResponse:
    """Downloads all that the lab has, as a ZIP of CSV files."""
    return await downloads.tables(visit, data, "everything", ZipOfCsv, tables_of(visit, data))
