"""Lists of chemicals as CSV, XLSX and SD files, and of their containers as CSV."""

import json
from collections.abc import AsyncIterator, Iterable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Literal, LiteralString

from fastapi import Query
from fastapi.responses import Response
from pydantic import Field

from api.chemistry.properties import FILLED_IN, IN_THE_LIST, OF_CONTAINERS, PROPERTIES, Figure, Property
from api.chemistry.quantities import plain
from api.core.database import Data, Database
from api.core.exports import Download, Downloads, Table
from api.core.fields import Id
from api.core.narrowing import CHOSEN_CONTAINERS, FLAGS
from api.core.narrowing import OF_CONTAINERS as FILTERS_OF_CONTAINERS
from api.core.routes import resource
from api.core.rows import Row
from api.core.sd_files import SdFile
from api.core.tables import CsvFile, Page, Writer
from api.core.views import CONTAINER
from api.core.visit import InLab, Visit
from api.core.workbooks import Workbook
from api.resources.chemicals.queries import COLUMN_OF, HAZARDS_SAID, LINE, ONLY_IN_FILES, Search
from api.resources.chemicals.structure_search import find_structures
from api.spreadsheets.survey import list_cell, location_cell
from api.structures.apart import Structures

router = resource("/labs/{lab}", "chemicals")

EXPORT_PAGE = 500
CONTAINERS_OF = f"""
SELECT s.*, h.id AS chemical_id, h.name AS chemical_name, h.cas_number, h.pictograms, h.signal_word, h.h_statements, h.synonyms, h.formula,
       h.p_statements, h.supplier AS chemical_supplier, h.catalogue_number AS chemical_catalogue_number, h.notes AS chemical_notes,
       h.low_stock_amount, h.low_stock_unit, {HAZARDS_SAID} AS hazards_from, h.origins, {", ".join(COLUMN_OF.values())},
       (SELECT array_agg(a.name ORDER BY step.n)
          FROM inventory.locations l CROSS JOIN string_to_table(trim(l.path, '/'), '/') WITH ORDINALITY AS step (id, n)
          JOIN inventory.locations a ON a.id = step.id::bigint WHERE l.id = s.location_id) AS levels
  FROM inventory.chemicals h
  LEFT JOIN ({CONTAINER} WHERE s.id IN ({{ids}})) AS s ON s.chemical_id = h.id
 WHERE h.id {{chemicals}}
 ORDER BY h.name_sort, h.id, s.id"""
OF_CHEMICALS = CONTAINERS_OF.format(ids=CHOSEN_CONTAINERS, chemicals="= ANY (%(chemical)s)")
"""The containers of some chemicals; a chemical without any has one row, whose `id` is NULL."""
CHOSEN = CONTAINERS_OF.format(
    ids="SELECT unnest(%(container)s::bigint[])",
    chemicals="IN (SELECT c.chemical_id FROM inventory.containers c WHERE c.id = ANY (%(container)s))",
)
MOST_CHOSEN = 500
FIND_LOCATIONS = """
SELECT l.kind, l.count_period_days,
       (SELECT array_agg(a.name ORDER BY step.n)
          FROM string_to_table(trim(l.path, '/'), '/') WITH ORDINALITY AS step (id, n)
          JOIN inventory.locations a ON a.id = step.id::bigint) AS levels
  FROM inventory.locations l WHERE l.archived_at IS NULL ORDER BY l.full_name_sort, l.id"""


CHEMICAL_HEADS = (
    "Name", "Synonyms", "CAS RN", "Formula", "Pictograms", "Signal word", "H statements", "In stock", "Containers",
    "Amounts not known", "Location", "Earliest expiry", "Low", "Marked for deletion",
    "Supplier", "Catalogue number", "Source of the hazards", "From the reference", *(one.head for one in PROPERTIES),
)  # fmt: skip
HEADS_OF_COLUMNS: dict[str, tuple[str, ...]] = {
    "cas_number": ("CAS RN",),
    "hazards": ("Pictograms", "Signal word", "H statements"),
    "stock": ("In stock", "Amounts not known"),
    "containers": ("Containers",),
    **{one.listed: (one.head,) for one in IN_THE_LIST if one.listed},
    "location": ("Location",),
    "expiry": ("Earliest expiry",),
    "attention": ("Low", "Marked for deletion"),
}
"""The columns that the list can show, each with the heads of what it shows."""
CONTAINER_HEADS = (
    "Barcode", "Name", "CAS RN", "Amount", "Unit", "Pack size", "Pack unit", "Location", "Holder", *(one.head for one in OF_CONTAINERS),
    "Usable until", "Price", "Currency", "Pictograms", "Marked for deletion", "Missing since", "Notes",
    "Synonyms", "Formula", "Signal word", "H statements", "P statements", "Chemical supplier", "Chemical catalogue number", "Chemical notes", "Reorder at",
    "Unit of reorder at", "Source of the hazards", "From the reference", *(one.head for one in PROPERTIES),
)  # fmt: skip


OF_THE_LAB_HEADS = (*CONTAINER_HEADS, "Containers", "Kind of location", "Days between counts")
"""The heads of all that a lab has, which an import reads: containers, chemicals without any, and locations."""


if TYPE_CHECKING:
    ListColumn = str
else:
    ListColumn = Literal[tuple(HEADS_OF_COLUMNS)]


class SearchWithColumns(Search):
    """The search of the list, and the columns that the file has besides the name."""

    column: list[ListColumn] = Field(default=[], description="columns of the list; none given: all fields")


class SearchOrChosen(Search):
    """The search of the list, or containers that were chosen one by one."""

    container: list[Id] = Field(default=[], max_length=MOST_CHOSEN)


def hazards(row: Row) -> str:
    """The pictograms in one cell. Where they are not known the cell says so; an empty cell would look harmless."""
    if row["pictograms"] is None:
        return "not known"
    return " ".join(row["pictograms"]) or ("no pictogram" if row["h_statements"] or row["signal_word"] else "none")


def totals(row: Row) -> list[str]:
    """The amounts in stock, one for each dimension (mass, volume …)."""
    return [f"{plain(Decimal(str(total['amount'])))} {total['unit']}" for total in row["totals"]]


def origins(row: Row) -> list[str]:
    """The fields that are as the reference said, each with its source."""
    return [f"{label}: {row['origins'][name]}" for name, label in FILLED_IN.items() if name in row["origins"]]


def properties(row: Row, declared: Iterable[Property] = PROPERTIES) -> list[object]:
    """The properties; a figure as a number, because exports put an apostrophe before a text that begins with a minus sign."""
    return [
        Decimal(row[one.name]) if isinstance(one, Figure) and row[one.name] is not None else row[one.name]
        for one in declared
    ]


def chemical_cells(row: Row) -> Sequence[object]:
    """One line of the file of chemicals."""
    return [
        row["name"], list_cell(row["synonyms"]), row["cas_number"], row["formula"],
        hazards(row), row["signal_word"], " ".join(row["h_statements"]), totals(row), row["containers"],
        row["unknown_amounts"], row["location"] or (f"{row['locations']} locations" if row["locations"] else ""), row["earliest_expiry"],
        row["low"], row["marked"], row["supplier"], row["catalogue_number"], row["hazards_from"], origins(row), *properties(row),
    ]  # fmt: skip


def container_cells(row: Row) -> Sequence[object]:
    """One line of the file of containers."""
    return [
        row["barcode"], row["chemical_name"], row["cas_number"], "unknown" if row["id"] and row["amount"] is None else row["amount"], row["unit"],
        row["pack_size"], row["pack_unit"], location_cell(row["levels"] or ()), row["holder"], *properties(row, OF_CONTAINERS), row["use_by"], row["price"], row["currency"], hazards(row),
        row["marked"], row["missing_since"], row["notes"], list_cell(row["synonyms"]), row["formula"],
        row["signal_word"], " ".join(row["h_statements"]), " ".join(row["p_statements"]),
        row["chemical_supplier"], row["chemical_catalogue_number"], row["chemical_notes"], row["low_stock_amount"], row["low_stock_unit"], row["hazards_from"], origins(row), *properties(row),
    ]  # fmt: skip


@router.get("/chemicals.csv", response_class=Response, responses={200: {"content": {"text/csv": {}}}})
async def export_chemicals(
    search: Annotated[SearchWithColumns, Query()], visit: InLab, data: Data, downloads: Downloads, chemist: Structures
) -> Response:
    """Downloads all chemicals that the search finds, one line for each."""
    await find_structures(search, visit, data, chemist)
    return await file_of(CsvFile, search, visit, data, downloads)


@router.get("/chemicals.xlsx", response_class=Response, responses={200: {"content": {Workbook.media_type: {}}}})
async def export_workbook_of_chemicals(
    search: Annotated[SearchWithColumns, Query()], visit: InLab, data: Data, downloads: Downloads, chemist: Structures
) -> Response:
    """Downloads all chemicals that the search finds as a workbook, one row for each."""
    await find_structures(search, visit, data, chemist)
    return await file_of(Workbook, search, visit, data, downloads)


@router.get("/chemicals.sdf", response_class=Response, responses={200: {"content": {SdFile.media_type: {}}}})
async def export_structures(
    search: Annotated[SearchWithColumns, Query()], visit: InLab, data: Data, downloads: Downloads, chemist: Structures
) -> Response:
    """Downloads all chemicals that the search finds as an SD file, a record for each. The records have no atoms: the structure is the item
    SMILES."""
    await find_structures(search, visit, data, chemist)
    return await file_of(SdFile, search, visit, data, downloads)


async def file_of(
    kind: type[Writer], search: SearchWithColumns, visit: Visit, data: Database, downloads: Download
) -> Response:
    """The chemicals that the search finds as a file of this kind, with the chosen columns."""
    shown = {"Name", *(head for column in search.column for head in HEADS_OF_COLUMNS[column])}
    places = [place for place, head in enumerate(CHEMICAL_HEADS) if not search.column or head in shown]

    async def pages() -> AsyncIterator[Page]:
        async for page in chemicals_of(search, visit, data):
            yield [[row[place] for place in places] for row in page]

    table = Table("chemicals", [CHEMICAL_HEADS[place] for place in places], pages())
    return await downloads.tables(visit, data, "chemicals", kind, [table])


async def chemicals_of(search: Search, visit: Visit, data: Database) -> AsyncIterator[Page]:
    """The chemicals that the search finds, page by page, with a cell for each of CHEMICAL_HEADS."""
    async for page in pages_of(search, visit, data, LINE + ONLY_IN_FILES):
        yield [chemical_cells(json.loads(line)) for line in page]


@router.get("/containers.csv", response_class=Response, responses={200: {"content": {"text/csv": {}}}})
async def export_containers(
    search: Annotated[SearchOrChosen, Query()], visit: InLab, data: Data, downloads: Downloads, chemist: Structures
) -> Response:
    """Downloads the containers in stock of all chemicals that the search finds, one line for each: where the search says something of
    containers, such as their location, only those that it fits. With `container`, the chosen ones instead."""
    await find_structures(search, visit, data, chemist)

    async def pages() -> AsyncIterator[Page]:
        if search.container:
            rows = await data.read(visit, CHOSEN, {"container": search.container})
            yield [container_cells(row) for row in rows]
            return
        async for rows in containers_of(search, visit, data):
            yield [container_cells(row) for row in rows if row["id"]]

    return await downloads.csv(visit, data, "containers", CONTAINER_HEADS, pages())


async def containers_of(search: Search, visit: Visit, data: Database) -> AsyncIterator[list[Row]]:
    """The containers of all chemicals that the search finds, page by page; chemicals without any have a row too, whose `id` is None."""
    shown = search.model_dump(include={*FILTERS_OF_CONTAINERS})
    shown["flag"] = [flag for flag in search.flag if flag in FLAGS]
    async for page in pages_of(search, visit, data, "h.id"):
        ids = [json.loads(line)["id"] for line in page]
        yield await data.read(visit, OF_CHEMICALS, shown | {"chemical": ids})


async def all_of_the_lab(visit: Visit, data: Database) -> AsyncIterator[Page]:
    """All containers that are not disposed of, chemicals without any, and locations, with a cell for each of OF_THE_LAB_HEADS."""
    async for rows in containers_of(Search(), visit, data):
        yield [[*container_cells(row), int(row["id"] is not None), None, None] for row in rows]
    place = CONTAINER_HEADS.index("Location")
    blank = [None] * len(CONTAINER_HEADS)
    for row in await data.read(visit, FIND_LOCATIONS):
        cells = [*blank, None, row["kind"], row["count_period_days"]]
        cells[place] = location_cell(row["levels"])
        yield [cells]


async def pages_of(search: Search, visit: Visit, data: Database, line: LiteralString) -> AsyncIterator[list[str]]:
    """All chemicals that the search finds, page by page; each line is a text of JSON."""
    page = search.model_copy(update={"cursor": "", "limit": EXPORT_PAGE})
    while True:
        answer = page.answer(await data.read(visit, *page.page(line, total=False)))
        yield answer["items"]
        if answer["next"] is None:
            return
        page = page.model_copy(update={"cursor": answer["next"]})
