"""Labels of locations: their code, which a scan takes as "here", their name, and where they lie."""

from typing import Annotated, Any

from fastapi import Query
from fastapi.responses import Response
from pydantic import ConfigDict, Field

from api.core.database import Data
from api.core.fields import Id, Model
from api.core.problems import Problem, not_found
from api.core.routes import resource
from api.core.rows import Row
from api.core.visit import InLab
from api.labels import FORMATS, MOST_LABELS, SHEETS, Label
from api.labels.apart import LabelPrinter, Paper

router = resource("/labs/{lab}/location-labels", "locations")

FIND_LOCATIONS = """
SELECT l.id, l.name, l.full_name FROM inventory.locations l
 WHERE l.archived_at IS NULL AND (%(inside)s::bigint IS NULL OR l.path LIKE (
         SELECT r.path FROM inventory.locations r WHERE r.id = %(inside)s) || '%%')
 ORDER BY l.full_name_sort, l.id LIMIT %(limit)s"""


class Printing(Model):
    """The locations that get a label, and the sheet on which the labels are printed."""

    model_config = ConfigDict(extra="forbid")

    inside: Annotated[Id | None, Field(description="this location and all below it; without one, all of the lab")] = (
        None
    )
    sheet: Annotated[str, Field(max_length=40, examples=["roll-62"])] = next(iter(SHEETS))
    skip: Annotated[int, Field(ge=0, le=1000, description="places to leave free, on a sheet that was begun")] = 0
    format: Annotated[str, Field(max_length=20, examples=["zpl-203"])] = next(iter(FORMATS))


def label_of(row: Row, lab: str) -> Label:
    """The label of a location. The code is made of the location's id: it stays when the location is renamed or moved."""
    return Label(name=row["name"], code=f"LOC-{row['id']:06}", lab=lab, location=row["full_name"], is_location=True)


@router.get(
    "", response_class=Response, responses={200: {"content": {form.media_type: {} for form in FORMATS.values()}}}
)
async def print_location_labels(
    printing: Annotated[Printing, Query()], visit: InLab, data: Data, printer: LabelPrinter
) -> Any:
    """Labels of locations as a PDF, or as ZPL for a Zebra printer."""
    paper = Paper(printing.sheet, printing.skip, printing.format)
    paper.check()
    rows = await data.read(visit, FIND_LOCATIONS, {"inside": printing.inside, "limit": MOST_LABELS + 1})
    if not rows and printing.inside:
        raise not_found()
    if not rows:
        raise Problem(422, "This lab has no locations yet.")
    if len(rows) > MOST_LABELS:
        raise Problem(
            422, f"At most {MOST_LABELS} labels are printed at once. Choose one location with all that lies in it."
        )
    labels = [label_of(row, visit.member["lab_name"]) for row in rows]
    drawn = await printer.file(visit.member["user_id"], labels, paper, "/inside")
    await data.note_export(visit, "location-labels")
    headers = {**paper.headers(f"locations-{visit.lab}"), **visit.response.headers}
    return Response(drawn, media_type=FORMATS[paper.format].media_type, headers=headers)
