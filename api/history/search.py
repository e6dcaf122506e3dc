"""What the history is narrowed to, and the SQL of a page of it: each side is read in the order of an index."""

from datetime import UTC, date, datetime
from typing import Annotated, Literal, get_args

from pydantic import ConfigDict, Field, ValidationInfo, field_validator

from api import words
from api.access import Row
from api.database import Statement
from api.fields import Day, Id, Maybe, Model, decode_cursor, encode_cursor
from api.problems import Problem

MovementKind = Literal["receive", "check_out", "return", "count", "dispose", "correct"]
TransferKind = Literal["move", "take", "bring_back"]
Kind = Literal[MovementKind, TransferKind]
KINDS: dict[str, tuple[str, ...]] = {"movement": get_args(MovementKind), "transfer": get_args(TransferKind)}


class Filter(Model):
    """What the history is narrowed to; everything given must hold. Days are the lab's, both included."""

    model_config = ConfigDict(extra="forbid")

    q: Annotated[str, Field(max_length=200, description="a barcode, or words of the chemical")] = ""
    chemical: Maybe[Id] = None
    container: Maybe[Id] = None
    barcode: Maybe[Annotated[str, Field(max_length=64)]] = None
    member: Annotated[Maybe[Id], Field(description="who did it")] = None
    kind: list[Kind] = Field(default=[], max_length=20, description="one of these")
    from_day: Annotated[Maybe[Day], Field(alias="from")] = None
    to_day: Annotated[Maybe[Day], Field(alias="to")] = None
    stocktake: Maybe[Id] = None
    delivery: Maybe[Id] = None
    line: Annotated[Maybe[Id], Field(description="a movement, and what refers to it")] = None

    @field_validator("to_day")
    @classmethod
    def days_are_in_order(cls, to_day: date | None, info: ValidationInfo) -> date | None:
        """Refuses an end before the beginning."""
        from_day = info.data.get("from_day")
        if to_day and from_day and to_day < from_day:
            raise ValueError("This is before the first day.")
        return to_day


class Search(Filter):
    """A page of it, latest first."""

    cursor: Annotated[str, Field(max_length=2000)] = ""
    limit: Annotated[int, Field(ge=1, le=200)] = 50
    facets: bool = Field(default=False, description="also give what one may narrow by, and how many lines there are")


# A filter about containers is a list of them first. Few: their lines are read and sorted. Many: the ledger is read by time
# until the page is full. Whichever it is, no plan that PostgreSQL keeps for all values of a parameter reads all of the ledger.
FEW = 300
ABOUT_CONTAINERS = {
    "chemical": "c.chemical_id = %(chemical)s",
    "container": "c.id = %(container)s",
    "barcode": "c.barcode IN (%(barcode)s, upper(%(barcode)s))",
    "delivery": "c.delivery_id = %(delivery)s",
}
FOUND = "found AS MATERIALIZED (SELECT c.id FROM inventory.containers c WHERE {where}),"
IS_BARCODE = "SELECT b.id FROM inventory.containers b WHERE b.barcode IN (%(q)s, upper(%(q)s))"
HAS_WORDS = "SELECT b.id FROM inventory.containers b WHERE {where}"
AMONG_FEW = f"(SELECT count(*) <= {FEW} FROM found) AND e.container_id = ANY (ARRAY(SELECT id FROM found))"
AMONG_MANY = f"(SELECT count(*) > {FEW} FROM found) AND (e.container_id IN (SELECT id FROM found)) IS TRUE"

IN_THE_LAB = "AT TIME ZONE (SELECT l.time_zone FROM control.labs l WHERE l.id = (SELECT control.lab_id()))"
ABOUT_LINES = {
    "member": "e.made_by = %(member)s",
    "from_day": f"e.made_at >= %(from_day)s::timestamp {IN_THE_LAB}",
    "to_day": f"e.made_at < (%(to_day)s::date + 1)::timestamp {IN_THE_LAB}",
}
ABOUT_MOVEMENTS = {
    "stocktake": "e.stocktake_id = %(stocktake)s",
    "delivery": "e.delivery_id = %(delivery)s",
    "line": "(e.id = %(line)s OR e.refers_to_id = %(line)s)",
}

# Line by line (OFFSET 0): the planner knows ledgers by their average only, and would rather read all of a long one for each page.
# One side of the history, of one kind where kinds are asked for: each in the order of an index.
SIDE = """(SELECT '{source}' AS source, e.id, e.made_at FROM inventory.{source}s e WHERE {where}
   ORDER BY e.made_at {direction}, e.id {direction} LIMIT {limit})"""
PAGE = """
WITH {found} page AS (
  SELECT source, id, made_at FROM ({sides}) AS side ORDER BY made_at {direction}, source {direction}, id {direction} LIMIT {limit})
SELECT {columns} FROM page
 CROSS JOIN LATERAL (SELECT e.* FROM inventory.history e WHERE e.source = page.source AND e.id = page.id OFFSET 0) AS e
 ORDER BY page.made_at {direction}, page.source {direction}, page.id {direction}"""
COUNT = "WITH {found} page AS (SELECT FROM ({sides}) AS side LIMIT {limit}) SELECT count(*)::int AS count FROM page"


class Place:
    """Where a page begins: behind a line of the one before, or before one of the page behind it."""

    def __init__(self, cursor: str) -> None:
        towards, at, source, last_id = decode_cursor(cursor, (str, str, str, int))
        try:
            self.backwards = {"next": False, "previous": True}[towards]
            moment = datetime.fromisoformat(at).astimezone(UTC)
            # At the same instant transfers come first: all of them before a movement, no movement before a transfer.
            other = {"movement": 0, "transfer": 2**63 - 1}[source]
        except (KeyError, ValueError, OverflowError) as error:
            raise Problem(422, "This page of the list cannot be found. Start again from its beginning.") from error
        self.given: Row = {"at": moment, "last_movement": other, "last_transfer": other, f"last_{source}": last_id}

    @staticmethod
    def at(row: Row, towards: str) -> str:
        """The cursor of a line."""
        return encode_cursor(towards, row["made_at"].isoformat(), row["source"], row["id"])


def statement(fit: Filter, frame: str, limit: int, place: Place | None = None, columns: str = "") -> Statement:
    """PAGE or COUNT with the sides of what fits. All text is from the fixed fragments above, kinds and limits checked."""
    direction = "ASC" if place and place.backwards else "DESC"
    given: Row = fit.model_dump() | (place.given if place else {})
    containers = [text for name, text in ABOUT_CONTAINERS.items() if given[name] is not None]
    if given["q"].strip():
        given["q"] = given["q"].strip()
        found, named = words.conditions("b.chemical_id", words.words_of(given["q"]))
        containers.append(f"c.id IN ({IS_BARCODE} UNION ALL {HAS_WORDS.format(where=' AND '.join(found) or 'false')})")
        given |= named
    lines = [text for name, text in ABOUT_LINES.items() if given[name] is not None]
    of_movements = [text for name, text in ABOUT_MOVEMENTS.items() if given[name] is not None]

    sides = []
    for source, kinds in KINDS.items():
        if source == "transfer" and of_movements:
            continue
        chosen = [f"e.kind = '{kind}'" for kind in kinds if kind in fit.kind] if fit.kind else ["true"]
        more = [f"(e.made_at, e.id) {'>' if place.backwards else '<'} (%(at)s, %(last_{source})s)"] if place else []
        for kind in chosen:
            for among in [AMONG_FEW, AMONG_MANY] if containers else ["true"]:
                where = " AND ".join([among, kind, *lines, *of_movements, *more])
                sides.append(SIDE.format(source=source, where=where, direction=direction, limit=limit))
    sides = sides or [SIDE.format(source="movement", where="false", direction=direction, limit=0)]
    text = frame.format(
        found=FOUND.format(where=" AND ".join(containers)) if containers else "",
        sides=" UNION ALL ".join(sides),
        direction=direction,
        limit=limit,
        columns=columns,
    )
    return text, given
