"""Lists of chemicals, and of their containers, as CSV files."""

import json
from collections.abc import AsyncIterator, Sequence
from decimal import Decimal
from typing import Annotated

from fastapi import Query
from fastapi.responses import Response

from api.access import InLab, Row, Visit
from api.chemicals.search import BELOW, LINE, ONLY_IN_FILES, Search
from api.csv_export import Page, csv_download
from api.database import Data, Database
from api.quantities import plain
from api.routes import resource
from api.views import CONTAINER

router = resource("/labs/{lab}", "chemicals")

EXPORT_PAGE = 500
CONTAINERS_OF = (
    " WHERE s.disposed_at IS NULL AND s.chemical_id = ANY (%(chemicals)s){here} ORDER BY s.chemical_name_folded, s.id"
)
HERE = f" AND s.location_id IN {BELOW}"


CHEMICAL_HEADS = (
    "Name", "Synonyms", "CAS RN", "Formula", "Molar mass (g/mol)", "Physical state", "Pictograms", "Signal word", "H statements",
    "Storage class", "In stock", "Containers", "Amounts not known", "Location", "Earliest expiry", "Low", "Marked for deletion",
    "Supplier", "Catalogue number",
)  # fmt: skip
CONTAINER_HEADS = (
    "Barcode", "Name", "CAS RN", "Amount", "Unit", "Pack size", "Pack unit", "Location", "Holder", "Lot", "Supplier", "Catalogue number",
    "Purity", "Price", "Currency", "Received", "Opened", "Expires", "Pictograms", "Marked for deletion", "Missing since", "Notes",
)  # fmt: skip


def hazards(row: Row) -> str:
    """Pictograms in one cell: unknown is never an empty one."""
    if row["pictograms"] is None:
        return "not known"
    return " ".join(row["pictograms"]) or ("no pictogram" if row["h_statements"] or row["signal_word"] else "none")


def totals(row: Row) -> list[str]:
    """What is in stock, an amount a dimension."""
    return [f"{plain(Decimal(str(total['amount'])))} {total['unit']}" for total in row["totals"]]


def chemical_cells(row: Row) -> Sequence[object]:
    """A line of the file of chemicals."""
    return [
        row["name"], row["synonyms"], row["cas_number"], row["formula"], row["molar_mass_g_per_mol"], row["physical_state"],
        hazards(row), row["signal_word"], " ".join(row["h_statements"]), row["storage_class"], totals(row), row["containers"],
        row["unknown_amounts"], row["location"] or (f"{row['locations']} places" if row["locations"] else ""), row["earliest_expiry"],
        row["low"], row["marked"], row["supplier"], row["catalogue_number"],
    ]  # fmt: skip


def container_cells(row: Row) -> Sequence[object]:
    """A line of the file of containers."""
    return [
        row["barcode"], row["chemical_name"], row["cas_number"], "unknown" if row["amount"] is None else row["amount"], row["unit"],
        row["pack_size"], row["pack_unit"], row["location"], row["holder"], row["lot"], row["supplier"], row["catalogue_number"],
        row["purity"], row["price"], row["currency"], row["received_on"], row["opened_on"], row["expires_on"], hazards(row),
        row["marked"], row["missing_since"], row["notes"],
    ]  # fmt: skip


@router.get("/chemicals.csv", response_class=Response, responses={200: {"content": {"text/csv": {}}}})
async def export_chemicals(search: Annotated[Search, Query()], visit: InLab, data: Data) -> Response:
    """All chemicals that fit, a line each."""

    async def pages() -> AsyncIterator[Page]:
        async for page in pages_of(search, visit, data, LINE + ONLY_IN_FILES):
            yield [chemical_cells(json.loads(line)) for line in page]

    return await csv_download(visit, "chemicals", CHEMICAL_HEADS, pages())


@router.get("/containers.csv", response_class=Response, responses={200: {"content": {"text/csv": {}}}})
async def export_containers(search: Annotated[Search, Query()], visit: InLab, data: Data) -> Response:
    """The containers of all chemicals that fit, a line each; with a location only those that stand there."""

    async def pages() -> AsyncIterator[Page]:
        statement = CONTAINER + CONTAINERS_OF.format(here=HERE if search.location else "")
        async for page in pages_of(search, visit, data, "h.id"):
            ids = [json.loads(line)["id"] for line in page]
            rows = await data.read(visit, statement, {"chemicals": ids, "location": search.location})
            yield [container_cells(row) for row in rows]

    return await csv_download(visit, "containers", CONTAINER_HEADS, pages())


async def pages_of(search: Search, visit: Visit, data: Database, line: str) -> AsyncIterator[list[str]]:
    """All chemicals that fit, the texts of a page's lines at a time; inside the names if nothing begins like that, as in the list."""
    page = search.model_copy(update={"cursor": "", "limit": EXPORT_PAGE})
    inside = bool(search.q) and not (await data.read(visit, *page.page(inside=False, line="h.id")))[0]["total"]
    while True:
        answer = page.answer(await data.read(visit, *page.page(inside, line, total=False)))
        yield answer["items"]
        if answer["next"] is None:
            return
        page = page.model_copy(update={"cursor": answer["next"]})
