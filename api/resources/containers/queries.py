"""The search of the list of containers, and the SQL of a container's own page."""

from typing import TYPE_CHECKING, Annotated, Literal, LiteralString

from pydantic import ConfigDict, Field

from api.chemistry.properties import OF_CONTAINERS, Day, Figure, Property
from api.core.fields import Id, Model
from api.core.paging import Order
from api.core.rows import Row
from api.core.search_words import FOUND_BY_WORDS
from api.core.views import CONTAINER, MOVEMENT

LISTED = tuple(one for one in OF_CONTAINERS if one.listed)


def _sort_key(one: Property) -> tuple[LiteralString, LiteralString]:
    """What a property is sorted by, with its SQL type. What is not known comes last."""
    if isinstance(one, Day):
        return "coalesce(s.{name}, '9999-12-31')", "date"
    if isinstance(one, Figure):
        return "coalesce(s.{name}::double precision, 'Infinity')", "double precision"
    return 'coalesce(lower(s.{name}), chr(1114111)) COLLATE "C"', "text"


KEYS = {"expires_on": "use_by"}
"""Columns by which a property is sorted instead of its own."""
SORT_KEYS = "".join(
    f", {_sort_key(one)[0].format(name=KEYS.get(one.name, one.name))} AS {one.listed}_sort" for one in LISTED
)
FIND_PAGE = f"SELECT s.* FROM (SELECT s.*{SORT_KEYS} FROM ({CONTAINER}) AS s) AS s WHERE {{where}} ORDER BY {{order}} LIMIT %(limit)s"
FIND_BY_BARCODE = CONTAINER + " WHERE s.id = inventory.find_barcode(%(code)s)"
FIND_SCANNED = """
SELECT n.number - 1 AS place, c.id, c.barcode, h.name AS chemical_name
  FROM unnest(%(code)s::text[], %(gtin)s::text[], %(lot)s::text[], %(serial_number)s::text[])
       WITH ORDINALITY AS n (code, gtin, lot, serial_number, number)
  JOIN inventory.containers c ON c.id = inventory.find_scanned(n.code, n.gtin, n.lot, n.serial_number)
  JOIN inventory.chemicals h ON h.id = c.chemical_id
 ORDER BY n.number LIMIT 1"""
FIND_CONTAINER = CONTAINER + " WHERE s.id = %(container)s"
FIND_VERSION = "SELECT c.xmin::text AS version FROM inventory.containers c WHERE c.id = %(container)s"
FIND_MOVEMENTS = (
    MOVEMENT + " WHERE e.container_id = %(container)s ORDER BY e.made_at DESC, e.source, e.id DESC LIMIT 100"
)
FIND_MARK = """
SELECT d.id, d.container_id, d.reason, d.marked_at, d.marked_by, u.name AS marked_by_name
  FROM inventory.containers c
  JOIN inventory.disposals d ON d.chemical_id = c.chemical_id AND (d.container_id = c.id OR d.container_id IS NULL) AND d.outcome IS NULL
  JOIN control.users u ON u.id = d.marked_by
 WHERE c.id = %(container)s ORDER BY d.container_id NULLS LAST LIMIT 1"""
# Packs are the same whose chemical, supplier and size are, and whose catalogue numbers do not differ.
FIND_TARE = """
SELECT o.id AS container_id, o.barcode, o.tare_g
  FROM inventory.containers c
  JOIN inventory.containers o ON o.chemical_id = c.chemical_id AND o.id <> c.id AND o.amount = 0
   AND (o.pack_size, o.pack_unit) = (c.pack_size, c.pack_unit) AND lower(o.supplier) = lower(c.supplier)
   AND coalesce(o.catalogue_number = c.catalogue_number, true)
 WHERE c.id = %(container)s AND c.tare_g IS NULL AND o.tare_g IS NOT NULL
 ORDER BY o.id DESC LIMIT 1"""
EXTEND = """
UPDATE inventory.containers c
   SET expires_on = %(expires_on)s, extended_on = (SELECT control.today()),
       notes = concat_ws(E'\\n', c.notes, concat('Expires ', %(expires_on)s::date, ' instead of ' || c.use_by, ': ', %(reason)s::text, ' (',
                 (SELECT u.name FROM control.users u WHERE u.id = (SELECT control.user_id())), ', ', (SELECT control.today()), ')'))
 WHERE c.id = ANY (%(container_ids)s) AND c.disposed_at IS NULL RETURNING c.id"""
# The amount in a container, if it is more than the new pack size.
FIND_OVERFILLED = """
SELECT c.amount, c.unit, c.pack_size, c.pack_unit
  FROM inventory.containers c JOIN inventory.chemicals h ON h.id = c.chemical_id
 WHERE c.id = %(container)s AND c.disposed_at IS NULL
   AND inventory.overfills(c.amount, c.unit, c.pack_size, c.pack_unit, h.density_g_per_ml)"""
FIND_PACK = "SELECT c.pack_size, c.pack_unit, c.unit FROM inventory.containers c WHERE c.id = %(container)s"
CHANGE_CONTAINER = "SELECT inventory.update_row('inventory.containers', %s, %s, %s) AS id"

FILTERS = {
    "location": """s.location_id IN (SELECT l.id FROM inventory.locations l JOIN inventory.locations root ON root.lab_id = l.lab_id
        AND root.id = %(location)s WHERE starts_with(l.path, root.path))""",
    "chemical": "s.chemical_id = %(chemical)s",
    "delivery": "s.delivery_id = %(delivery)s",
}
HELD = {
    "anyone": "s.holder_id IS NOT NULL",
    "me": "s.holder_id = (SELECT control.user_id())",
    "nobody": "s.holder_id IS NULL",
}
SORTS = {
    "name": Order(("chemical_name_sort", "id"), ("text", "bigint")),
    "barcode": Order(("barcode", "id"), ("text", "bigint")),
    **{one.listed: Order((f"{one.listed}_sort", "id"), (_sort_key(one)[1], "bigint")) for one in LISTED},
}
if TYPE_CHECKING:
    Orders = str
else:
    Orders = Literal[tuple(SORTS)]


class Search(Model):
    """The search of the list. A container is found if it fulfils every condition that is given."""

    model_config = ConfigDict(extra="forbid")

    q: Annotated[str, Field(max_length=200, description="a barcode or its beginning, or words of the chemical")] = ""
    location: Annotated[Id | None, Field(description="a location, with all below it")] = None
    chemical: Id | None = None
    delivery: Id | None = None
    held: Literal["anyone", "me", "nobody"] | None = None
    missing: Annotated[bool | None, Field(description="not found by a stocktake")] = None
    disposed: Annotated[bool, Field(description="also those that were disposed of")] = False
    sort: Annotated[Orders, Field(description="what is not known comes last")] = "name"
    cursor: Annotated[str, Field(max_length=2000)] = ""
    limit: Annotated[int, Field(ge=1, le=200)] = 50

    def conditions(self) -> tuple[list[LiteralString], Row]:
        """The conditions for WHERE, each a fixed text from above, and their parameters."""
        given: Row = {name: getattr(self, name) for name in FILTERS if getattr(self, name) is not None}
        parts = ["true", *(FILTERS[name] for name in given)]
        if self.held:
            parts.append(HELD[self.held])
        if self.missing is not None:
            parts.append("s.missing_since IS NOT NULL" if self.missing else "s.missing_since IS NULL")
        if not self.disposed:
            parts.append("s.disposed_at IS NULL")
        if code := self.q.strip():
            begins = "starts_with(lower(s.barcode), lower(%(q)s))"
            parts.append(f"({begins} OR s.chemical_id IN ({FOUND_BY_WORDS}))")
            given |= {"q": code}
        return parts, given
