"""Models of an import, of its rows and of the way its file is read."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, ConfigDict, Field, StringConstraints

from api.core.fields import Id, Line, Maybe, Model, Number, UnitIn, Version, VersionIn
from api.core.paging import Page
from api.core.rows import Row
from api.spreadsheets import ENCODINGS, KINDS
from api.spreadsheets.records import ROWS_OF_A_TABLE
from api.spreadsheets.tables import MOST_TABLES

State = Literal["new", "read", "committed", "taken_back", "cancelled"]
RowState = Literal["ready", "question", "joined", "refused", "loaded", "present"]
Cell = Annotated[str, StringConstraints(max_length=10_000, pattern=r"^[^\x00]*$")]
Column = Annotated[int, Field(ge=0, le=999)]
Kind = Annotated[Line, Field(max_length=40)]


def _encoding(name: str) -> str:
    if name not in ENCODINGS:
        raise ValueError("This encoding is not known here. Choose one of the list.")
    return name


Encoding = Annotated[str, AfterValidator(_encoding)]
"""A name of `ENCODINGS`."""


class Only(Model):
    """Restricts the import to rows that have one of these values in one column, such as one department of a shared file."""

    model_config = ConfigDict(extra="forbid")

    column: Column = Field(examples=[5])
    values: list[Cell] = Field(min_length=1, max_length=200, examples=[["Chemistry", "CHEMISTRY"]])


class ChoicesIn(Model):
    """The decisions of the manager about the problems of a file."""

    model_config = ConfigDict(extra="forbid")

    unit: Maybe[UnitIn] = Field(default=None, description="of amounts that have none", examples=["g"])
    unit_words: dict[Annotated[Line, Field(max_length=40)], Annotated[Line, Field(max_length=20)]] = Field(
        default={},
        max_length=200,
        description="what words beside amounts mean: a unit, containers, or an empty text where that is not known",
        examples=[{"tabs": "each"}],
    )
    all_full: bool = Field(default=False, description="containers without an amount hold as much as their pack size")
    currency: Maybe[Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]] = Field(
        default=None, description="of prices that have none", examples=["EUR"]
    )
    day_first: bool | None = Field(
        default=None, description="whether 9/5/2024 is the 9th of May; null: as the file shows"
    )
    repairs: dict[Kind, bool] = Field(
        default={}, max_length=len(KINDS), description="kind of problem → yes or no", examples=[{"cas_date": True}]
    )
    exceptions: dict[Kind, list[Annotated[int, Field(ge=1, lt=(MOST_TABLES + 1) * ROWS_OF_A_TABLE)]]] = Field(
        default={}, max_length=len(KINDS), description="kind → rows for which the answer is the other one"
    )


class ReadingIn(Model):
    """The way a file is read: its sheet, the row that is the head, and the field that each column holds."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "sheet": None,
                    "encoding": None,
                    "head_row": 1,
                    "columns": {"0": "barcode", "1": "name", "2": "cas_number", "4": "location", "6": "amount"},
                    "choices": {"unit": None, "day_first": None, "repairs": {"amount_without_unit": False}},
                    "only": {"column": 5, "values": ["Chemistry"]},
                }
            ]
        },
    )

    sheet: Maybe[Cell] = None
    encoding: Maybe[Encoding] = Field(default=None, description="of a CSV; null: the likeliest")
    head_row: Annotated[int, Field(ge=0, le=1000)] = Field(default=1, description="0: there is none")
    tables: list[Cell] = Field(
        default=[],
        max_length=MOST_TABLES,
        description="further tables that are read with it, by the cells of their heads",
        examples=[["Acids!A1"]],
    )
    columns: dict[Annotated[str, Field(max_length=3)], Maybe[Line]] = Field(
        max_length=1000, description="index from 0 → field; null: left out"
    )
    inward: list[Column] = Field(
        default=[],
        max_length=20,
        description="the columns of the location from the outermost to the innermost; empty: by their heads",
    )
    all_containers: bool = Field(
        default=False, description="each row is a container, although no column says more of it than of a chemical"
    )
    all_locations: bool = Field(
        default=False, description="each row is a location, and neither a chemical nor a container"
    )
    lists: dict[Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[^\x00]*$")], Id] = Field(
        default={},
        max_length=10,
        description="head of a column with the numbers of another list → the import of that list, whose names, CAS numbers and locations "
        "are read as further columns",
        examples=[{"chem_id": 12}],
    )
    choices: ChoicesIn = ChoicesIn()
    only: Only | None = None
    version: VersionIn = None


class TakenBack(Model):
    """The outcome of taking an import back: what was disposed of, and what stays."""

    containers: int
    chemicals: int
    locations: int
    stay: int = Field(description="containers that something has happened to since")
    staying: list[str] = Field(description="their barcodes, at most 100", examples=[["K-7"]])
    at: datetime
    by_name: str


class Import(Model):
    """A spreadsheet that was uploaded, how it is read, and what became of it."""

    id: int
    version: Version
    file_name: str = Field(examples=["stockroom-2025.xlsx"])
    state: State
    made_at: datetime
    made_by_name: str
    committed_at: datetime | None
    committed_by_name: str | None
    cancelled_at: datetime | None
    reading: dict[str, Any] | None = Field(description="how it is read: as it was put; null: not yet")
    summary: dict[str, Any] | None = Field(
        description="rows by state, and by kind of problem with the words for it",
        examples=[
            {
                "rows": 416,
                "fine": 0,
                "ready": 184,
                "question": 232,
                "joined": 0,
                "refused": 0,
                "present": 0,
                "kinds": [],
            }
        ],
    )
    outcome: dict[str, Any] | None = Field(
        description="of a committed one: rows by state, containers and chemicals that were made; where ChemTrack had changed what was to "
        "be taken over from the file, how many such fields stay (`newer`) and the first 20 of them (`newer_fields`, such as `C-7: lot`)",
        examples=[{"loaded": 5660, "refused": 23, "containers": 5660, "chemicals": 2991}],
    )
    taken_back: TakenBack | None
    file_is_kept: bool = Field(description="so that it can be downloaded as it was")


class ImportList(Page):
    """A page of imports, latest first."""

    items: list[Import]


class Description(Model):
    """A description of the file before anybody has chosen anything, with the field that each column seems to hold."""

    import_: Import = Field(serialization_alias="import")
    kind: str = Field(examples=["XLSX"])
    sheet: str | None
    sheets: list[str]
    encodings: list[dict[str, Any]] = Field(
        description="those that a CSV may have, the one in which it is read first",
        examples=[[{"encoding": "cp1254", "title": "Turkish (Windows)", "samples": ["Bakır tozu"]}]],
    )
    head_row: int = Field(description="0: none of the first rows looks like one")
    row_count: int
    tables: list[dict[str, Any]] = Field(
        description="the other tables of the file: of this sheet those are chosen that stand beside or below",
        examples=[[{"table": "Acids!A1", "heads": ["Name", "CAS"], "rows": 12, "chosen": False}]],
    )
    lists: list[dict[str, Any]] = Field(
        description="earlier imports in which nearly each number of a column of the same head stands once",
        examples=[[{"id": 12, "file_name": "chemicals.csv", "head": "chem_id", "chosen": False}]],
    )
    sheets_not_looked_at: int = Field(description="for tables, because the file is long or has many")
    columns: list[dict[str, Any]] = Field(
        examples=[[{"index": 0, "head": "CAS", "field": "cas_number", "examples": ["64-17-5"], "filled": 200}]]
    )
    inward: list[int] = Field(description="the columns of the location, from the outermost to the innermost")
    first_rows: list[Any]
    remembered: str | None = Field(description="the file whose columns, with the same heads, were chosen so before")
    values_of: int | None = Field(description="the column whose values are counted")
    values: list[dict[str, Any]] = Field(examples=[[{"value": "Chemistry", "rows": 1836}]])
    fields: list[dict[str, Any]] = Field(examples=[[{"field": "name", "title": "Name", "joined": False}]])


class ImportRow(Model):
    """A row of the preview: the chemical and container that it becomes, and its problems."""

    row_number: int
    number: int = Field(description="as its table numbers it")
    part: str = Field(description="its table, where several are read together", examples=[""])
    state: RowState
    chemical: dict[str, Any]
    container: dict[str, Any] | None
    count: int
    location: str
    problems: list[dict[str, Any]] = Field(
        examples=[
            [{"kind": "cas_date", "severity": "repaired", "column": "CAS", "says": "9/5/7789", "becomes": "7789-09-5"}]
        ]
    )
    chemical_id: int | None
    container_id: int | None
    barcode: str | None = Field(description="of the container that it made, or that was there")


class ImportRows(Page):
    """A page of rows, with their import."""

    import_: Import = Field(serialization_alias="import")
    items: list[ImportRow]


class Absent(Model):
    """A container that an earlier import loaded and that this file does not have."""

    container_id: int
    barcode: str
    chemical_id: int
    chemical_name: str
    location: str | None
    amount: Number | None
    unit: str | None


class AbsentList(Page):
    """A page of containers that are not in the file, in the order in which they were made."""

    items: list[Absent]


class CommitIn(Model):
    """Which rows a commit loads."""

    model_config = ConfigDict(extra="forbid")

    with_questions: bool = Field(
        default=False,
        examples=[True],
        description="load rows with an open question too, as the question says; else they are left out",
    )
    version: VersionIn = None


IMPORT_OF = """
SELECT i.id, i.xmin::text AS version, i.file_name, i.made_at, u.name AS made_by_name, i.committed_at, v.name AS committed_by_name, i.cancelled_at,
       nullif(i.reading - ARRAY['summary', 'outcome', 'began_at', 'taken_back'], '{{}}') AS reading, i.reading -> 'summary' AS summary,
       i.reading -> 'outcome' AS outcome, i.reading -> 'taken_back' AS taken_back, i.content IS NOT NULL AS file_is_kept,
       CASE WHEN i.reading ? 'taken_back' THEN 'taken_back' WHEN i.committed_at IS NOT NULL THEN 'committed' WHEN i.cancelled_at IS NOT NULL THEN 'cancelled'
            WHEN i.reading ? 'summary' THEN 'read' ELSE 'new' END AS state
  FROM {imports} AS i
  JOIN control.users u ON u.id = i.made_by
  LEFT JOIN control.users v ON v.id = i.committed_by"""
IMPORT = IMPORT_OF.format(imports="inventory.imports")
FIND_IMPORT = IMPORT + " WHERE i.id = %(import)s"

ImportId = Annotated[Id, Field(description="of an import of the lab")]


LEFT_OUT_HEADS = ["Row", "Why it was left out"]
"""The heads that the file of the rows left out has before those of the file that was imported."""


def with_words(found: Row) -> Row:
    """The import, with the kinds of problems in its summary in the preview's order and with their titles."""
    summary = found["summary"]
    if summary is None:
        return found
    choices = (found["reading"] or {}).get("choices") or {}
    answered = dict(choices.get("repairs") or {})
    if choices.get("unit"):
        answered["amount_without_unit"] = True
    if choices.get("currency"):
        answered["price_without_currency"] = True
    if choices.get("day_first") is not None:
        answered["date_order"] = True
    kinds = [
        {
            "kind": kind.name,
            "severity": kind.severity,
            "title": kind.title,
            "explanation": kind.explanation,
            "answers": list(kind.answers),
            "by_row": kind.by_row,
            "rows": summary["kinds"].get(kind.name, 0),
            "answer": answered.get(kind.name),
        }
        for kind in KINDS.values()
        if summary["kinds"].get(kind.name) or kind.name in answered
    ]
    return found | {"summary": summary | {"kinds": kinds}}
