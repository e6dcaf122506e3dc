"""Labels of containers: the form with its preview, the file, and what the lab prints on them."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from typing import Annotated, Any

from fastapi import Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response
from pydantic import ConfigDict, Field, field_validator

from api.chemistry.quantities import display
from api.core.database import Data, Database, Statements
from api.core.fields import Id, Maybe, Model, Version, VersionIn
from api.core.narrowing import CHOSEN_CONTAINERS, Narrowing
from api.core.problems import Problem, not_found
from api.core.routes import resource
from api.core.rows import Row, one
from api.core.views import CONTAINER, Container, with_units
from api.core.visit import InLab, Visit
from api.labels import FIELDS, FORMATS, PICTURE, SHEETS, Label
from api.labels.apart import LabelPrinter, Paper
from api.labels.letters import printable_name, unprintable

router = resource("/labs/{lab}", "containers")

MOST_LABELS = 500

FIND_FOR_LABELS = f"""
SELECT s.*, h.synonyms
  FROM ({CONTAINER} WHERE s.id IN (
         SELECT unnest(%(container)s::bigint[])
          UNION ALL SELECT c.id FROM inventory.containers c WHERE c.delivery_id = %(delivery)s AND c.disposed_at IS NULL
          UNION ALL {CHOSEN_CONTAINERS})) AS s
  JOIN inventory.chemicals h ON h.id = s.chemical_id
 ORDER BY array_position(%(container)s, s.id), s.chemical_name_sort, s.barcode LIMIT %(limit)s"""


FIND_SETTINGS = "SELECT s.sheet, s.fields, s.xmin::text AS version FROM inventory.label_settings s"
KEEP_SETTINGS = """
INSERT INTO inventory.label_settings AS s (sheet, fields) VALUES (%(sheet)s, %(fields)s)
ON CONFLICT (lab_id) DO UPDATE SET sheet = CASE WHEN control.is_unchanged(s.xmin::text, %(version)s) THEN excluded.sheet END, fields = excluded.fields
RETURNING sheet, fields, xmin::text AS version"""


class Sheet(Model):
    """A sheet or roll on which labels are printed."""

    name: str = Field(examples=["a4-70x37"])
    title: str
    places: int = Field(description="labels on one sheet")


class Labelled(Container):
    """A container that gets a label."""

    printed_name: str = Field(description="the chemical's name, or what is printed instead: a synonym, else the CAS RN")
    unprintable: str = Field(description="signs of what stands on the label that no font has", examples=["🔥"])


class LabelField(Model):
    """A field that a lab may leave off its labels."""

    name: str = Field(examples=["lot"])
    title: str


class LabelFormat(Model):
    """A form in which labels are sent: as a PDF, or in the language of a label printer."""

    name: str = Field(examples=["zpl-203"])
    title: str


class Settings(Model):
    """The paper on which the lab prints its labels, and the fields that stand on them."""

    model_config = ConfigDict(extra="forbid")

    sheet: Annotated[str, Field(max_length=40, examples=["roll-62"])] = next(iter(SHEETS))
    fields: list[Annotated[str, Field(max_length=40)]] = Field(default_factory=lambda: list(FIELDS), max_length=20)

    @field_validator("sheet")
    @classmethod
    def sheet_is_known(cls, sheet: str) -> str:
        """Refuses a sheet that is not in the list."""
        if sheet not in SHEETS:
            raise ValueError("Choose a paper from the list.")
        return sheet

    @field_validator("fields")
    @classmethod
    def fields_are_known(cls, fields: list[str]) -> list[str]:
        """Refuses a field that is not in the list."""
        if not set(fields) <= FIELDS.keys():
            raise ValueError("Choose fields from the list.")
        return [name for name in FIELDS if name in fields]


class SettingsIn(Settings):
    """The paper and fields that a lab wants for its labels from now on."""

    version: VersionIn = None


class KeptSettings(Settings):
    """The paper and fields of a lab's labels at present. The version is empty while the lab has chosen none: then they are ChemTrack's."""

    version: Version = ""


class LabelPreview(Model):
    """The containers that get a label, and how they may be printed."""

    items: list[Labelled]
    sheets: list[Sheet]
    fields: list[LabelField]
    formats: list[LabelFormat]
    settings: KeptSettings = Field(description="of the lab")


class Chosen(Narrowing):
    """The containers that are to get a label. A chemical or a delivery stands for its containers in stock."""

    model_config = ConfigDict(extra="forbid")

    container: list[Id] = Field(default=[], max_length=MOST_LABELS)
    chemical: list[Id] = Field(default=[], max_length=MOST_LABELS)
    delivery: Id | None = None

    async def find(self, visit: Visit, data: Database) -> tuple[list[Row], KeptSettings]:
        """The chosen containers, in the order in which they were asked for, and the lab's settings; 404 where the lab lacks one."""
        given = self.model_dump(include={*Chosen.model_fields}) | {"limit": MOST_LABELS + 1}
        found = await data.read_all(visit, {"rows": (FIND_FOR_LABELS, given), "settings": (FIND_SETTINGS, ())})
        rows, settings = found["rows"], settings_of(found["settings"])
        if not set(self.container) <= {row["id"] for row in rows}:
            raise not_found()
        if len(rows) > MOST_LABELS:
            raise Problem(422, f"At most {MOST_LABELS} labels are printed at once. Choose fewer chemicals.")
        return rows, settings


class Printing(Chosen):
    """The labels to be printed, the sheet, the fields and the format."""

    sheet: Annotated[Maybe[str], Field(examples=["roll-62"], description="the lab's unless given")] = None
    skip: Annotated[int, Field(ge=0, le=1000, description="places to leave free, on a sheet that was begun")] = 0
    fields: Annotated[
        str | None, Field(max_length=200, examples=["lot,expires_on"], description="the lab's unless given")
    ] = None
    format: Annotated[str, Field(max_length=20, examples=["zpl-203"])] = next(iter(FORMATS))

    def chosen(self, settings: Settings) -> tuple[Paper, Collection[str]]:
        """Paper and fields: as asked for, else the lab's. A field that there is not is left out."""
        paper = Paper(self.sheet or settings.sheet, self.skip, self.format)
        paper.check()
        return paper, settings.fields if self.fields is None else self.fields.split(",")


def settings_of(rows: list[Row]) -> KeptSettings:
    """The lab's settings, without a sheet or fields that an earlier release had and this one has not."""
    kept = rows[0] if rows else {}
    sheet = {"sheet": kept["sheet"]} if kept.get("sheet") in SHEETS else {}
    fields = {"fields": [name for name in kept["fields"] if name in FIELDS]} if kept else {}
    return KeptSettings(**sheet, **fields, version=kept.get("version", ""))


def label_of(row: Row, lab: str, address: str, fields: Collection[str]) -> Label:
    """The label of a container. It shows the pack size, because the amount that is left changes while the label stays."""
    amount, unit = (
        (row["pack_size"], row["pack_unit"]) if row["pack_size"] is not None else (row["amount"], row["unit"])
    )
    said = row | {
        "lab": lab,
        "expires_on": row["use_by"],
        "amount": f"{display(amount)} {unit}" if amount is not None else None,
    }
    return Label(
        name=printable_name(row["chemical_name"], row["synonyms"], row["cas_number"]),
        code=row["barcode"],
        address=f"{address}/{row['barcode']}".upper() if address else None,
        signal_word=row["signal_word"],
        pictograms=row["pictograms"],
        **{name: said[name] for name in FIELDS if name in fields},
    )


def with_printed(rows: Iterable[Row], lab: str) -> list[Row]:
    """The rows with the name that their labels show, and the signs that no font can print."""
    found = []
    for row in rows:
        texts = (row["chemical_name"], lab, row["location"] or "", row["lot"] or "")
        printed_name = printable_name(row["chemical_name"], row["synonyms"], row["cas_number"])
        found.append(with_units(row) | {"printed_name": printed_name, "unprintable": unprintable("".join(texts))})
    return found


def address_of(request: Request, lab: str) -> str:
    """What stands before the barcode in a QR code; empty where the setting names no host."""
    host = request.app.state.settings.printed_address
    return f"{host}/C/{lab}" if host else ""


def labels_of(rows: Iterable[Row], lab: str, address: str, fields: Collection[str]) -> list[Label]:
    """The labels of containers."""
    return [label_of(row, lab, address, fields) for row in rows]


@router.get("/labels/preview", response_model=LabelPreview)
async def preview_labels(chosen: Annotated[Chosen, Query()], visit: InLab, data: Data) -> Any:
    """The labels that would be printed."""
    rows, settings = await chosen.find(visit, data)
    return {
        "items": await run_in_threadpool(with_printed, rows, visit.member["lab_name"]),
        "sheets": [{"name": name, "title": sheet.title, "places": sheet.places} for name, sheet in SHEETS.items()],
        "fields": [{"name": name, "title": title} for name, title in FIELDS.items()],
        "formats": [{"name": name, "title": form.title} for name, form in FORMATS.items()],
        "settings": settings,
    }


@router.put("/labels/settings", response_model=KeptSettings)
async def keep_settings(settings: SettingsIn, visit: InLab, data: Data) -> Any:
    """Paper and fields of the lab's labels from now on; for managers."""
    statements: Statements = {"kept": (KEEP_SETTINGS, settings.model_dump())}
    return await data.write(visit, statements, needed="manager", answer=lambda found: found["kept"][0])


@router.get("/labels/picture", response_class=Response, responses={200: {"content": {PICTURE.media_type: {}}}})
async def show_picture(
    printing: Annotated[Printing, Query()], visit: InLab, data: Data, request: Request, printer: LabelPrinter
) -> Response:
    """The first of the labels as a picture."""
    rows, settings = await printing.find(visit, data)
    paper, fields = printing.chosen(settings)
    label = label_of(one(rows), visit.member["lab_name"], address_of(request, visit.lab), fields)
    drawn = await printer.file(visit.member["user_id"], [label], replace(paper, format="picture"), "/container")
    return Response(drawn, media_type=PICTURE.media_type, headers=dict(visit.response.headers))


@router.get(
    "/labels",
    response_class=Response,
    responses={200: {"content": {form.media_type: {} for form in FORMATS.values()}}},
)
async def print_labels(
    printing: Annotated[Printing, Query()], visit: InLab, data: Data, request: Request, printer: LabelPrinter
) -> Response:
    """Labels as a PDF, or as ZPL for a Zebra printer."""
    rows, settings = await printing.find(visit, data)
    paper, fields = printing.chosen(settings)
    if not rows:
        raise Problem(422, "Choose a container to print a label for.", {"/container": "Choose a container."})
    address = address_of(request, visit.lab)
    labels = await run_in_threadpool(labels_of, rows, visit.member["lab_name"], address, fields)
    drawn = await printer.file(visit.member["user_id"], labels, paper, "/container")
    await data.note_export(visit, "labels")
    headers = {**paper.headers(f"labels-{visit.lab}"), **visit.response.headers}
    return Response(drawn, media_type=FORMATS[paper.format].media_type, headers=headers)
