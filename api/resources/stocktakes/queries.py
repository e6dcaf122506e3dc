"""The SQL of stocktakes: their progress, and the writing of counts, of reviews and of counts that are taken back."""

from typing import Any

from api.core.database import Found, Statements
from api.resources.stocktakes.models import STATES

STOCKTAKE = """
SELECT s.id, s.location_id, l.full_name AS location, s.started_at, a.name AS started_by_name, s.posted_at, p.name AS posted_by_name,
       s.cancelled_at, s.posted_at IS NULL AND s.cancelled_at IS NULL AS open, s.outcome, s.blind, s.tolerance_percent, s.tolerance_amount,
       s.sample_percent, s.not_counted_days, s.dangerous_only
  FROM inventory.stocktakes s
  JOIN control.users a ON a.id = s.started_by
  LEFT JOIN control.users p ON p.id = s.posted_by
  LEFT JOIN inventory.locations l ON l.lab_id = s.lab_id AND l.id = s.location_id"""
IS_OPEN = "s.posted_at IS NULL AND s.cancelled_at IS NULL"
FIND_STOCKTAKE = f"{STOCKTAKE} WHERE s.id = %(stocktake)s"
FIND_OPEN = f"{STOCKTAKE} WHERE {IS_OPEN} ORDER BY s.id DESC"

# One row for each stocktake and state; the summary adds them up. `expected` leaves out containers that
# were found here but belong to another location.
TALLY = """
SELECT v.stocktake_id, v.state, count(*) AS lines, count(*) FILTER (WHERE v.recount) AS recount,
       count(*) FILTER (WHERE v.expected_here OR (v.has_count AND v.moves_to_id IS NULL)) AS expected,
       count(*) FILTER (WHERE v.has_count AND v.moves_to_id IS NULL AND NOT v.recount) AS counted,
       count(*) FILTER (WHERE w.posts AND v.counted IS NOT NULL) AS counts,
       count(*) FILTER (WHERE w.posts AND (v.variance <> 0 OR (v.counted IS NOT NULL AND v.expected IS NULL AND v.amount IS NULL))) AS amounts_changed,
       count(*) FILTER (WHERE w.posts AND v.found AND v.moves_to_id IS NOT NULL) AS moved,
       count(*) FILTER (WHERE w.posts AND NOT v.found) AS missing,
       count(*) FILTER (WHERE w.posts AND v.clash) AS clashes
  FROM inventory.stocktake_lines v
 CROSS JOIN LATERAL (SELECT v.has_count AND NOT v.recount AND v.disposed_at IS NULL AS posts) AS w
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
  JOIN inventory.chemicals h ON h.lab_id = c.lab_id AND h.id = c.chemical_id
  LEFT JOIN inventory.locations l ON l.lab_id = c.lab_id AND l.id = c.location_id
 WHERE s.id {which} AND (s.location_id IS NULL OR starts_with(l.path, root.path)) AND inventory.is_asked_for(s, c, h)
 GROUP BY s.id"""
ALL_OPEN = f"IN (SELECT s.id FROM inventory.stocktakes s WHERE {IS_OPEN})"


def find_open() -> Statements:
    """The statements for all open stocktakes, for `stocktakes_of`."""
    return {
        "stocktakes": (FIND_OPEN, ()),
        "tallies": (TALLY.format(which=ALL_OPEN), ()),
        "counters": (COUNTERS.format(which=ALL_OPEN), ()),
        "with_somebody": (WITH_SOMEBODY.format(which=ALL_OPEN), ()),
    }


def find_one(stocktake: int) -> Statements:
    """The statements for one stocktake, for `stocktakes_of`."""
    given, which = {"stocktake": stocktake}, "= %(stocktake)s"
    return {
        "stocktakes": (FIND_STOCKTAKE, given),
        "tallies": (TALLY.format(which=which), given),
        "counters": (COUNTERS.format(which=which), given),
        "with_somebody": (WITH_SOMEBODY.format(which=which), given),
    }


def stocktakes_of(found: Found) -> list[dict[str, Any]]:
    """Stocktakes with their progress, from the rows of `find_open` or `find_one`."""
    names = {row["stocktake_id"]: row["names"] for row in found["counters"]}
    away = {row["stocktake_id"]: row["containers"] for row in found["with_somebody"]}
    made = []
    for row in found["stocktakes"]:
        parts = [tally for tally in found["tallies"] if tally["stocktake_id"] == row["id"]]
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


# Lock the stocktake, so that counting and posting wait for each other. The lock is taken before that of any container, so that two
# requests never wait for each other in a circle.
HOLD_STOCKTAKE = "SELECT s.id, s.blind FROM inventory.stocktakes s WHERE s.id = %(stocktake)s FOR SHARE"
LINES = """
lines AS MATERIALIZED (
  SELECT t.number, t.result, coalesce(net.grams, t.counted) AS counted, CASE WHEN t.gross THEN 'g' ELSE t.unit END AS unit,
         coalesce(net.grams, t.kept) AS kept, CASE WHEN t.gross THEN 'g' ELSE t.kept_unit END AS kept_unit,
         t.holds_more, t.first_only, t.location_id, t.said_location_id, t.id
    FROM (
  SELECT t.number - 1 AS number, t.result, t.counted, t.unit, t.kept, t.kept_unit, coalesce(t.gross, false) AND t.result = 'counted' AS gross,
         t.holds_more, t.first_only, l.id AS location_id, t.location_id AS said_location_id,
         coalesce(a.id, inventory.find_scanned(t.barcode, t.gtin, t.lot, t.serial_number)) AS id
    FROM ROWS FROM (jsonb_to_recordset(%(lines)s) AS (
           container_id bigint, barcode text, gtin text, lot text, serial_number text, result text, counted numeric, unit text, kept numeric, kept_unit text, gross boolean, holds_more boolean,
           first_only boolean, location_id bigint))
         WITH ORDINALITY AS t (container_id, barcode, gtin, lot, serial_number, result, counted, unit, kept, kept_unit, gross, holds_more, first_only, location_id, number)
    LEFT JOIN inventory.containers a ON a.id = t.container_id
    LEFT JOIN inventory.locations l ON l.id = t.location_id) AS t
   CROSS JOIN LATERAL (
     SELECT CASE WHEN t.gross THEN inventory.net_grams(t.id, t.counted, t.unit, '/lines/' || t.number || '/counted') END AS grams) AS net)"""
FIND_FAULTS = f"""
WITH {LINES}
SELECT t.number, t.id IS NULL AS unknown, t.outside, t.counted, t.pack, t.held
  FROM (SELECT t.number, t.id, p.pack, trim_scale(t.counted) || ' ' || t.unit AS held, row_number() OVER (PARTITION BY t.id ORDER BY t.number) > 1 AND t.id IS NOT NULL AS twice,
               t.first_only AND EXISTS (
                 SELECT FROM inventory.stocktake_counts n
                  WHERE n.stocktake_id = %(stocktake)s AND n.container_id = t.id AND NOT n.recount) AS counted,
               t.said_location_id IS NOT NULL AND NOT EXISTS (
                 SELECT FROM inventory.stocktakes s
                   LEFT JOIN inventory.locations root ON root.lab_id = s.lab_id AND root.id = s.location_id
                   JOIN inventory.locations l ON l.lab_id = s.lab_id AND l.id = t.location_id AND l.archived_at IS NULL
                  WHERE s.id = %(stocktake)s AND starts_with(l.path, coalesce(root.path, '/'))) AS outside
          FROM lines t
          LEFT JOIN LATERAL (
            SELECT trim_scale(c.pack_size) || ' ' || c.pack_unit AS pack
              FROM inventory.containers c JOIN inventory.chemicals h ON h.id = c.chemical_id
             WHERE c.id = t.id AND t.result = 'counted' AND t.counted > 0 AND NOT t.holds_more
               AND inventory.overfills(t.counted, t.unit, c.pack_size, c.pack_unit, h.density_g_per_ml)) AS p ON true) AS t
 WHERE t.id IS NULL OR t.twice OR t.outside OR t.counted OR t.pack IS NOT NULL
 ORDER BY t.number"""
COUNT = f"""
WITH {LINES}, once AS MATERIALIZED (SELECT DISTINCT ON (t.id) t.* FROM lines t WHERE t.id IS NOT NULL ORDER BY t.id, t.number),
counts AS (
  INSERT INTO inventory.stocktake_counts AS n (stocktake_id, container_id, found, counted, counted_unit, location_id)
  SELECT s.id, c.id, t.result <> 'not_found',
         CASE t.result WHEN 'as_expected' THEN c.amount WHEN 'counted' THEN CASE WHEN c.unit IS NULL THEN t.kept ELSE t.counted END END,
         CASE WHEN t.result = 'as_expected' AND c.amount IS NOT NULL THEN c.unit
              WHEN t.result = 'counted' THEN CASE WHEN c.unit IS NULL THEN t.kept_unit ELSE t.unit END END,
         coalesce(t.location_id, s.location_id)
    FROM once t JOIN inventory.containers c ON c.id = t.id CROSS JOIN inventory.stocktakes s
   WHERE s.id = %(stocktake)s
   ORDER BY c.id
     FOR SHARE OF c
  ON CONFLICT (lab_id, stocktake_id, container_id) DO UPDATE
     SET found = excluded.found, counted = excluded.counted, counted_unit = excluded.counted_unit, location_id = excluded.location_id,
         recount = false, reason = NULL
  RETURNING n.location_id)
SELECT count(*) AS counted, count(location_id) AS elsewhere FROM counts"""
COUNT_REST = """
WITH counts AS (
  INSERT INTO inventory.stocktake_counts AS n (stocktake_id, container_id, found, counted, counted_unit)
  SELECT %(stocktake)s, c.id, %(result)s <> 'not_found', CASE WHEN %(result)s = 'as_expected' THEN c.amount END,
         CASE WHEN %(result)s = 'as_expected' AND c.amount IS NOT NULL THEN c.unit END
    FROM inventory.containers c
   WHERE c.id = ANY (ARRAY(
           SELECT v.container_id FROM inventory.stocktake_lines v
            WHERE v.stocktake_id = %(stocktake)s AND v.state = 'not_counted'
              AND (%(at)s::bigint IS NULL
                   OR starts_with(v.location_path, (SELECT a.path FROM inventory.locations a WHERE a.id = %(at)s)))))
   ORDER BY c.id
     FOR SHARE OF c
  ON CONFLICT (lab_id, stocktake_id, container_id) DO NOTHING
  RETURNING n.container_id)
SELECT count(*) AS counted, 0 AS elsewhere FROM counts"""
FIND_LOCATION = "SELECT l.id FROM inventory.locations l WHERE l.id = %(at)s"
REVIEW = """
WITH said AS MATERIALIZED (
  SELECT DISTINCT ON (t.container_id) t.* FROM jsonb_to_recordset(%(lines)s) AS t (container_id bigint, recount boolean, reason text, explains boolean)
   ORDER BY t.container_id),
held AS MATERIALIZED (
  SELECT n.container_id, n.reason, n.recount FROM inventory.stocktake_counts n
   WHERE n.stocktake_id = %(stocktake)s AND n.container_id IN (SELECT t.container_id FROM said t) ORDER BY n.container_id FOR UPDATE),
changes AS (
  UPDATE inventory.stocktake_counts n
     SET recount = coalesce(t.recount, n.recount), reason = CASE WHEN t.explains THEN t.reason ELSE n.reason END
    FROM said t JOIN held h ON h.container_id = t.container_id
   WHERE n.stocktake_id = %(stocktake)s AND n.container_id = t.container_id
  RETURNING n.container_id, h.reason, h.recount)
SELECT container_id, reason, recount FROM changes"""
"""The counts that were changed, with their remarks before."""
REVIEW_STATE = """
WITH changes AS (
  UPDATE inventory.stocktake_counts n SET recount = %(recount)s
   WHERE n.stocktake_id = %(stocktake)s AND n.recount <> %(recount)s AND n.container_id = ANY (ARRAY(
           SELECT v.container_id FROM inventory.stocktake_lines v
            WHERE v.stocktake_id = %(stocktake)s AND v.has_count AND (v.state = %(state)s OR (%(state)s = 'recount' AND v.recount))))
  RETURNING n.container_id)
SELECT count(*) AS changed FROM changes"""
UNDO = "DELETE FROM inventory.stocktake_counts WHERE stocktake_id = %(stocktake)s AND container_id = %(container)s RETURNING container_id"
