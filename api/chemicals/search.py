"""What a list of chemicals is narrowed to, and the SQL of its pages."""

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from api import words
from api.access import Row
from api.database import Statement
from api.fields import CasNumberIn, Day, Id, Maybe, Model, Pictogram, decode_cursor, encode_cursor

MOST_COUNTED = 10_000

IN_STOCK = "FROM inventory.containers c WHERE c.lab_id = h.lab_id AND c.chemical_id = h.id AND c.disposed_at IS NULL"
MARKED = "EXISTS (SELECT FROM inventory.disposals d WHERE d.lab_id = h.lab_id AND d.chemical_id = h.id AND d.outcome IS NULL)"
IS_LOW = """(h.low_stock_amount IS NOT NULL
        AND EXISTS (SELECT FROM inventory.low_stock w WHERE w.lab_id = h.lab_id AND w.chemical_id = h.id))"""
TODAY = "(SELECT control.today())"
BELOW = """(SELECT l.id FROM inventory.locations l JOIN inventory.locations root ON root.lab_id = l.lab_id AND root.id = %(location)s
        WHERE starts_with(l.path, root.path))"""

# What a list is narrowed to is either a condition on what the indexes of a list hold (chemicals_listed_by_…) …
COLUMNS = {
    "state": "h.physical_state = ANY (%(state)s)",
    "mass_from": "h.molar_mass_sort >= %(mass_from)s::double precision",
    "mass_to": "h.molar_mass_sort <= %(mass_to)s::double precision",
}
# … or a set of chemicals, each in it once, that an index of its own finds.
OF_CONTAINERS = "SELECT DISTINCT c.chemical_id FROM inventory.containers c WHERE c.disposed_at IS NULL AND "
SETS = {
    "location": f"{OF_CONTAINERS} c.location_id IN {BELOW}",
    "expires_before": f"{OF_CONTAINERS} c.expires_on < %(expires_before)s",
    "cas_number": "SELECT h.id FROM inventory.chemicals h WHERE h.cas_number_sort = lpad(%(cas_number)s, 12, '0') AND h.retired_at IS NULL",
    "chemical": """SELECT DISTINCT h.id FROM unnest(%(chemical)s::bigint[]) AS u (id)
  CROSS JOIN LATERAL (SELECT h.id FROM inventory.chemicals h WHERE h.id = u.id OFFSET 0) AS h""",
}
FLAGS = {
    "low": "SELECT w.chemical_id FROM inventory.low_stock w",
    "marked": "SELECT DISTINCT d.chemical_id FROM inventory.disposals d WHERE d.outcome IS NULL",
    "expired": f"{OF_CONTAINERS} c.expires_on < {TODAY}",
    "expiring": f"{OF_CONTAINERS} c.expires_on >= {TODAY} AND c.expires_on <= {TODAY} + 30",
    "held": f"{OF_CONTAINERS} c.holder_id IS NOT NULL",
    "missing": f"{OF_CONTAINERS} c.missing_since IS NOT NULL",
}
HAZARDS = {
    "unknown": "SELECT h.id FROM inventory.chemicals h WHERE h.retired_at IS NULL AND h.pictograms IS NULL",
    "none": """SELECT h.id FROM inventory.chemicals h
  WHERE h.retired_at IS NULL AND h.pictograms = '{}' AND h.h_statements = '{}' AND h.signal_word IS NULL""",
}
INSIDE_THE_NAME = "strpos(h.name_folded, (SELECT inventory.fold(%({name})s))) > 0"

# What a person may sort by: the sort key's column, beneath a policy usable by an index, and its type in a cursor.
SORTS: dict[str, tuple[str, type]] = {
    "name": ("name_folded", str),
    "cas_number": ("cas_number_sort", str),
    "molar_mass": ("molar_mass_sort", float),
}

# Few are fetched one by one and sorted; else an index is walked in its order, each id looked up among those found, until a page is full.
# OFFSET 0 keeps it one by one: the planner knows labs by their average only, and would rather read all of a large one.
FEW = 1000
FOUND = f"found (id) AS MATERIALIZED ({{sets}}), size AS MATERIALIZED (SELECT count(*) > {FEW} AS large FROM found), "
LISTED = "inventory.chemicals h WHERE h.retired_at IS NULL"
EACH_FOUND = "found f CROSS JOIN LATERAL (SELECT h.* FROM inventory.chemicals h WHERE h.id = f.id AND h.retired_at IS NULL OFFSET 0) AS h WHERE true"
ARE_FEW = " AND NOT (SELECT large FROM size)"
ARE_MANY = " AND (SELECT large FROM size) AND (h.id IN (SELECT id FROM found)) IS TRUE"
KEYS = "SELECT h.id, h.{column} AS sort FROM {chemicals}{fits} AND (SELECT total IS DISTINCT FROM 0 FROM counted) ORDER BY h.{column} {direction}, h.id {direction} LIMIT {limit}"
COUNT = f"(SELECT count(*)::int FROM (SELECT FROM {{chemicals}}{{fits}} LIMIT {MOST_COUNTED}) AS h)"
# Where nothing else is asked, those found less the retired among them, who are few.
COUNT_FOUND = f"""(SELECT least({MOST_COUNTED}, (SELECT count(*) FROM found) - count(*))::int FROM inventory.chemicals h
  WHERE h.retired_at IS NOT NULL AND (h.id IN (SELECT id FROM found)) IS TRUE)"""

# A line of the list, which the database writes as JSON: an object of these, for ChemicalLine; and what only a file has.
LINE = f"""h.id, h.name, h.cas_number, h.formula, trim_scale(h.molar_mass_g_per_mol)::text AS molar_mass_g_per_mol, h.physical_state,
       h.pictograms, h.signal_word, h.h_statements, s.totals, s.containers, s.unknown_amounts,
       CASE WHEN s.locations = 1 THEN (SELECT l.full_name FROM inventory.locations l WHERE l.lab_id = h.lab_id AND l.id = s.location_id)
       END AS location,
       s.locations, s.earliest_opened, s.earliest_expiry, {IS_LOW} AS low, {MARKED} AS marked"""
ONLY_IN_FILES = ", h.synonyms, h.supplier, h.catalogue_number, h.storage_class"
FIND_PAGE = f"""
WITH {{found}}counted AS MATERIALIZED (SELECT {{total}} AS total), keys AS MATERIALIZED ({{keys}})
SELECT t.total, p.line, p.sort, p.id
  FROM counted AS t
  LEFT JOIN (
    SELECT (SELECT to_json(line)::text FROM (SELECT {{line}}) AS line) AS line, k.sort, k.id
      FROM keys k JOIN inventory.chemicals h ON h.id = k.id
     CROSS JOIN LATERAL (
       SELECT count(*) AS containers, count(*) FILTER (WHERE c.amount IS NULL) AS unknown_amounts, min(c.opened_on) AS earliest_opened,
              min(c.expires_on) AS earliest_expiry, count(DISTINCT c.location_id) AS locations,
              inventory.totals(array_agg(c.amount), array_agg(c.unit)) AS totals, min(c.location_id) AS location_id {IN_STOCK}) AS s) AS p
    ON true
 ORDER BY p.sort {{direction}}, p.id {{direction}}"""


class Search(Model):
    """What a list is narrowed to; everything given must hold."""

    model_config = ConfigDict(extra="forbid")

    q: Annotated[str, Field(max_length=200, description="words or beginnings of words")] = ""
    location: Annotated[Maybe[Id], Field(description="a location, with all below it")] = None
    state: list[Literal["solid", "liquid", "gas"]] = Field(default=[])
    hazard: list[Pictogram | Literal["unknown", "none"]] = Field(default=[])
    h_code: Annotated[str, Field(pattern=r"^((EUH|H)[0-9]{3}[A-Za-z]{0,3})?$", description="such as H225")] = ""
    mass_from: Maybe[Annotated[Decimal, Field(ge=0, max_digits=20, description="g/mol")]] = None
    mass_to: Maybe[Annotated[Decimal, Field(ge=0, max_digits=20, description="g/mol")]] = None
    expires_before: Maybe[Day] = None
    cas_number: CasNumberIn = None
    chemical: list[Id] = Field(default=[], max_length=200)
    flag: list[Literal["low", "marked", "expired", "expiring", "held", "missing"]] = Field(default=[])
    sort: Literal["name", "-name", "cas_number", "-cas_number", "molar_mass", "-molar_mass"] = "name"
    cursor: Annotated[str, Field(max_length=2000)] = ""
    limit: Annotated[int, Field(ge=1, le=200)] = 50
    facets: bool = Field(default=False, description="also give what one may narrow by")

    def narrowed(self, inside: bool) -> tuple[list[str], list[str], Row]:
        """The sets that a chemical must be in, its other conditions, and their parameters; `inside`: words anywhere in the name."""
        given: Row = {name: getattr(self, name) for name in [*SETS, *COLUMNS] if getattr(self, name) not in (None, [])}
        sets = [*(SETS[name] for name in SETS if name in given), *(FLAGS[flag] for flag in self.flag)]
        sets += [HAZARDS[code] for code in self.hazard if code in HAZARDS]
        codes = [code.lower() for code in [*self.hazard, self.h_code] if code and code not in HAZARDS]
        coded, named = words.fragments(words.HAVING_A_WORD, codes, "code")
        asked, more = words.fragments(INSIDE_THE_NAME if inside else words.HAVING_A_BEGINNING, words.words_of(self.q))
        conditions = [COLUMNS[name] for name in COLUMNS if name in given] + (asked if inside else [])
        return sets + coded + ([] if inside else asked), conditions, given | named | more

    def page(self, inside: bool, line: str = LINE, total: bool = True) -> Statement:
        """The statement for a page, one row more than wanted, each with how many there are in all; one empty row if there is none."""
        sets, conditions, given = self.narrowed(inside)
        fits = "".join(f" AND {condition}" for condition in conditions)
        counted = COUNT.format(chemicals=EACH_FOUND if sets else LISTED, fits=fits)
        if sets and not conditions:
            counted = COUNT_FOUND
        column, kind = SORTS[self.sort.lstrip("-")]
        reverse = self.sort.startswith("-")
        if self.cursor:
            towards, value, last_id = decode_cursor(self.cursor, (str, kind, int))
            reverse = reverse != (towards == "previous")
            given |= {"value": value, "last_id": last_id}
            fits += f" AND (h.{column}, h.id) {'<' if reverse else '>'} (%(value)s, %(last_id)s)"
        direction = "DESC" if reverse else "ASC"
        ways = [EACH_FOUND + ARE_FEW, LISTED + ARE_MANY] if sets else [LISTED]
        keys = [
            KEYS.format(column=column, chemicals=way, fits=fits, direction=direction, limit=self.limit + 1)
            for way in ways
        ]
        text = FIND_PAGE.format(
            found=FOUND.format(sets=" INTERSECT ".join(sets)) if sets else "",
            keys=" UNION ALL ".join(f"({part})" for part in keys),
            total=counted if total else "NULL::int",
            line=line,
            direction=direction,
        )
        return text, given

    def answer(self, rows: list[Row]) -> Row:
        """The page of `rows` in its order, each line the text of a JSON object, with cursors for its neighbours."""
        rows = [row for row in rows if row["id"] is not None]
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
