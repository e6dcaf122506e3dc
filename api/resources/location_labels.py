"""Labels of locations: their code, which a scan takes as "here", their name, and where they lie."""

from dataclasses import replace
from typing import Annotated, Any

from fastapi import Query
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response
from pydantic import ConfigDict, Field

from api.core.database import Data, Database
from api.core.fields import Id, Maybe, Model
from api.core.problems import Problem, not_found
from api.core.routes import resource
from api.core.rows import Row
from api.core.visit import InLab, Visit
from api.labels import FORMATS, MOST_LABELS, PICTURE, SHEETS, Label
from api.labels.apart import LabelPrinter, Paper
from api.labels.letters import printable_name, unprintable

router = resource("/labs/{lab}/location-labels", "locations")

FIND_LOCATIONS = """
SELECT l.id, l.name, l.full_name FROM inventory.locations l
 WHERE l.archived_at IS NULL AND (%(inside)s::bigint IS NULL OR l.path LIKE (
         SELECT r.path FROM inventory.locations r WHERE r.id = %(inside)s) || '%%')
 ORDER BY l.full_name_sort, l.id LIMIT %(limit)s"""
FIND_SHEET = "SELECT s.sheet FROM inventory.label_settings s"


class LocationLabel(Model):
    """A location that gets a label."""

    id: Id
    name: str
    full_name: str
    code: str = Field(examples=["LOC-000012"])
    printed_name: str = Field(description="the location's name as its label shows it")
    unprintable: str = Field(description="signs of what stands on the label that no font has", examples=["🔥"])


class LocationLabelChoice(Model):
    """A paper or a file format that can be chosen."""

    name: str = Field(examples=["a4-70x37"])
    title: str


class LocationLabels(Model):
    """The locations that get a label, and how the labels may be printed."""

    items: list[LocationLabel]
    most: int = Field(description="labels that are printed at once")
    sheets: list[LocationLabelChoice]
    formats: list[LocationLabelChoice]
    sheet: str = Field(description="the paper on which the lab prints its labels", examples=["roll-62"])


class Chosen(Model):
    """The locations that get a label."""

    model_config = ConfigDict(extra="forbid")

    inside: Annotated[Id | None, Field(description="this location and all below it; without one, all of the lab")] = (
        None
    )

    async def find(self, visit: Visit, data: Database) -> tuple[list[Row], str]:
        """The locations, at most one more than are printed at once, and the lab's paper; 404 where the lab lacks the location."""
        given = {"inside": self.inside, "limit": MOST_LABELS + 1}
        found = await data.read_all(visit, {"rows": (FIND_LOCATIONS, given), "kept": (FIND_SHEET, ())})
        if not found["rows"] and self.inside:
            raise not_found()
        kept = [row["sheet"] for row in found["kept"] if row["sheet"] in SHEETS]
        return found["rows"], next(iter([*kept, *SHEETS]))


class Printing(Chosen):
    """The locations that get a label, and the sheet on which the labels are printed."""

    sheet: Annotated[Maybe[str], Field(examples=["roll-62"], description="the lab's unless given")] = None
    skip: Annotated[int, Field(ge=0, le=1000, description="places to leave free, on a sheet that was begun")] = 0
    format: Annotated[str, Field(max_length=20, examples=["zpl-203"])] = next(iter(FORMATS))

    async def chosen(self, visit: Visit, data: Database) -> tuple[list[Row], Paper]:
        """The locations, at least one, and the paper."""
        rows, kept = await self.find(visit, data)
        if not rows:
            raise Problem(422, "This lab has no locations yet.")
        paper = Paper(self.sheet or kept, self.skip, self.format)
        paper.check()
        return rows, paper


def label_of(row: Row, lab: str) -> Label:
    """The label of a location. The code is made of the location's id: it stays when the location is renamed or moved."""
    name = printable_name(row["name"], (), None)
    return Label(name=name, code=f"LOC-{row['id']:06}", lab=lab, location=row["full_name"], is_location=True)


def with_printed(rows: list[Row], lab: str) -> list[Row]:
    """The rows with what their labels show, and the signs that no font can print."""
    labels = [label_of(row, lab) for row in rows]
    return [
        row | {"code": label.code, "printed_name": label.name, "unprintable": unprintable(row["full_name"] + lab)}
        for row, label in zip(rows, labels, strict=True)
    ]


@router.get("/preview", response_model=LocationLabels)
async def preview_location_labels(chosen: Annotated[Chosen, Query()], visit: InLab, data: Data) -> Any:
    """The labels that would be printed."""
    rows, kept = await chosen.find(visit, data)
    return {
        "items": await run_in_threadpool(with_printed, rows, visit.member["lab_name"]),
        "most": MOST_LABELS,
        "sheets": [{"name": name, "title": sheet.title} for name, sheet in SHEETS.items()],
        "formats": [{"name": name, "title": form.title} for name, form in FORMATS.items()],
        "sheet": kept,
    }


@router.get("/picture", response_class=Response, responses={200: {"content": {PICTURE.media_type: {}}}})
async def show_location_label(
    printing: Annotated[Printing, Query()], visit: InLab, data: Data, printer: LabelPrinter
) -> Response:
    """The first of the labels as a picture."""
    rows, paper = await printing.chosen(visit, data)
    label = label_of(rows[0], visit.member["lab_name"])
    drawn = await printer.file(visit.member["user_id"], [label], replace(paper, format="picture"), "/inside")
    return Response(drawn, media_type=PICTURE.media_type, headers=dict(visit.response.headers))


@router.get(
    "", response_class=Response, responses={200: {"content": {form.media_type: {} for form in FORMATS.values()}}}
)
async def print_location_labels(
    printing: Annotated[Printing, Query()], visit: InLab, data: Data, printer: LabelPrinter
) -> Any:
    """Labels of locations as a PDF, or as ZPL for a Zebra printer."""
    rows, paper = await printing.chosen(visit, data)
    if len(rows) > MOST_LABELS:
        raise Problem(
            422, f"At most {MOST_LABELS} labels are printed at once. Choose one location with all that lies in it."
        )
    labels = await run_in_threadpool(lambda: [label_of(row, visit.member["lab_name"]) for row in rows])
    drawn = await printer.file(visit.member["user_id"], labels, paper, "/inside")
    await data.note_export(visit, "location-labels")
    headers = {**paper.headers(f"locations-{visit.lab}"), **visit.response.headers}
    return Response(drawn, media_type=FORMATS[paper.format].media_type, headers=headers)
