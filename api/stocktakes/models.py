"""What is said about a stocktake, and the SQL that finds it."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from api.access import Row
from api.database import Statement
from api.fields import Id, Model, Number, Page

State = Literal["not_counted", "matched", "first", "tolerance", "off", "elsewhere", "not_found"]
STATES: tuple[State, ...] = ("matched", "first", "tolerance", "off", "elsewhere", "not_found", "not_counted")


class Posting(Model):
    """What posting would do now, or did; numbers of containers."""

    counts: int = Field(description="amounts that were measured and are written")
    amounts_changed: int
    moved: int = Field(description="found elsewhere, to be moved here")
    missing: int = Field(description="not found")
    left_for_recount: int
    uncounted: int
    off: int
    clashes: int = Field(default=0, description="more was taken since they were counted than was found: count again")


class Place(Model):
    """A location of the stocktake with what is below it."""

    id: int
    full_name: str
    name: str
    depth: int = Field(description="0 where the stocktake begins")
    expected: int
    counted: int


class Stocktake(Model):
    """A stocktake with its progress."""

    id: int
    location_id: int | None = Field(description="null: the whole lab")
    location: str | None = Field(examples=["Main building › Room 2.14"])
    started_at: datetime
    started_by_name: str
    posted_at: datetime | None
    posted_by_name: str | None
    cancelled_at: datetime | None
    open: bool
    counters: list[str] = Field(description="who counted", examples=[["Ada Lind", "Ben Okoro"]])
    expected: int = Field(description="containers that should stand there, counted or not")
    counted: int = Field(description="of those; what waits for a recount is not")
    with_somebody: int = Field(description="that belong there and are with their holder: not expected")
    states: dict[State, int]
    recount: int = Field(description="counted, but to be counted again")
    posting: Posting


class StocktakeDetail(Stocktake):
    """A stocktake with its locations, each after what it lies in."""

    places: list[Place]


class Past(Model):
    """A stocktake that is over."""

    id: int
    location_id: int | None
    location: str | None
    started_at: datetime
    started_by_name: str
    posted_at: datetime | None
    posted_by_name: str | None
    cancelled_at: datetime | None
    outcome: Posting | None = Field(description="null: cancelled")


class Due(Model):
    """A location that is due for a count."""

    id: int
    full_name: str
    due_on: date
    count_period_days: int
    last_counted_at: datetime | None
    containers: int
    stocktake_id: int | None = Field(description="the open one on it")


class StocktakeList(Page):
    """What is open and due, and a page of what is over, latest first."""

    open: list[Stocktake]
    due: list[Due]
    items: list[Past]
    today: date = Field(description="in the lab's time zone")


class StocktakeIn(Model):
    """Where to count."""

    location_id: Annotated[Id | None, Field(description="with all below it; null: the whole lab", examples=[7])]


class Written(Model):
    """What was made or changed."""

    id: int


STOCKTAKE = """
SELECT s.id, s.location_id, l.full_name AS location, s.started_at, a.name AS started_by_name, s.posted_at, p.name AS posted_by_name,
       s.cancelled_at, s.posted_at IS NULL AND s.cancelled_at IS NULL AS open, s.outcome
  FROM inventory.stocktakes s
  JOIN control.users a ON a.id = s.started_by
  LEFT JOIN control.users p ON p.id = s.posted_by
  LEFT JOIN inventory.locations l ON l.lab_id = s.lab_id AND l.id = s.location_id"""
IS_OPEN = "s.posted_at IS NULL AND s.cancelled_at IS NULL"
FIND_STOCKTAKE = f"{STOCKTAKE} WHERE s.id = %(stocktake)s"
FIND_OPEN = f"{STOCKTAKE} WHERE {IS_OPEN} ORDER BY s.id DESC"

# One row a stocktake and state; a summary adds them up. Everything but what was found elsewhere should stand there.
TALLY = """
SELECT v.stocktake_id, v.state, count(*) AS lines, count(*) FILTER (WHERE v.recount) AS recount,
       count(*) FILTER (WHERE v.expected_here OR (v.said AND v.moves_to_id IS NULL)) AS expected,
       count(*) FILTER (WHERE v.said AND v.moves_to_id IS NULL AND NOT v.recount) AS counted,
       count(*) FILTER (WHERE w.posts AND v.counted IS NOT NULL) AS counts,
       count(*) FILTER (WHERE w.posts AND (v.variance <> 0 OR (v.counted IS NOT NULL AND v.expected IS NULL AND v.amount IS NULL))) AS amounts_changed,
       count(*) FILTER (WHERE w.posts AND v.found AND v.moves_to_id IS NOT NULL) AS moved,
       count(*) FILTER (WHERE w.posts AND NOT v.found) AS missing,
       count(*) FILTER (WHERE w.posts AND v.clash) AS clashes
  FROM inventory.stocktake_lines v
 CROSS JOIN LATERAL (SELECT v.said AND NOT v.recount AND v.disposed_at IS NULL AS posts) AS w
 WHERE v.stocktake_id {which}
 GROUP BY v.stocktake_id, v.state"""
COUNTERS = """
SELECT n.stocktake_id, array_agg(DISTINCT u.name ORDER BY u.name) AS names
  FROM inventory.stocktake_counts n JOIN control.users u ON u.id = n.counted_by
 WHERE n.stocktake_id {which}
 GROUP BY n.stocktake_id"""
WITH_SOMEBODY = """
SELECT s.id AS stocktake_id, count(*) AS containers
  FROM inventory.stocktakes s
  LEFT JOIN inventory.locations root ON root.lab_id = s.lab_id AND root.id = s.location_id
  JOIN inventory.containers c ON c.lab_id = s.lab_id AND c.holder_id IS NOT NULL AND c.disposed_at IS NULL
  LEFT JOIN inventory.locations l ON l.lab_id = c.lab_id AND l.id = c.location_id
 WHERE s.id {which} AND (s.location_id IS NULL OR starts_with(l.path, root.path))
 GROUP BY s.id"""
ALL_OPEN = f"IN (SELECT s.id FROM inventory.stocktakes s WHERE {IS_OPEN})"
OVERVIEW = (FIND_OPEN, *(part.format(which=ALL_OPEN) for part in (TALLY, COUNTERS, WITH_SOMEBODY)))
"""The four statements that `stocktakes_of` puts together."""
ONE = (FIND_STOCKTAKE, *(part.format(which="= %(stocktake)s") for part in (TALLY, COUNTERS, WITH_SOMEBODY)))


def find_one(stocktake: int) -> list[Statement]:
    """The statements for one stocktake, for `stocktakes_of`."""
    return [(sql, {"stocktake": stocktake}) for sql in ONE]


def stocktakes_of(results: list[list[Row]]) -> list[dict[str, Any]]:
    """Stocktakes from the answers of OVERVIEW or ONE."""
    found, tallies, counters, held = results
    names = {row["stocktake_id"]: row["names"] for row in counters}
    away = {row["stocktake_id"]: row["containers"] for row in held}
    made = []
    for row in found:
        parts = [tally for tally in tallies if tally["stocktake_id"] == row["id"]]
        total = {
            name: sum(part[name] for part in parts)
            for name in ("expected", "counted", "recount", "counts", "amounts_changed", "moved", "missing", "clashes")
        }
        by_state = {part["state"]: part["lines"] for part in parts}
        off = next((part["lines"] - part["recount"] for part in parts if part["state"] == "off"), 0)
        would = {
            "left_for_recount": total["recount"],
            "uncounted": by_state.get("not_counted", 0),
            "off": off,
            **{name: total[name] for name in ("counts", "amounts_changed", "moved", "missing", "clashes")},
        }
        left = 0 if row["open"] else (row["outcome"] or {}).get("uncounted", 0)
        made.append(
            row
            | {
                "counters": names.get(row["id"], []),
                "with_somebody": away.get(row["id"], 0) if row["open"] else 0,
                "expected": total["expected"] + left,
                "counted": total["counted"],
                "recount": total["recount"],
                "states": {state: by_state.get(state, 0) for state in STATES} | ({"not_counted": left} if left else {}),
                "posting": row["outcome"] or would,
            }
        )
    return made


class StocktakeLine(Model):
    """A container of a stocktake: what is expected, what was counted."""

    container_id: int
    barcode: str = Field(examples=["CT-000012"])
    chemical_id: int
    chemical_name: str = Field(examples=["Tetrahydrofuran"])
    pictograms: list[str] | None = Field(description="null: not known")
    signal_word: str | None
    lot: str | None
    location_id: int | None
    location: str | None = Field(description="where it belongs")
    holder: str | None = Field(description="who has taken the whole bottle")
    amount: Number | None = Field(description="what the ledger says now, in unit; null: not known", examples=["855"])
    unit: str | None = Field(examples=["mL"])
    units: list[str] = Field(description="that an amount of it may be written in")
    state: State
    recount: bool
    said: bool = Field(description="somebody counted it, found it or did not find it")
    counted: Number | None = Field(description="in counted_unit; null: not measured", examples=["780"])
    counted_unit: str | None
    expected: Number | None = Field(description="what the ledger said when it was counted, in unit")
    variance: Number | None = Field(description="counted − expected, in unit; null: not known", examples=["-75"])
    percent: int | None = Field(description="variance of what was expected", examples=[-9])
    moves_to: str | None = Field(description="it was found there, where it does not belong; posting moves it")
    clash: bool = Field(description="more was taken since it was counted than was found: posting asks for a recount")
    reason: str | None = Field(examples=["Evaporated"])
    counted_at: datetime | None
    counted_by_name: str | None
    missing_since: datetime | None
    disposed_at: datetime | None
