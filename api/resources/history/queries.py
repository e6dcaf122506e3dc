"""The filter of the history, and the SQL of its pages. Movements and transfers are each read in the order of an index."""

from datetime import UTC, datetime
from typing import Annotated, Literal, LiteralString, get_args

from pydantic import ConfigDict, Field

from api.core.database import Statement
from api.core.fields import Days, Id, Maybe
from api.core.paging import decode_cursor, no_such_page, page_of
from api.core.rows import Row
from api.core.search_words import FOUND_BY_WORDS

MovementKind = Literal["receive", "check_out", "return", "count", "dispose", "correct"]
TransferKind = Literal["move", "take", "bring_back"]
Kind = Literal[MovementKind, TransferKind]
KINDS: dict[str, tuple[str, ...]] = {"movement": get_args(MovementKind), "transfer": get_args(TransferKind)}


class Filter(Days):
    """The filter of the history. A line is shown if it fulfils every condition. Days are those of the lab's time zone, first and last
    included."""

    model_config = ConfigDict(extra="forbid")

    q: Annotated[str, Field(max_length=200, description="a barcode, or words of the chemical")] = ""
    chemical: Maybe[Id] = None
    container: Maybe[Id] = None
    barcode: Maybe[Annotated[str, Field(max_length=200)]] = None
    member: Annotated[Maybe[Id], Field(description="who did it")] = None
    kind: list[Kind] = Field(default=[], max_length=20, description="one of these")
    stocktake: Maybe[Id] = None
    delivery: Maybe[Id] = None
    line: Annotated[Maybe[Id], Field(description="a movement, and what refers to it")] = None


class Search(Filter):
    """A page of the history, latest first."""

    cursor: Annotated[str, Field(max_length=2000)] = ""
    limit: Annotated[int, Field(ge=1, le=200)] = 50
    facets: bool = Field(default=False, description="also give what one may narrow by, and how many lines there are")


# A filter about containers is turned into a list of containers first. If these are few, their lines are read and sorted; if they are
# many, the ledger is read by time until the page is full. Both ways are in the statement, so that a plan which PostgreSQL keeps for
# all values of the parameters never reads the whole ledger.
FEW = 300
ABOUT_CONTAINERS = {
    "chemical": "c.chemical_id = %(chemical)s",
    "container": "c.id = %(container)s",
    "barcode": "c.id = inventory.find_barcode(%(barcode)s)",
    "delivery": "c.delivery_id = %(delivery)s",
}
FOUND = "found AS MATERIALIZED (SELECT c.id FROM inventory.containers c WHERE {where}),"
IS_BARCODE = "SELECT inventory.find_barcode(%(q)s)"
HAS_WORDS = f"SELECT b.id FROM inventory.containers b WHERE b.chemical_id IN ({FOUND_BY_WORDS})"
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

# OFFSET 0 makes the planner fetch line by line: it knows only the average length of ledgers, and would read a long one whole for
# each page.
# A side of the history: movements or transfers, of one kind where kinds are asked for, read in the order of an index.
SIDE = """(SELECT '{source}' AS source, e.id, e.made_at FROM inventory.{source}s e WHERE {where}
   ORDER BY e.made_at {direction}, e.id {direction} LIMIT {limit})"""
PAGE = """
WITH {found} page AS (
  SELECT source, id, made_at FROM ({sides}) AS side ORDER BY made_at {direction}, source {direction}, id {direction} LIMIT {limit})
SELECT {columns} FROM page
 CROSS JOIN LATERAL (SELECT e.* FROM inventory.history e WHERE e.source = page.source AND e.id = page.id OFFSET 0) AS e
 ORDER BY page.made_at {direction}, page.source {direction}, page.id {direction}"""
COUNT = "WITH {found} page AS (SELECT FROM ({sides}) AS side LIMIT {limit}) SELECT count(*)::int AS count FROM page"


class Beginning:
    """The line at which a page begins: the last one of the page before it, or the first one of the page after it."""

    def __init__(self, cursor: str) -> None:
        towards, at, source, last_id = decode_cursor(cursor, (str, str, str, int))
        self.backwards = towards == "previous"
        try:
            moment = datetime.fromisoformat(at).astimezone(UTC)
            # Of lines with the same time, all transfers come before all movements.
            other = {"movement": 0, "transfer": 2**63 - 1}[source]
        except (KeyError, ValueError, OverflowError) as error:
            raise no_such_page() from error
        self.given: Row = {"at": moment, "last_movement": other, "last_transfer": other, f"last_{source}": last_id}


def answer(rows: list[Row], limit: int, beginning: Beginning | None) -> Row:
    """A Page of the rows."""
    backwards = beginning is not None and beginning.backwards
    return page_of(
        rows,
        limit,
        beginning is not None,
        backwards,
        lambda row: [row["made_at"].isoformat(), row["source"], row["id"]],
    )


def statement(
    fit: Filter, frame: LiteralString, limit: int, beginning: Beginning | None = None, columns: LiteralString = ""
) -> Statement:
    """PAGE or COUNT with its sides filled in: one for each kind of line that is asked for, each read in the order of an index.

    The first page of check-outs and takings by one member, `PAGE` with limit 51:

        WITH page AS (
          SELECT source, id, made_at FROM (
            (SELECT 'movement' AS source, e.id, e.made_at FROM inventory.movements e
              WHERE true AND e.kind = 'check_out' AND e.made_by = %(member)s ORDER BY e.made_at DESC, e.id DESC LIMIT 51)
            UNION ALL
            (SELECT 'transfer' AS source, e.id, e.made_at FROM inventory.transfers e
              WHERE true AND e.kind = 'take' AND e.made_by = %(member)s ORDER BY e.made_at DESC, e.id DESC LIMIT 51)) AS side
          ORDER BY made_at DESC, source DESC, id DESC LIMIT 51)
        SELECT … FROM page
         CROSS JOIN LATERAL (SELECT e.* FROM inventory.history e WHERE e.source = page.source AND e.id = page.id OFFSET 0) AS e
         ORDER BY page.made_at DESC, page.source DESC, page.id DESC
    """
    direction = "ASC" if beginning and beginning.backwards else "DESC"
    given: Row = fit.model_dump() | (beginning.given if beginning else {})
    containers = [text for name, text in ABOUT_CONTAINERS.items() if given[name] is not None]
    if given["q"].strip():
        given["q"] = given["q"].strip()
        containers.append(f"c.id IN ({IS_BARCODE} UNION ALL {HAS_WORDS})")
    lines = [text for name, text in ABOUT_LINES.items() if given[name] is not None]
    of_movements = [text for name, text in ABOUT_MOVEMENTS.items() if given[name] is not None]

    sides = []
    for source, kinds in KINDS.items():
        if source == "transfer" and of_movements:
            continue
        chosen = [f"e.kind = '{kind}'" for kind in kinds if kind in fit.kind] if fit.kind else ["true"]
        more = (
            [f"(e.made_at, e.id) {'>' if beginning.backwards else '<'} (%(at)s, %(last_{source})s)"]
            if beginning
            else []
        )
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
