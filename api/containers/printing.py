"""Labels of containers as a PDF, and what they are printed on."""

from typing import Annotated, Any

from fastapi import Query
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response
from pydantic import ConfigDict, Field

from api.access import InLab, Row, Visit
from api.database import Data, Database
from api.fields import Id, Model
from api.labels import SHEETS, Label, draw_labels
from api.problems import Problem, not_found
from api.quantities import display
from api.routes import resource
from api.views import CONTAINER, Container, with_units

router = resource("/labs/{lab}", "containers")

MOST_LABELS = 500

FIND_FOR_LABELS = (
    CONTAINER
    + """ WHERE s.id = ANY (%(container)s) OR s.disposed_at IS NULL AND (s.chemical_id = ANY (%(chemical)s) OR s.delivery_id = %(delivery)s)
 ORDER BY array_position(%(container)s, s.id), s.chemical_name_folded, s.barcode LIMIT %(limit)s"""
)


class Sheet(Model):
    """What labels are printed on."""

    name: str = Field(examples=["a4-70x37"])
    title: str
    places: int = Field(description="labels on one sheet")


class LabelPreview(Model):
    """The containers that get a label, and what it may be printed on."""

    items: list[Container]
    sheets: list[Sheet]


class Chosen(Model):
    """Containers that are to get a label; of chemicals and deliveries all that are in stock."""

    model_config = ConfigDict(extra="forbid")

    container: list[Id] = Field(default=[], max_length=MOST_LABELS)
    chemical: list[Id] = Field(default=[], max_length=MOST_LABELS)
    delivery: Id | None = None

    async def find(self, visit: Visit, data: Database) -> list[Row]:
        """Them, in the order asked for; 404 where the lab does not have one."""
        given = self.model_dump(include={"container", "chemical", "delivery"}) | {"limit": MOST_LABELS + 1}
        rows = await data.read(visit, FIND_FOR_LABELS, given)
        if not set(self.container) <= {row["id"] for row in rows}:
            raise not_found()
        if len(rows) > MOST_LABELS:
            raise Problem(422, f"At most {MOST_LABELS} labels are printed at once. Choose fewer chemicals.")
        return rows


class Printing(Chosen):
    """What is printed, on what."""

    sheet: Annotated[str, Field(max_length=40, examples=["roll-62"])] = next(iter(SHEETS))
    skip: Annotated[int, Field(ge=0, le=1000, description="places to leave free, on a sheet that was begun")] = 0


def label_of(row: Row, lab: str) -> Label:
    """What stands on a container's label: the pack size rather than what is left, which changes."""
    amount, unit = (
        (row["pack_size"], row["pack_unit"]) if row["pack_size"] is not None else (row["amount"], row["unit"])
    )
    return Label(
        name=row["chemical_name"],
        code=row["barcode"],
        lab=lab,
        amount=f"{display(amount)} {unit}" if amount is not None else None,
        **{name: row[name] for name in ("cas_number", "signal_word", "pictograms", "location", "lot", "expires_on")},
    )


@router.get("/labels/preview", response_model=LabelPreview)
async def preview_labels(chosen: Annotated[Chosen, Query()], visit: InLab, data: Data) -> Any:
    """What would be printed."""
    rows = await chosen.find(visit, data)
    sheets = [
        {"name": name, "title": sheet.title, "places": sheet.columns * sheet.rows} for name, sheet in SHEETS.items()
    ]
    return {"items": [with_units(row) for row in rows], "sheets": sheets}


@router.get("/labels", response_class=Response, responses={200: {"content": {"application/pdf": {}}}})
async def print_labels(printing: Annotated[Printing, Query()], visit: InLab, data: Data) -> Response:
    """Labels as a PDF."""
    rows = await printing.find(visit, data)
    if not rows:
        raise Problem(422, "Choose a container to print a label for.", {"/container": "Choose a container."})
    labels = [label_of(row, visit.member["lab_name"]) for row in rows]
    try:
        pdf = await run_in_threadpool(draw_labels, labels, printing.sheet, printing.skip)
    except ValueError as error:
        pointer = "/sheet" if printing.sheet not in SHEETS else "/skip"
        raise Problem(422, str(error), {pointer: str(error)}) from error
    headers = {"Content-Disposition": f'inline; filename="labels-{visit.lab}.pdf"', **visit.response.headers}
    return Response(pdf, media_type="application/pdf", headers=headers)
