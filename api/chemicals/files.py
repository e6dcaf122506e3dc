"""Lists of chemicals, and of their containers, as CSV files."""

import json
from collections.abc import AsyncIterator, Sequence
from decimal import Decimal
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response

from api.access import InLab, Row, Visit
from api.chemicals.search import BELOW, LINE, ONLY_IN_FILES, Search
from api.csv_export import Page, csv_download
from api.database import Data, Database
from api.quantities import plain
from api.views import CONTAINER

router = APIRouter()

EXPORT_PAGE = 500
PAGE_OF_CHEMICALS = """
SELECT h.id, h.name_folded FROM inventory.chemicals h WHERE {where} AND (h.name_folded, h.id) > (%(last_name)s, %(last_id)s)
 ORDER BY h.name_folded, h.id LIMIT %(limit)s"""
CONTAINERS_OF = """ WHERE s.disposed_at IS NULL AND s.chemical_id IN (SELECT p.id FROM ({page}) AS p){here}
 ORDER BY s.chemical_name_folded, s.id"""
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
        inside = await is_found_inside_only(search, visit, data)
        page = search.model_copy(update={"cursor": "", "limit": EXPORT_PAGE})
        while True:
            found, _ = page.page(inside, LINE + ONLY_IN_FILES)
            answer = page.answer(await data.read(visit, *found))
            yield [chemical_cells(json.loads(line)) for line in answer["items"]]
            if answer["next"] is None:
                return
            page = page.model_copy(update={"cursor": answer["next"]})

    return await csv_download(visit, "chemicals", CHEMICAL_HEADS, pages())


@router.get("/containers.csv", response_class=Response, responses={200: {"content": {"text/csv": {}}}})
async def export_containers(search: Annotated[Search, Query()], visit: InLab, data: Data) -> Response:
    """The containers of all chemicals that fit, a line each; with a location only those that stand there."""

    async def pages() -> AsyncIterator[Page]:
        where, given = search.conditions(await is_found_inside_only(search, visit, data))
        chemicals = PAGE_OF_CHEMICALS.format(where=where)
        containers = CONTAINER + CONTAINERS_OF.format(page=chemicals, here=HERE if search.location else "")
        given |= {"last_name": "", "last_id": 0, "limit": EXPORT_PAGE}
        while True:
            page, rows = await data.read_all(visit, (chemicals, given), (containers, given))
            yield [container_cells(row) for row in rows]
            if len(page) < EXPORT_PAGE:
                return
            given |= {"last_name": page[-1]["name_folded"], "last_id": page[-1]["id"]}

    return await csv_download(visit, "containers", CONTAINER_HEADS, pages())


async def is_found_inside_only(search: Search, visit: Visit, data: Database) -> bool:
    """Whether nothing begins with the query's words, so that they are looked for inside the names, as in the list."""
    _, count = search.page(inside=False)
    return bool(search.q) and (await data.read(visit, *count))[0]["total"] == 0
