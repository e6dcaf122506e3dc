"""The SQL of the lists of marks and of candidates, with the containers and chemicals that they are about."""

from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from api.core.database import Statement
from api.core.fields import Id, Model
from api.core.narrowing import CHOSEN_CONTAINERS, Narrowing
from api.core.paging import Order, Window
from api.core.product_codes import scanned_parameters
from api.resources.disposals.models import MOST

# The containers that a mark or a candidate (both called p) is about, and the amounts in them.
TARGET = """
SELECT {own}, p.chemical_id, h.name AS chemical_name, h.cas_number, h.pictograms, h.signal_word, p.container_id,
       c.barcode, l.full_name AS location, w.name AS holder, s.containers, s.container_ids, s.unknown_amounts, s.totals
  FROM ({page}) AS p
  JOIN inventory.chemicals h ON h.id = p.chemical_id
  LEFT JOIN inventory.containers c ON c.id = p.container_id
  LEFT JOIN inventory.locations l ON l.id = c.location_id
  LEFT JOIN control.users w ON w.id = c.holder_id
 CROSS JOIN LATERAL (
   SELECT count(*)::int AS containers, coalesce(array_agg(k.id ORDER BY k.id), ARRAY[]::bigint[]) AS container_ids, (count(*) FILTER (WHERE k.amount IS NULL))::int AS unknown_amounts,
          inventory.totals(array_agg(k.amount), array_agg(k.unit)) AS totals, (count(*) FILTER (WHERE k.back))::int AS brought_back
     FROM ({contents}) AS k) AS s"""
HELD = """
SELECT c.id, c.amount, c.unit, false AS back FROM inventory.containers c
 WHERE c.chemical_id = p.chemical_id AND (c.id = p.container_id OR p.container_id IS NULL) AND c.disposed_at IS NULL"""
# A decision is written before the lines of the ledger that it causes: a container's first disposal from then on belongs to it.
DISPOSED = """
SELECT c.id, -m.amount AS amount, m.unit, EXISTS (SELECT FROM inventory.movements r WHERE r.refers_to_id = m.id) AS back
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
        page=f"""SELECT c.chemical_id, c.id AS container_id, c.disposed_at IS NOT NULL AS gone,
               coalesce(array_position(%(container)s::bigint[], c.id), 1000 + array_position(%(chemical)s::bigint[], c.chemical_id), 0) AS place
          FROM inventory.containers c
         WHERE c.id IN (SELECT unnest(%(container)s::bigint[]) UNION ALL SELECT inventory.find_scanned(%(code)s, %(gtin)s, %(lot)s, %(serial_number)s)
                         UNION ALL {CHOSEN_CONTAINERS} AND %(narrow)s)
        UNION ALL
        SELECT h.id, NULL, h.retired_at IS NOT NULL, 1000 + array_position(%(chemical)s::bigint[], h.id)
          FROM inventory.chemicals h WHERE h.id = ANY (%(chemical)s::bigint[]) AND NOT %(narrow)s""",
        contents=HELD,
    )
    + f" ORDER BY p.place, c.barcode LIMIT {MOST + 1}"
)


STATES = {
    "open": "d.outcome IS NULL",
    "disposed": "d.outcome = 'disposed'",
    "kept": "d.outcome = 'kept'",
    "any": "true",
}
BY_MARK = Order(("marked_at", "id"), ("timestamptz", "bigint"), descending=True)
BY_DECISION = Order(("decided_at", "id"), ("timestamptz", "bigint"), descending=True)


COUNT_IN_STOCK = """
SELECT count(*)::int AS in_stock FROM inventory.containers c WHERE c.chemical_id = ANY (%(chemical)s::bigint[]) AND c.disposed_at IS NULL"""


class Asked(Narrowing):
    """The containers (by ids or a barcode) and chemicals that somebody is about to mark. A chemical is marked as a whole, or where the
    list was narrowed by what containers say, it stands for those containers."""

    model_config = ConfigDict(extra="forbid")

    container: list[Id] = Field(default=[], max_length=MOST)
    chemical: list[Id] = Field(default=[], max_length=MOST)
    barcode: Annotated[str, Field(max_length=200)] = ""

    @property
    def given(self) -> dict[str, object]:
        """The parameters of FIND_CANDIDATES and COUNT_IN_STOCK."""
        return self.model_dump() | scanned_parameters(self.barcode) | {"narrow": self.is_narrow}


class Search(Model):
    """The search of the list: open marks, decided marks, or the marks with certain ids."""

    model_config = ConfigDict(extra="forbid")

    state: Literal["open", "disposed", "kept", "any"] = "open"
    id: list[Id] = Field(default=[], max_length=MOST)
    cursor: Annotated[str, Field(max_length=200)] = ""
    limit: Annotated[int, Field(ge=1, le=MOST)] = 50

    def window(self) -> Window:
        """The page that is asked for, latest first."""
        order = BY_MARK if self.state in ("open", "any") else BY_DECISION
        return Window(order, self.cursor, self.limit)

    def page(self) -> Statement:
        """The statement of a page."""
        window = self.window()
        where = f"{STATES[self.state]} AND {window.condition('d')}"
        if self.id:
            where += " AND d.id = ANY (%(ids)s::bigint[])"
        text = FIND_DISPOSALS.format(where=where, order=window.order_by("d"), after=window.order_by("p"))
        return text, window.parameters | {"ids": self.id}
