"""The lab's page Home: things that need attention, the latest movements, and figures for the plots; one round trip for each request."""

from datetime import date, datetime
from typing import Annotated, Any

from pydantic import Field

from api.core.database import Data
from api.core.fields import Model, Number
from api.core.routes import resource
from api.core.rows import one
from api.core.views import CONTAINER, MOVEMENT, Container, Movement, with_units
from api.core.visit import InLab

router = resource("/labs/{lab}/summary", "summary")

SOON_DAYS, WEEKS, STOCKTAKES, NEWS_DAYS = 30, 10, 6, 14


class Totals(Model):
    """The number of each kind of thing that needs attention, in the whole lab. Where Home links to a list of chemicals, the number is one of
    chemicals, not of containers."""

    chemicals: int
    containers: int
    locations: int
    expired: Annotated[int, Field(description="chemicals with a container whose day is past")]
    expiring: Annotated[int, Field(description="chemicals with a container whose day comes within 30 days")]
    low: Annotated[int, Field(description="chemicals below their limit")]
    peroxides: Annotated[
        int, Field(description="chemicals with a container to be tested for peroxides, or above the limit")
    ]
    marked: Annotated[int, Field(description="marks for deletion that wait for a manager")]
    due: Annotated[int, Field(description="locations due for a count")]
    missing: Annotated[int, Field(description="chemicals with a container that a stocktake did not find")]
    unknown: Annotated[int, Field(description="containers whose amount is not known")]
    without_location: Annotated[int, Field(description="containers that nobody has and that stand at no location")]
    mine: Annotated[int, Field(description="bottles that the member has")]
    left_behind: Annotated[int, Field(description="bottles with people who are no longer in the lab")]
    stocktakes: Annotated[int, Field(description="open stocktakes")]


class Low(Model):
    """A chemical with less in stock than its limit."""

    chemical_id: int
    name: str = Field(examples=["Acetone"])
    amount: Number = Field(description="in unit", examples=["7.6"])
    limit_amount: Number = Field(description="in unit", examples=["10"])
    unit: str = Field(examples=["L"])
    containers: int
    missing: int = Field(description="containers that the last count did not find: not in stock")
    check_outs: int = Field(description="in the last 30 days")


class DueLocation(Model):
    """A location that waits for its count."""

    id: int
    full_name: str
    due_on: date
    last_counted_at: datetime | None


class Counter(Model):
    """A member, and the number of containers that they counted."""

    name: str
    counted: int


class OpenStocktake(Model):
    """An open stocktake and how far it is."""

    id: int
    location: str | None = Field(description="null: the whole lab")
    started_at: datetime
    started_by_name: str
    total: int
    counted: int
    off: int = Field(description="counts that are off, not found or elsewhere: to be looked at")
    counters: list[Counter]


class Week(Model):
    """The numbers of containers from which something was taken, and to which something came, in one week."""

    monday: date
    taken: int = Field(description="containers that something was taken from")
    came: int = Field(description="containers that came with a delivery or got something back")


class Drift(Model):
    """A posted stocktake, with the number of its counts that differed from the ledger."""

    stocktake_id: int
    posted_at: datetime
    location: str | None
    counted: int
    off: int = Field(description="of them: off by more than is tolerated, or not found")


class Addition(Model):
    """Somebody whom an administrator, or a DBA, added to the lab."""

    made_at: datetime
    by: str = Field(description="user name; of a DBA the role of the database")
    name: str = Field(description="user name of whom they added")
    role: str
    themselves: bool = Field(description="the administrator added themselves")


class Summary(Model):
    """A lab at a glance. The lists hold the most urgent things; `totals` says how many there are of each kind."""

    today: date
    totals: Totals
    expiring: list[Container] = Field(description="expired or soon, not marked for deletion yet; earliest first")
    peroxides: list[Container] = Field(description="above the limit, or to be tested; not marked for deletion yet")
    low: list[Low]
    missing: list[Container]
    without_location: list[Container] = Field(description="to be put away, the latest first")
    mine: list[Container]
    left_behind: list[Container]
    due: list[DueLocation]
    stocktakes: list[OpenStocktake]
    additions: list[Addition] = Field(description="for managers: of the last 14 days, latest first")
    movements: list[Movement]
    weeks: list[Week] = Field(description="the last ten, this one last")
    drift: list[Drift] = Field(description="the last six posted stocktakes, latest last")


class Waiting(Model):
    """The number of open tasks, by the page where they are done."""

    reconcile: int = Field(description="open stocktakes and locations due", examples=[2])
    disposal: int = Field(description="marks for deletion", examples=[3])


FIND_WAITING = """
SELECT (SELECT count(*) FROM inventory.stocktakes t WHERE t.posted_at IS NULL AND t.cancelled_at IS NULL)
       + (SELECT count(*) FROM inventory.location_tree l WHERE l.due) AS reconcile,
       (SELECT count(*) FROM inventory.disposals d WHERE d.outcome IS NULL) AS disposal"""
FIND_TOTALS = f"""
SELECT control.today() AS today, c.*,
       (SELECT count(*) FROM inventory.chemicals h WHERE h.retired_at IS NULL) AS chemicals,
       (SELECT count(*) FROM inventory.locations l WHERE l.archived_at IS NULL) AS locations,
       (SELECT count(*) FROM inventory.disposals d WHERE d.outcome IS NULL) AS marked,
       (SELECT count(DISTINCT k.chemical_id) FROM inventory.peroxide_formers p JOIN inventory.containers k ON k.id = p.container_id
         WHERE p.state <> 'tested') AS peroxides,
       (SELECT count(*) FROM inventory.location_tree l WHERE l.due) AS due,
       (SELECT count(*) FROM inventory.stocktakes t WHERE t.posted_at IS NULL AND t.cancelled_at IS NULL) AS stocktakes,
       (SELECT count(*) FROM inventory.containers b JOIN control.members m ON m.user_id = b.holder_id AND m.ended_at IS NOT NULL
         WHERE b.holder_id IS NOT NULL) AS left_behind
  FROM (SELECT count(*) AS containers,
               count(DISTINCT b.chemical_id) FILTER (WHERE b.use_by < (SELECT control.today())) AS expired,
               count(DISTINCT b.chemical_id) FILTER (WHERE b.use_by BETWEEN (SELECT control.today()) AND (SELECT control.today()) + {SOON_DAYS}) AS expiring,
               count(DISTINCT b.chemical_id) FILTER (WHERE b.missing_since IS NOT NULL) AS missing,
               count(*) FILTER (WHERE b.amount IS NULL) AS unknown,
               count(*) FILTER (WHERE b.location_id IS NULL AND b.holder_id IS NULL AND b.missing_since IS NULL) AS without_location,
               count(*) FILTER (WHERE b.holder_id = (SELECT control.user_id())) AS mine
          FROM inventory.containers b WHERE b.disposed_at IS NULL) AS c"""
FIND_EXPIRING = (
    CONTAINER
    + f"""
 WHERE s.disposed_at IS NULL AND s.use_by <= (SELECT control.today()) + {SOON_DAYS} AND NOT s.marked ORDER BY s.use_by, s.id LIMIT 60"""
)
FIND_LOW = f"""
SELECT w.chemical_id, h.name, w.amount, w.limit_amount, w.unit, w.containers, w.missing, w.total,
       (SELECT count(*) FROM inventory.containers c JOIN inventory.movements m ON m.container_id = c.id AND m.kind = 'check_out'
         WHERE c.chemical_id = w.chemical_id AND m.made_at > now() - interval '{SOON_DAYS} days') AS check_outs
  FROM (SELECT v.*, count(*) OVER () AS total FROM inventory.low_stock v ORDER BY v.amount / v.limit_amount, v.chemical_id LIMIT 6) AS w
  JOIN inventory.chemicals h ON h.id = w.chemical_id
 ORDER BY w.amount / w.limit_amount, w.chemical_id"""
FIND_PEROXIDES = (
    CONTAINER
    + """
  JOIN inventory.peroxide_formers f ON f.container_id = s.id
 WHERE f.state <> 'tested' AND NOT s.marked ORDER BY f.state = 'due', f.due_on, s.id LIMIT 60"""
)
FIND_MISSING = (
    CONTAINER
    + " WHERE s.missing_since IS NOT NULL AND s.disposed_at IS NULL AND NOT s.marked ORDER BY s.missing_since, s.id LIMIT 60"
)
FIND_WITHOUT_LOCATION = (
    CONTAINER
    + """
 WHERE s.location_id IS NULL AND s.holder_id IS NULL AND s.missing_since IS NULL AND s.disposed_at IS NULL ORDER BY s.made_at DESC, s.id DESC LIMIT 60"""
)
FIND_MINE = CONTAINER + " WHERE s.holder_id = (SELECT control.user_id()) ORDER BY s.held_since, s.id LIMIT 8"
FIND_LEFT_BEHIND = (
    CONTAINER + " WHERE s.holder_id IS NOT NULL AND s.holder_left_at IS NOT NULL ORDER BY s.held_since, s.id LIMIT 8"
)
FIND_DUE = "SELECT l.id, l.full_name, l.due_on, l.last_counted_at FROM inventory.location_tree l WHERE l.due ORDER BY l.due_on, l.full_name_sort LIMIT 6"
FIND_STOCKTAKES = """
SELECT t.id, l.full_name AS location, t.started_at, u.name AS started_by_name, n.total, n.counted, n.off, n.counters
  FROM inventory.stocktakes t
  JOIN control.users u ON u.id = t.started_by
  LEFT JOIN inventory.locations l ON l.id = t.location_id
 CROSS JOIN LATERAL (
   SELECT coalesce(sum(g.lines), 0) AS total, coalesce(sum(g.lines) FILTER (WHERE g.has_count), 0) AS counted, coalesce(sum(g.off), 0) AS off,
          coalesce(jsonb_agg(jsonb_build_object('name', p.name, 'counted', g.lines) ORDER BY g.lines DESC, p.name) FILTER (WHERE g.has_count), '[]') AS counters
     FROM (SELECT v.has_count, v.counted_by, count(*) AS lines, count(*) FILTER (WHERE v.state IN ('off', 'not_found', 'elsewhere')) AS off
             FROM inventory.stocktake_lines v WHERE v.stocktake_id = t.id GROUP BY v.has_count, v.counted_by) AS g
     LEFT JOIN control.users p ON p.id = g.counted_by) AS n
 WHERE t.posted_at IS NULL AND t.cancelled_at IS NULL ORDER BY t.started_at LIMIT 4"""
FIND_MOVEMENTS = MOVEMENT + " ORDER BY e.made_at DESC, e.source, e.id DESC LIMIT 8"
FIND_WEEKS = f"""
SELECT w.monday::date AS monday, coalesce(m.taken, 0) AS taken, coalesce(m.came, 0) AS came
  FROM (SELECT l.time_zone, date_trunc('week', control.today()::timestamp) - interval '{WEEKS - 1} weeks' AS first
          FROM control.labs l WHERE l.id = control.lab_id()) AS z
 CROSS JOIN LATERAL generate_series(z.first, z.first + interval '{WEEKS - 1} weeks', '1 week') AS w (monday)
  LEFT JOIN (
    SELECT date_trunc('week', x.made_at AT TIME ZONE y.time_zone) AS monday,
           count(DISTINCT x.container_id) FILTER (WHERE x.kind = 'check_out') AS taken,
           count(DISTINCT x.container_id) FILTER (WHERE x.kind = 'return' OR x.kind = 'receive' AND x.delivery_id IS NOT NULL) AS came
      FROM inventory.movements x CROSS JOIN (SELECT l.time_zone FROM control.labs l WHERE l.id = control.lab_id()) AS y
     WHERE x.made_at >= now() - interval '{WEEKS} weeks' GROUP BY 1) AS m ON m.monday = w.monday
 ORDER BY w.monday"""
# The policy of control.events shows lines to managers alone: to others this is an empty list.
FIND_ADDITIONS = f"""
SELECT e.made_at, e.made_by_name AS by, coalesce(e.about_name, '') AS name, coalesce(e.details ->> 'role', '') AS role,
       e.made_by IS NOT DISTINCT FROM e.about AS themselves
  FROM control.events e
 WHERE e.lab_id = (SELECT control.lab_id()) AND e.kind = 'member_added' AND e.made_at > now() - interval '{NEWS_DAYS} days'
 ORDER BY e.made_at DESC, e.id DESC LIMIT 20"""
FIND_DRIFT = f"""
SELECT d.stocktake_id, d.posted_at, d.location, d.counted, d.off FROM (
  SELECT t.id AS stocktake_id, t.posted_at, l.full_name AS location,
         (t.outcome ->> 'counts')::int + (t.outcome ->> 'missing')::int AS counted, (t.outcome ->> 'off')::int + (t.outcome ->> 'missing')::int AS off
    FROM inventory.stocktakes t LEFT JOIN inventory.locations l ON l.id = t.location_id
   WHERE t.posted_at IS NOT NULL AND t.outcome IS NOT NULL AND (t.outcome ->> 'counts')::int + (t.outcome ->> 'missing')::int > 0
   ORDER BY t.posted_at DESC, t.id DESC LIMIT {STOCKTAKES}) AS d
 ORDER BY d.posted_at, d.stocktake_id"""

CONTAINERS = {
    "expiring": FIND_EXPIRING,
    "peroxides": FIND_PEROXIDES,
    "missing": FIND_MISSING,
    "without_location": FIND_WITHOUT_LOCATION,
    "mine": FIND_MINE,
    "left_behind": FIND_LEFT_BEHIND,
}
OTHERS = {
    "low": FIND_LOW,
    "due": FIND_DUE,
    "stocktakes": FIND_STOCKTAKES,
    "additions": FIND_ADDITIONS,
    "movements": FIND_MOVEMENTS,
    "weeks": FIND_WEEKS,
    "drift": FIND_DRIFT,
}


@router.get("", response_model=Summary)
async def summarise(visit: InLab, data: Data) -> Any:
    """The lab at a glance: things that need attention, the latest movements, and figures for the plots."""
    asked = {"totals": FIND_TOTALS, **CONTAINERS, **OTHERS}
    found = await data.read_all(visit, {name: (sql, ()) for name, sql in asked.items()})
    totals = one(found["totals"])
    totals["low"] = found["low"][0]["total"] if found["low"] else 0
    containers = {name: [with_units(row) for row in found[name]] for name in CONTAINERS}
    return {"today": totals["today"], "totals": totals, **containers, **{name: found[name] for name in OTHERS}}


@router.get("/counts", response_model=Waiting)
async def count_waiting_work(visit: InLab, data: Data) -> Any:
    """The numbers beside the entries of the navigation."""
    return one(await data.read(visit, FIND_WAITING))
