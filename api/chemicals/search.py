"""What a list of chemicals is narrowed to, and the SQL of its pages."""

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from api import words
from api.access import Row
from api.database import Statement
from api.fields import CasNumberIn, Day, Id, Maybe, Pictogram, decode_cursor, encode_cursor

MOST_COUNTED = 10_000

IN_STOCK = "FROM inventory.containers c WHERE c.lab_id = h.lab_id AND c.chemical_id = h.id AND c.disposed_at IS NULL"
MARKED = "EXISTS (SELECT FROM inventory.disposals d WHERE d.lab_id = h.lab_id AND d.chemical_id = h.id AND d.outcome IS NULL)"
LOW = "h.id IN (SELECT w.chemical_id FROM inventory.low_stock w)"
# The same for one chemical: as a condition it would be found out of all first.
IS_LOW = """(h.low_stock_amount IS NOT NULL
        AND EXISTS (SELECT FROM inventory.low_stock w WHERE w.lab_id = h.lab_id AND w.chemical_id = h.id))"""
TODAY = "(SELECT control.today())"
BELOW = """(SELECT l.id FROM inventory.locations l JOIN inventory.locations root ON root.lab_id = l.lab_id AND root.id = %(location)s
        WHERE starts_with(l.path, root.path))"""
# A line of the list, which the database writes as JSON: an object of these, for ChemicalLine; and what only a file has.
LINE = f"""h.id, h.name, h.cas_number, h.formula, trim_scale(h.molar_mass_g_per_mol)::text AS molar_mass_g_per_mol, h.physical_state,
       h.pictograms, h.signal_word, h.h_statements, s.totals, s.containers, s.unknown_amounts,
       CASE WHEN s.locations = 1 THEN (SELECT l.full_name FROM inventory.locations l WHERE l.lab_id = h.lab_id AND l.id = s.location_id)
       END AS location,
       s.locations, s.earliest_opened, s.earliest_expiry, {IS_LOW} AS low, {MARKED} AS marked"""
ONLY_IN_FILES = ", h.synonyms, h.supplier, h.catalogue_number, h.storage_class"
FIND_PAGE = f"""
SELECT (SELECT to_json(line)::text FROM (SELECT {{line}}) AS line) AS line, h.{{column}} AS sort, h.id
  FROM (SELECT h.lab_id, h.id, h.name, h.cas_number, h.formula, h.molar_mass_g_per_mol, h.physical_state, h.pictograms, h.signal_word,
               h.h_statements, h.synonyms, h.supplier, h.catalogue_number, h.storage_class, h.low_stock_amount, h.low_stock_unit,
               h.name_folded, h.cas_number_sort, h.molar_mass_sort
          FROM inventory.chemicals h WHERE {{where}} ORDER BY {{order}} LIMIT %(limit)s) AS h
 CROSS JOIN LATERAL (
    SELECT count(*) AS containers, count(*) FILTER (WHERE c.amount IS NULL) AS unknown_amounts, min(c.opened_on) AS earliest_opened,
           min(c.expires_on) AS earliest_expiry, count(DISTINCT c.location_id) AS locations,
           inventory.totals(array_agg(c.amount), array_agg(c.unit)) AS totals, min(c.location_id) AS location_id {IN_STOCK}) AS s
 ORDER BY {{order}}"""
COUNT = (
    f"SELECT count(*)::int AS total FROM (SELECT FROM inventory.chemicals h WHERE {{where}} LIMIT {MOST_COUNTED}) AS h"
)

# What a person may sort by: the sort key's column, beneath a policy usable by an index, and its type in a cursor.
SORTS: dict[str, tuple[str, type]] = {
    "name": ("name_folded", str),
    "cas_number": ("cas_number_sort", str),
    "molar_mass": ("molar_mass_sort", float),
}
WITHIN_THE_NAME = "strpos({column}, inventory.fold(%({name})s)) > 0"
FILTERS = {
    "location": f"EXISTS (SELECT {IN_STOCK} AND c.location_id IN {BELOW})",
    "state": "h.physical_state = ANY (%(state)s)",
    "mass_from": "h.molar_mass_sort >= %(mass_from)s::double precision",
    "mass_to": "h.molar_mass_sort <= %(mass_to)s::double precision",
    "expires_before": f"EXISTS (SELECT {IN_STOCK} AND c.expires_on < %(expires_before)s)",
    "cas_number": "h.cas_number_sort = lpad(%(cas_number)s, 12, '0')",
    "chemical": "h.id = ANY (%(chemical)s)",
}
FLAGS = {
    "low": LOW,
    "marked": MARKED,
    "expired": f"EXISTS (SELECT {IN_STOCK} AND c.expires_on < {TODAY})",
    "expiring": f"EXISTS (SELECT {IN_STOCK} AND c.expires_on >= {TODAY} AND c.expires_on <= {TODAY} + 30)",
    "held": f"EXISTS (SELECT {IN_STOCK} AND c.holder_id IS NOT NULL)",
    "missing": f"EXISTS (SELECT {IN_STOCK} AND c.missing_since IS NOT NULL)",
}
HAZARDS = {
    "unknown": "h.pictograms IS NULL",
    "none": "h.pictograms = '{}' AND h.h_statements = '{}' AND h.signal_word IS NULL",
}


class Search(BaseModel):
    """What a list is narrowed to; everything given must hold."""

    model_config = ConfigDict(extra="forbid")

    q: Annotated[str, Field(max_length=200, description="words or beginnings of words")] = ""
    location: Annotated[Maybe[Id], Field(description="a location, with all below it")] = None
    state: list[Literal["solid", "liquid", "gas"]] = []
    hazard: list[Pictogram | Literal["unknown", "none"]] = []
    h_code: Annotated[str, Field(pattern=r"^((EUH|H)[0-9]{3}[A-Za-z]{0,3})?$", description="such as H225")] = ""
    mass_from: Maybe[Annotated[Decimal, Field(ge=0, max_digits=20, description="g/mol")]] = None
    mass_to: Maybe[Annotated[Decimal, Field(ge=0, max_digits=20, description="g/mol")]] = None
    expires_before: Maybe[Day] = None
    cas_number: CasNumberIn = None
    chemical: Annotated[list[Id], Field(max_length=200)] = []
    flag: list[Literal["low", "marked", "expired", "expiring", "held", "missing"]] = []
    sort: Literal["name", "-name", "cas_number", "-cas_number", "molar_mass", "-molar_mass"] = "name"
    cursor: Annotated[str, Field(max_length=2000)] = ""
    limit: Annotated[int, Field(ge=1, le=200)] = 50
    facets: bool = Field(default=False, description="also give what one may narrow by")

    def conditions(self, inside: bool = False) -> tuple[str, Row]:
        """WHERE and its parameters, from the fixed fragments above; `inside`: a query's words anywhere in the name."""
        given: Row = {name: getattr(self, name) for name in FILTERS if getattr(self, name) not in (None, [], "")}
        parts = ["h.retired_at IS NULL", *(FILTERS[name] for name in given), *(FLAGS[flag] for flag in self.flag)]
        parts += [HAZARDS[code] for code in self.hazard if code in HAZARDS]
        codes = [code.lower() for code in [*self.hazard, self.h_code] if code and code not in HAZARDS]
        for found, named in (
            words.conditions(
                WITHIN_THE_NAME if inside else words.BEGINS_A_WORD,
                "h.name_folded" if inside else "h.id",
                words.words_of(self.q),
            ),
            words.conditions(words.IS_A_WORD, "h.id", codes, "code"),
        ):
            parts += found
            given |= named
        return " AND ".join(parts), given

    def page(self, inside: bool, line: str = LINE) -> list[Statement]:
        """The statements for a page, one row more than wanted, and for how many there are."""
        where, given = self.conditions(inside)
        count = (COUNT.format(where=where), given)
        column, kind = SORTS[self.sort.lstrip("-")]
        reverse = self.sort.startswith("-")
        if self.cursor:
            towards, value, last_id = decode_cursor(self.cursor, (str, kind, int))
            reverse = reverse != (towards == "previous")
            given = given | {"value": value, "last_id": last_id}
            where += f" AND (h.{column}, h.id) {'<' if reverse else '>'} (%(value)s, %(last_id)s)"
        direction = "DESC" if reverse else "ASC"
        order = f"h.{column} {direction}, h.id {direction}"
        found = FIND_PAGE.format(line=line, column=column, where=where, order=order)
        return [(found, given | {"limit": self.limit + 1}), count]

    def answer(self, rows: list[Row]) -> Row:
        """The page of `rows` in its order, each line the text of a JSON object, with cursors for its neighbours."""
        backwards = bool(self.cursor) and decode_cursor(self.cursor, (str, object, int))[0] == "previous"
        more, rows = len(rows) > self.limit, rows[: self.limit]
        if backwards:
            rows.reverse()

        def cursor(towards: str, wanted: bool) -> str | None:
            row = rows[-1 if towards == "next" else 0] if rows and wanted else None
            return encode_cursor(towards, row["sort"], row["id"]) if row else None

        return {
            "items": [row["line"] for row in rows],
            "next": cursor("next", more or backwards),
            "previous": cursor("previous", more if backwards else bool(self.cursor)),
        }
