"""Marks, and what may be marked, with what they are about: the SQL of the lists."""

from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from api.access import Row
from api.disposals.models import MOST
from api.fields import Id, Model, decode_cursor

# The containers that a mark, or what may be marked (p), is about, and what they hold.
TARGET = """
SELECT {own}, p.chemical_id, h.name AS chemical_name, h.cas_number, h.pictograms, h.signal_word, p.container_id,
       c.barcode, l.full_name AS location, w.name AS holder, s.containers, s.unknown_amounts, s.totals
  FROM ({page}) AS p
  JOIN inventory.chemicals h ON h.id = p.chemical_id
  LEFT JOIN inventory.containers c ON c.id = p.container_id
  LEFT JOIN inventory.locations l ON l.id = c.location_id
  LEFT JOIN control.users w ON w.id = c.holder_id
 CROSS JOIN LATERAL (
   SELECT count(*)::int AS containers, (count(*) FILTER (WHERE k.amount IS NULL))::int AS unknown_amounts,
          inventory.totals(array_agg(k.amount), array_agg(k.unit)) AS totals, (count(*) FILTER (WHERE k.back))::int AS brought_back
     FROM ({contents}) AS k) AS s"""
HELD = """
SELECT c.amount, c.unit, false AS back FROM inventory.containers c
 WHERE c.chemical_id = p.chemical_id AND (c.id = p.container_id OR p.container_id IS NULL) AND c.disposed_at IS NULL"""
# A decision comes first, the lines of the ledger that it caused follow: of each container the first one is its own.
DISPOSED = """
SELECT -m.amount AS amount, m.unit, EXISTS (SELECT FROM inventory.movements r WHERE r.refers_to_id = m.id) AS back
  FROM inventory.containers c
 CROSS JOIN LATERAL (SELECT m.id, m.amount, m.unit FROM inventory.movements m
                      WHERE m.container_id = c.id AND m.kind = 'dispose' AND m.made_at >= p.decided_at ORDER BY m.line LIMIT 1) AS m
 WHERE p.outcome = 'disposed' AND c.chemical_id = p.chemical_id AND (c.id = p.container_id OR p.container_id IS NULL)"""
FIND_DISPOSALS = (
    TARGET.format(
        own="""p.id, p.reason, p.marked_at, p.marked_by, p.outcome, p.decided_at, p.decided_by, s.brought_back,
       (SELECT u.name FROM control.users u WHERE u.id = p.marked_by) AS marked_by_name,
       (SELECT u.name FROM control.users u WHERE u.id = p.decided_by) AS decided_by_name""",
        page="""SELECT d.id, d.chemical_id, d.container_id, d.reason, d.marked_at, d.marked_by, d.outcome, d.decided_at, d.decided_by
          FROM inventory.disposals d WHERE {where} ORDER BY {order} LIMIT %(limit)s""",
        contents=f"{HELD} AND p.outcome IS DISTINCT FROM 'disposed' UNION ALL {DISPOSED}",
    )
    + " ORDER BY {after}"
)
COUNT = """
SELECT count(*) FILTER (WHERE d.outcome IS NULL) AS open, count(*) FILTER (WHERE d.outcome = 'disposed') AS disposed,
       count(*) FILTER (WHERE d.outcome = 'kept') AS kept,
       (SELECT count(*) FROM inventory.containers c WHERE c.missing_since IS NOT NULL AND c.disposed_at IS NULL) AS missing
  FROM inventory.disposals d"""
FIND_CANDIDATES = (
    TARGET.format(
        own="""p.gone,
       (SELECT d.id FROM inventory.disposals d WHERE d.chemical_id = p.chemical_id AND d.outcome IS NULL
           AND (d.container_id IS NULL OR d.container_id = p.container_id) ORDER BY d.container_id NULLS LAST LIMIT 1) AS disposal_id""",
        page="""SELECT c.chemical_id, c.id AS container_id, c.disposed_at IS NOT NULL AS gone,
               coalesce(array_position(%(containers)s::bigint[], c.id), 0) AS place
          FROM inventory.containers c WHERE c.id = ANY (%(containers)s::bigint[]) OR c.barcode IN (%(barcode)s, upper(%(barcode)s))
        UNION ALL
        SELECT h.id, NULL, h.retired_at IS NOT NULL, 1000 + array_position(%(chemicals)s::bigint[], h.id)
          FROM inventory.chemicals h WHERE h.id = ANY (%(chemicals)s::bigint[])""",
        contents=HELD,
    )
    + " ORDER BY p.place, c.barcode"
)


class Search(Model):
    """What a list is narrowed to: marks that are open, or were decided; or just these."""

    model_config = ConfigDict(extra="forbid")

    state: Literal["open", "disposed", "kept", "any"] = "open"
    id: list[Id] = Field(default=[], max_length=MOST)
    cursor: Annotated[str, Field(max_length=200)] = ""
    limit: Annotated[int, Field(ge=1, le=MOST)] = 50

    @property
    def time(self) -> str:
        """The column that the list is sorted by."""
        return "marked_at" if self.state in ("open", "any") else "decided_at"

    def page(self) -> tuple[str, Row, bool]:
        """The statement, its parameters with one row more than wanted, and whether it runs backwards."""
        states = {
            "open": "d.outcome IS NULL",
            "disposed": "d.outcome = 'disposed'",
            "kept": "d.outcome = 'kept'",
            "any": "true",
        }
        where, backwards = [states[self.state]], False
        given: Row = {"limit": self.limit + 1}
        if self.id:
            where.append("d.id = ANY (%(ids)s::bigint[])")
            given |= {"ids": self.id}
        if self.cursor:
            towards, moment, last_id = decode_cursor(self.cursor, (str, str, int))
            backwards = towards == "previous"
            where.append(
                f"(d.{self.time}, d.id) {'>' if backwards else '<'} (%(moment)s::timestamptz, %(last_id)s::bigint)"
            )
            given |= {"moment": moment, "last_id": last_id}
        order = f"{{0}}.{self.time} {{1}}, {{0}}.id {{1}}"
        towards = "ASC" if backwards else "DESC"
        statement = FIND_DISPOSALS.format(
            where=" AND ".join(where), order=order.format("d", towards), after=order.format("p", towards)
        )
        return statement, given, backwards
