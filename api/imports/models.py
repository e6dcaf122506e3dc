"""What an import is, and how a file is to be read."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, StringConstraints

from api.access import Row
from api.fields import Id, Line, Maybe, Model, Page, UnitIn
from api.spreadsheets import KINDS

State = Literal["new", "read", "committed", "cancelled"]
RowState = Literal["ready", "question", "joined", "refused", "loaded", "present"]
Cell = Annotated[str, StringConstraints(max_length=10_000, pattern=r"^[^\x00]*$")]
Column = Annotated[int, Field(ge=0, le=999)]
Kind = Annotated[Line, Field(max_length=40)]


class Only(Model):
    """Only the rows that have one of these values in that column: one department of a shared file."""

    model_config = ConfigDict(extra="forbid")

    column: Column = Field(examples=[5])
    values: list[Cell] = Field(min_length=1, max_length=200, examples=[["Chemistry", "CHEMISTRY"]])


class ChoicesIn(Model):
    """What was decided about the problems of a file."""

    model_config = ConfigDict(extra="forbid")

    unit: Maybe[UnitIn] = Field(default=None, description="of amounts that have none", examples=["g"])
    day_first: bool | None = Field(
        default=None, description="whether 9/5/2024 is the 9th of May; null: as the file shows"
    )
    repairs: dict[Kind, bool] = Field(
        default={}, max_length=len(KINDS), description="kind of problem → yes or no", examples=[{"cas_date": True}]
    )
    exceptions: dict[Kind, list[Annotated[int, Field(ge=1, le=2_000_000)]]] = Field(
        default={}, max_length=len(KINDS), description="kind → rows for which the answer is the other one"
    )


class ReadingIn(Model):
    """How a file is read: which sheet, which row is the head, which column is what."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "sheet": None,
                    "head_row": 1,
                    "columns": {"0": "barcode", "1": "name", "2": "cas_number", "4": "location", "6": "amount"},
                    "choices": {"unit": None, "day_first": None, "repairs": {"amount_without_unit": False}},
                    "only": {"column": 5, "values": ["Chemistry"]},
                }
            ]
        },
    )

    sheet: Maybe[Cell] = None
    head_row: Annotated[int, Field(ge=0, le=1000)] = Field(default=1, description="0: there is none")
    columns: dict[Annotated[str, Field(max_length=3)], Maybe[Line]] = Field(
        max_length=1000, description="index from 0 → field; null: left away"
    )
    choices: ChoicesIn = ChoicesIn()
    only: Only | None = None


class Import(Model):
    """A spreadsheet on its way in."""

    id: int
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
        description="of a committed one: rows by state, containers and chemicals that were made",
        examples=[{"loaded": 5660, "refused": 23, "containers": 5660, "chemicals": 2991}],
    )


class ImportList(Page):
    """A page of imports, latest first."""

    items: list[Import]


class Description(Model):
    """What a file is, before anybody chose anything, with the field that each column seems to be."""

    import_: Import = Field(serialization_alias="import")
    kind: str = Field(examples=["XLSX"])
    sheet: str | None
    sheets: list[str]
    head_row: int = Field(description="0: none of the first rows looks like one")
    row_count: int
    columns: list[dict[str, Any]] = Field(
        examples=[[{"index": 0, "head": "CAS", "field": "cas_number", "examples": ["64-17-5"], "filled": 200}]]
    )
    first_rows: list[Any]
    values_of: int | None = Field(description="the column whose values are counted")
    values: list[dict[str, Any]] = Field(examples=[[{"value": "Chemistry", "rows": 1836}]])
    fields: list[dict[str, Any]] = Field(examples=[[{"field": "name", "title": "Name", "joined": False}]])


class ImportRow(Model):
    """A row of the preview: what it becomes, and what was wrong with it."""

    row_number: int
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
    """A page of rows, with the import that they are of."""

    import_: Import = Field(serialization_alias="import")
    items: list[ImportRow]


class CommitIn(Model):
    """What is loaded."""

    model_config = ConfigDict(extra="forbid")

    with_questions: bool = Field(
        default=False,
        examples=[True],
        description="load rows with an open question too, as the question says; else they are left out",
    )


IMPORT = """
SELECT i.id, i.file_name, i.made_at, u.name AS made_by_name, i.committed_at, v.name AS committed_by_name, i.cancelled_at,
       nullif(i.reading - ARRAY['summary', 'outcome'], '{}') AS reading, i.reading -> 'summary' AS summary, i.reading -> 'outcome' AS outcome,
       CASE WHEN i.committed_at IS NOT NULL THEN 'committed' WHEN i.cancelled_at IS NOT NULL THEN 'cancelled'
            WHEN i.reading ? 'summary' THEN 'read' ELSE 'new' END AS state
  FROM inventory.imports i
  JOIN control.users u ON u.id = i.made_by
  LEFT JOIN control.users v ON v.id = i.committed_by"""
FIND_IMPORT = IMPORT + " WHERE i.id = %(import)s"

ImportId = Annotated[Id, Field(description="of an import of the lab")]


def with_words(found: Row) -> Row:
    """The import with the kinds of its summary in the order and the words of the preview."""
    summary = found["summary"]
    if summary is None:
        return found
    choices = (found["reading"] or {}).get("choices") or {}
    answered = dict(choices.get("repairs") or {})
    if choices.get("unit"):
        answered["amount_without_unit"] = True
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
