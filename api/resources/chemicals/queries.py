"""The search of the list of chemicals, and the SQL of its pages."""

from typing import TYPE_CHECKING, Annotated, Literal, LiteralString, NamedTuple, Self

from pydantic import AfterValidator, ConfigDict, Field, PrivateAttr, create_model

from api.chemistry.hazards import codes_meant
from api.chemistry.properties import IN_THE_LIST, PROPERTIES, RANGED, Choice, Figure, ShortText
from api.core import narrowing
from api.core.database import Statement
from api.core.fields import Model, Pictogram
from api.core.narrowing import TODAY
from api.core.paging import Order, Window
from api.core.rows import Row
from api.core.search_words import FOUND_BY_WORDS, HAVING_A_WORD, has_a_word
from api.resources.chemicals.filters import COLUMNS, FILTERS, SETS, STATES, UNKNOWN
from api.resources.chemicals.filters import IN_STOCK as HAVING_CONTAINERS
from api.structures import MATCHES

MOST_COUNTED = 10_000

IN_STOCK = "FROM inventory.containers c WHERE c.lab_id = h.lab_id AND c.chemical_id = h.id AND c.disposed_at IS NULL AND c.missing_since IS NULL"
MARKED = "EXISTS (SELECT FROM inventory.disposals d WHERE d.lab_id = h.lab_id AND d.chemical_id = h.id AND d.outcome IS NULL)"
IS_LOW = """(h.low_stock_amount IS NOT NULL
        AND EXISTS (SELECT FROM inventory.low_stock w WHERE w.lab_id = h.lab_id AND w.chemical_id = h.id))"""

FLAGS = {
    "low": "SELECT w.chemical_id FROM inventory.low_stock w",
    "marked": "SELECT DISTINCT d.chemical_id FROM inventory.disposals d WHERE d.outcome IS NULL",
    **{flag: f"{HAVING_CONTAINERS} {condition}" for flag, condition in narrowing.FLAGS.items()},
}
HAZARDS = {
    "unknown": UNKNOWN["hazards"],
    "none": """SELECT h.id FROM inventory.chemicals h
  WHERE h.retired_at IS NULL AND h.pictograms = '{}' AND h.h_statements = '{}' AND h.signal_word IS NULL""",
}

RETIRED = "SELECT r.id FROM inventory.chemicals r WHERE r.retired_at IS NOT NULL"
LIVE, NOT_LIVE = "h.retired_at IS NULL", "h.retired_at IS NOT NULL"
"""The condition for chemicals that are listed, as the statements of this module contain it, and the one that replaces it in a search for
retired chemicals."""

# Sort keys that no column of a chemical holds. They are computed for each page and stored nowhere: a row for each chemical, written
# with every movement, would make people wait for each other who take from different bottles of it.
OF_CONTAINERS_IN_STOCK = """SELECT c.chemical_id, {key} AS key FROM inventory.containers c {joined}
  WHERE c.disposed_at IS NULL AND c.missing_since IS NULL GROUP BY c.chemical_id"""
LOCATED = "JOIN inventory.locations l ON l.lab_id = c.lab_id AND l.id = c.location_id"
# Masses are compared with masses and volumes with volumes. A chemical with several dimensions sorts by the total that its line shows first.
DIGITS = "000000000000"
BY_STOCK = f"""SELECT t.chemical_id, min(t.total) AS key
  FROM (SELECT c.chemical_id, (u.dimension || ' ' || to_char(sum(c.amount * u.factor), 'FM{DIGITS}{DIGITS}.{DIGITS}')) COLLATE "C" AS total
          FROM inventory.containers c LEFT JOIN reference.units u ON u.unit = c.unit AND c.amount IS NOT NULL
         WHERE c.disposed_at IS NULL AND c.missing_since IS NULL GROUP BY c.chemical_id, u.dimension) AS t
 GROUP BY t.chemical_id"""
# The most urgent first, as the list's column Attention shows one of them (pages/chemicals/listing.py).
OPEN_LONG_DAYS = 180
OF_DAYS = f"""CASE WHEN min(c.use_by) < {TODAY} THEN 1 WHEN min(c.use_by) <= {TODAY} + 30 THEN 4
              WHEN min(c.opened_on) <= {TODAY} - {OPEN_LONG_DAYS} THEN 5 END"""
BY_ATTENTION = f"""SELECT a.chemical_id, min(a.key) AS key
  FROM ({OF_CONTAINERS_IN_STOCK.format(key=OF_DAYS, joined="")}
        UNION ALL SELECT d.chemical_id, 2 FROM inventory.disposals d WHERE d.outcome IS NULL
        UNION ALL SELECT w.chemical_id, 3 FROM inventory.low_stock w) AS a
 GROUP BY a.chemical_id"""


class Sort(NamedTuple):
    """An order of the list: the type of its keys, and the SQL of the keys in both directions.

    Unknown values come last in both directions, so their key is the largest when ascending and the smallest when descending. A key is
    computed from the chemical's row `h`, where possible with an index, or from the row `s` that the SQL `of` finds for the chemical.
    """

    type: LiteralString
    ascending: LiteralString
    descending: LiteralString
    of: LiteralString = ""


# The order of a text, or of a figure that has a key, uses a column and two indexes; for that of another figure or a choice each chemical of
# the lab is read.
UNKNOWN_TEXT = "chr(1114111)"
"""The key of a text that is not known: the last character that there is."""
LOWEST = "'-Infinity'"
# The indexes chemicals_listed_by_… and chemicals_listed_backwards_by_… contain exactly these expressions.
SORTS: dict[str, Sort] = {
    "name": Sort("text", "h.name_sort", "h.name_sort"),
    "plain_name": Sort("text", "h.name_folded", "h.name_folded"),
    "cas_number": Sort("text", "h.cas_number_sort", "CASE WHEN h.cas_number_sort = '~' THEN '' ELSE h.cas_number_sort END"),
    **{
        figure.listed: Sort(
            "double precision",
            f"h.{figure.listed}_sort",
            f"CASE WHEN h.{figure.listed}_sort = 'Infinity' THEN {LOWEST if figure.least < 0 else 0} ELSE h.{figure.listed}_sort END",
        )
        if figure.has_key
        else Sort(
            "double precision",
            f"coalesce(h.{figure.name}::double precision, 'Infinity')",
            f"coalesce(h.{figure.name}::double precision, {LOWEST})",
        )
        for figure in RANGED
    },
    **{
        choice.listed: Sort(
            "text",
            f"coalesce(h.{choice.name}, {UNKNOWN_TEXT}) COLLATE \"C\"",
            f"coalesce(h.{choice.name}, '') COLLATE \"C\"",
        )
        for choice in IN_THE_LIST
        if isinstance(choice, Choice)
    },
    **{
        text.listed: Sort(
            "text",
            f"h.{text.listed}_sort",
            f"CASE WHEN h.{text.listed}_sort = {UNKNOWN_TEXT} THEN '' ELSE h.{text.listed}_sort END",
        )
        for text in IN_THE_LIST
        if isinstance(text, ShortText)
    },
    "hazards": Sort(
        "bigint",
        *(
            f"""CASE WHEN h.pictograms IS NULL THEN {of_unknown} WHEN h.signal_word = 'Danger' THEN 1 WHEN h.signal_word = 'Warning' THEN 2
             WHEN h.pictograms <> '{{}}' OR h.h_statements <> '{{}}' THEN 3 ELSE 4 END"""
            for of_unknown in ("5", "0")
        ),
    ),
    "stock": Sort(
        "text",
        "CASE WHEN s.chemical_id IS NULL THEN '0' ELSE coalesce(s.key, '~') END",
        "CASE WHEN s.chemical_id IS NULL THEN '0' ELSE coalesce(s.key, '') END",
        BY_STOCK,
    ),
    "containers": Sort(
        "bigint", "coalesce(s.key, 0)", "coalesce(s.key, 0)", OF_CONTAINERS_IN_STOCK.format(key="count(*)", joined="")
    ),
    "location": Sort(
        "text",
        "coalesce(s.key, '~')",
        "coalesce(s.key, '')",
        OF_CONTAINERS_IN_STOCK.format(key="min(left(l.full_name_sort, 300))", joined=LOCATED),
    ),
    "expiry": Sort(
        "date",
        "coalesce(s.key, '9999-12-31')",
        "coalesce(s.key, '0001-01-01')",
        OF_CONTAINERS_IN_STOCK.format(key="min(c.use_by)", joined=""),
    ),
    "attention": Sort("bigint", "coalesce(s.key, 9)", "coalesce(s.key, 0)", BY_ATTENTION),
}  # fmt: skip

# If few chemicals are found, they are fetched one by one and sorted. If many are found, an index is walked in its order, and each id
# looked up among those found, until a page is full. OFFSET 0 makes the planner fetch rows one by one: it knows only the average size
# of labs, and in a large lab it would read the whole table.
FEW = 1000
FOUND = f"found (id) AS MATERIALIZED ({{sets}}), size AS MATERIALIZED (SELECT count(*) > {FEW} AS large FROM found), "
KEYED = "SELECT h.*, {key} AS sort FROM inventory.chemicals h{of}"
LISTED = f"({KEYED}) AS h WHERE h.retired_at IS NULL"
EACH_FOUND = f"found f CROSS JOIN LATERAL ({KEYED} WHERE h.id = f.id AND h.retired_at IS NULL OFFSET 0) AS h WHERE true"
ARE_FEW = " AND NOT (SELECT large FROM size)"
ARE_MANY = " AND (SELECT large FROM size) AND (h.id IN (SELECT id FROM found)) IS TRUE"
KEYS = "SELECT h.id, h.sort FROM {chemicals}{fits} AND {beyond} AND (SELECT total IS DISTINCT FROM 0 FROM counted) ORDER BY {order} LIMIT {limit}"
COUNT = f"(SELECT count(*)::int FROM (SELECT FROM {{chemicals}}{{fits}} LIMIT {MOST_COUNTED}) AS h)"
# The number of chemicals found when the search has no other condition: all that were found minus the retired ones, which are few.
COUNT_FOUND = f"""(SELECT least({MOST_COUNTED}, (SELECT count(*) FROM found) - count(*))::int FROM inventory.chemicals h
  WHERE h.retired_at IS NOT NULL AND (h.id IN (SELECT id FROM found)) IS TRUE)"""

COLUMN_OF = {
    one.name: f"trim_scale(h.{one.name})::text AS {one.name}" if isinstance(one, Figure) else f"h.{one.name}"
    for one in PROPERTIES
}
"""Each property as a column of a line that the database writes as JSON."""
# The columns of a line of the list, which the database writes as a JSON object for ChemicalLine; then those that only files have.
LINE = f"""h.id, h.name, h.cas_number, h.formula{"".join(f", {COLUMN_OF[one.name]}" for one in IN_THE_LIST)},
       h.pictograms, h.signal_word, h.h_statements, s.totals, s.containers, s.unknown_amounts,
       CASE WHEN s.locations = 1 THEN (SELECT l.full_name FROM inventory.locations l WHERE l.lab_id = h.lab_id AND l.id = s.location_id)
       END AS location,
       s.locations, s.earliest_opened, s.earliest_expiry, {IS_LOW} AS low, {MARKED} AS marked"""
HAZARDS_SAID = """coalesce(h.hazards_from, (SELECT 'the list ' || i.file_name FROM inventory.imports i WHERE i.lab_id = h.lab_id AND i.id = h.hazards_import_id),
       (SELECT u.name || ', ' || (h.hazards_at AT TIME ZONE l.time_zone)::date FROM control.users u, control.labs l WHERE u.id = h.hazards_by AND l.id = h.lab_id))"""
"""Where the hazards are from, in a cell: a source in the reference, a list that was imported, or who entered them and when."""
ONLY_IN_FILES = f", h.synonyms, {HAZARDS_SAID} AS hazards_from, h.origins, h.supplier, h.catalogue_number{''.join(f', {COLUMN_OF[one.name]}' for one in PROPERTIES if not one.listed)}"
FIND_PAGE = f"""
WITH {{found}}counted AS MATERIALIZED (SELECT {{total}} AS total), keys AS MATERIALIZED ({{keys}})
SELECT t.total, p.line, p.sort, p.id
  FROM counted AS t
  LEFT JOIN (
    SELECT (SELECT to_json(line)::text FROM (SELECT {{line}}) AS line) AS line, k.sort, k.id
      FROM keys k JOIN inventory.chemicals h ON h.id = k.id
     CROSS JOIN LATERAL (
       SELECT count(*) AS containers, count(*) FILTER (WHERE c.amount IS NULL) AS unknown_amounts, min(c.opened_on) AS earliest_opened,
              min(c.use_by) AS earliest_expiry, count(DISTINCT c.location_id) AS locations,
              inventory.totals(array_agg(c.amount), array_agg(c.unit)) AS totals, min(c.location_id) AS location_id {IN_STOCK}) AS s) AS p
    ON true
 ORDER BY p.sort {{direction}}, p.id {{direction}}"""

# The number of chemicals that would be left if the list were narrowed by one more value. States and locations are counted as if none were
# chosen yet, because another choice would replace the present one; flags add to each other. IS TRUE makes PostgreSQL look each id up in a
# set; without it the planner, which knows only the average size of labs, would read the whole set for each id of a large lab. Chemicals
# that stand in the same locations are counted together, because most of them do.
EACH_STATE = ", ".join(
    f"'{one}', (SELECT count(*) FROM fitting f WHERE f.here AND f.physical_state = '{one}')" for one in STATES
)
EACH_FLAG = ", ".join(
    f"'{name}', (SELECT count(*) FROM listed WHERE (listed.id IN ({having})) IS TRUE)" for name, having in FLAGS.items()
)
COUNT_FACETS = f"""
WITH {{found}}fitting AS MATERIALIZED (
  SELECT h.id, h.physical_state, {{of_state}} AS of_state, {{here}} AS here FROM inventory.chemicals h WHERE h.retired_at IS NULL{{fits}}),
listed AS MATERIALIZED (SELECT f.id FROM fitting f WHERE f.of_state AND f.here),
placed AS (
  SELECT array_agg(DISTINCT c.location_id) AS places FROM inventory.containers c
   WHERE c.disposed_at IS NULL AND (c.chemical_id IN (SELECT f.id FROM fitting f WHERE f.of_state)) IS TRUE GROUP BY c.chemical_id),
standing AS (
  SELECT step.id, sum(p.chemicals)::bigint AS chemicals
    FROM (SELECT places, count(*) AS chemicals FROM placed GROUP BY places) AS p
   CROSS JOIN LATERAL (SELECT DISTINCT unnest(string_to_array(trim(l.path, '/'), '/')::bigint[]) AS id
                         FROM inventory.locations l WHERE l.id = ANY (p.places)) AS step
   GROUP BY step.id)
SELECT (SELECT count(*) FROM fitting f WHERE f.of_state) AS chemicals,
       jsonb_build_object({EACH_STATE}) AS states, jsonb_build_object({EACH_FLAG}) AS flags,
       (SELECT coalesce(jsonb_agg(jsonb_build_object('id', l.id, 'parent_id', l.parent_id, 'name', l.name, 'full_name', l.full_name,
                                                     'chemicals', coalesce(s.chemicals, 0)) ORDER BY l.full_name_sort, l.id), '[]')
          FROM inventory.locations l LEFT JOIN standing s ON s.id = l.id WHERE l.archived_at IS NULL) AS locations"""


def _h_codes(text: str) -> str:
    """Refuses a code that the GHS does not have."""
    codes_meant(text)
    return text


if TYPE_CHECKING:
    Filtered = Model
    Orders = str
    Characteristic = str
else:
    Filtered = create_model("Filtered", __base__=Model, **{name: one.field for name, one in FILTERS.items()})
    Orders = Literal[tuple(sign + name for name in SORTS for sign in ("", "-"))]
    Characteristic = Literal[tuple(UNKNOWN)]


OTHERS: dict[str, Row] = {"h_codes": {"h_code": ""}, "hazards": {"hazard": []}}
"""Filters of a characteristic that need more SQL than a Filter has, without their values."""


class Search(Filtered):
    """The search of the list. A chemical is found if it fulfils every condition that is given."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"q": "acet", "state": ["liquid"]}]})

    q: Annotated[str, Field(max_length=200, description="words or beginnings of words")] = ""
    hazard: list[Pictogram | Literal["unknown", "none"]] = Field(default=[])
    h_code: Annotated[
        str,
        Field(max_length=200, description="H codes that all apply, such as H225 H319; H360 finds H360D and H360FD too"),
        AfterValidator(_h_codes),
    ] = ""
    match: Annotated[
        Literal[MATCHES],  # type: ignore[valid-type]
        Field(description="with structure: whether it is a part of the chemical's, just that, or similar to it"),
    ] = "substructure"
    similarity: Annotated[
        int,
        Field(
            ge=1,
            le=100,
            description="with match=similar: percent of the surroundings of atoms that both have (Tanimoto, Morgan)",
        ),
    ] = 70
    unknown: list[Characteristic] = Field(default=[], description="those of which this is not known")
    retired: bool = Field(default=False, description="those that are no longer available, instead of the others")
    flag: list[Literal["low", "marked", "expired", "expiring", "held", "missing", "peroxides"]] = Field(default=[])
    sort: Annotated[
        Orders,
        Field(
            description="name: as a chemist's index has them, 1,2-Dichloroethane under D; plain_name: sign by sign; hazards: Danger first; "
            "stock: amounts of one kind together; location: the first of them; what is not known comes last in both directions"
        ),
    ] = "name"
    cursor: Annotated[str, Field(max_length=2000)] = ""
    limit: Annotated[int, Field(ge=1, le=200)] = 50
    facets: bool = Field(default=False, description="also give what one may narrow by")

    _found_by_structure: list[int] = PrivateAttr(default_factory=list)
    _unread_structures: list[int] = PrivateAttr(default_factory=list)

    def fit_structure(self, found: list[int], unread: list[int]) -> None:
        """Says which chemicals the structure fits, and of which the SMILES cannot be read (structure_search.py)."""
        self._found_by_structure, self._unread_structures = found, unread

    @property
    def has_no_word(self) -> bool:
        """Whether the search text has neither letters nor digits, so that it finds nothing."""
        return bool(self.q.strip()) and not has_a_word(self.q)

    @property
    def given(self) -> Row:
        """The values of the filters that are set."""
        values = {name: getattr(self, name) for name in FILTERS}
        return {name: value for name, value in values.items() if value is not None and value != []}

    def narrowed(self, *without: str) -> tuple[list[LiteralString], list[LiteralString], Row]:
        """The sets of ids that a chemical must be in, the conditions that it must fulfil, and the parameters of both."""
        given = {name: value for name, value in self.given.items() if name not in without}
        sets = [*(SETS[name] for name in SETS if name in given), *(FLAGS[flag] for flag in self.flag)]
        sets += [UNKNOWN[name] for name in self.unknown]
        sets += [HAZARDS[code] for code in self.hazard if code in HAZARDS]
        words = [[code.lower()] for code in self.hazard if code not in HAZARDS]
        words += [sorted(code.lower() for code in codes) for codes in codes_meant(self.h_code)]
        named = {f"code_{number}": variants for number, variants in enumerate(words)}
        sets += [HAVING_A_WORD.format(name=parameter) for parameter in named]
        by_structure = {
            "found_by_structure": self._found_by_structure,
            "unread_structures": self._unread_structures,
        }
        if self.q.strip():
            sets.append(FOUND_BY_WORDS)
        if self.retired:
            sets.append(RETIRED)
        return sets, [COLUMNS[name] for name in COLUMNS if name in given], given | named | by_structure | {"q": self.q}

    def page(self, line: LiteralString = LINE, total: bool = True) -> Statement:
        """The statement for a page. It reads one row more than the page has, each with the total number; one empty row if nothing is found.

        The first page of liquids that “tetra” finds; {page} stands for its conditions, ORDER BY and LIMIT, the same in both ways:

            WITH found (id) AS MATERIALIZED (SELECT f.id FROM inventory.chemicals_found(%(q)s) AS f (id)),
                 size AS MATERIALIZED (SELECT count(*) > 1000 AS large FROM found),
                 counted AS MATERIALIZED (SELECT (…) AS total),
                 keys AS MATERIALIZED (
                   (SELECT h.id, h.sort FROM found f CROSS JOIN LATERAL (…) AS h
                     WHERE true AND NOT (SELECT large FROM size) {page})
                   UNION ALL
                   (SELECT h.id, h.sort FROM (SELECT h.*, h.name_sort AS sort FROM inventory.chemicals h) AS h
                     WHERE h.retired_at IS NULL AND (SELECT large FROM size) AND (h.id IN (SELECT id FROM found)) IS TRUE {page}))
            SELECT t.total, p.line, p.sort, p.id FROM counted AS t LEFT JOIN (…) AS p ON true ORDER BY p.sort ASC, p.id ASC
        """
        sets, conditions, given = self.narrowed()
        fits = "".join(f" AND {condition}" for condition in conditions)
        window, sort = self.window(), SORTS[self.sort.lstrip("-")]
        ways = [EACH_FOUND + ARE_FEW, LISTED + ARE_MANY] if sets else [LISTED]
        keys = [
            KEYS.format(
                chemicals=way.format(
                    key=sort.descending if self.descending else sort.ascending,
                    of=f" LEFT JOIN ({sort.of}) AS s ON s.chemical_id = h.id" if sort.of else "",
                ),
                fits=fits,
                beyond=window.condition("h"),
                order=window.order_by("h"),
                limit=self.limit + 1,
            )
            for way in ways
        ]
        text = FIND_PAGE.format(
            found=FOUND.format(sets=" INTERSECT ".join(sets)) if sets else "",
            keys=" UNION ALL ".join(f"({part})" for part in keys),
            total=self._number_of(sets, fits) if total else "NULL::int",
            line=line,
            direction=window.direction,
        )
        return text.replace(LIVE, NOT_LIVE) if self.retired else text, given | window.parameters

    def _number_of(self, sets: list[LiteralString], fits: LiteralString) -> LiteralString:
        """The SQL of the number of chemicals that are in the sets and fit."""
        if sets and not fits and not self.retired:
            return COUNT_FOUND
        return COUNT.format(chemicals=(EACH_FOUND if sets else LISTED).format(key="NULL", of=""), fits=fits)

    def count_unknown(self) -> dict[str, Statement]:
        """For each characteristic that a filter asks for, the statement that counts the chemicals of which it is not known: they fit all other
        filters and may fit this one, too."""
        asked = {FILTERS[name].part for name in self.given} - {""}
        asked |= {"h_codes"} if self.h_code.strip() else set()
        asked |= {"hazards"} if set(self.hazard) - set(HAZARDS) else set()
        return {part: self._without(part).count() for part in UNKNOWN if part in asked}

    def _without(self, part: str) -> Self:
        """The search for the chemicals of which a characteristic is not known, instead of those that filters by it find."""
        others: Row = {name: one.default for name, one in FILTERS.items() if one.part == part}
        others |= OTHERS.get(part, {})
        return self.model_copy(update=others | {"unknown": [*self.unknown, part]})

    def count(self) -> Statement:
        """The statement for the number of chemicals that are found."""
        sets, conditions, given = self.narrowed()
        counted = self._number_of(sets, "".join(f" AND {condition}" for condition in conditions))
        text = f"WITH {FOUND.format(sets=' INTERSECT '.join(sets))}counted AS (SELECT {counted} AS total) SELECT total FROM counted"
        return text.replace(LIVE, NOT_LIVE) if self.retired else text, given

    def count_facets(self) -> Statement:
        """The statement that counts what the list may be narrowed to further."""
        sets, conditions, given = self.narrowed("state", "location")
        if sets:
            conditions.append("(h.id IN (SELECT id FROM found)) IS TRUE")
        text = COUNT_FACETS.format(
            found=FOUND.format(sets=" INTERSECT ".join(sets)) if sets else "",
            fits="".join(f" AND {condition}" for condition in conditions),
            of_state=f"({COLUMNS['state']}) IS TRUE" if "state" in self.given else "true",
            here=f"(h.id IN ({SETS['location']})) IS TRUE" if "location" in self.given else "true",
        )
        given |= {name: value for name, value in self.given.items() if name in ("state", "location")}
        return text.replace(LIVE, NOT_LIVE) if self.retired else text, given

    @property
    def descending(self) -> bool:
        """Whether the list runs from the last to the first."""
        return self.sort.startswith("-")

    def window(self) -> Window:
        """The page that is asked for, in its order."""
        order = Order(("sort", "id"), (SORTS[self.sort.lstrip("-")].type, "bigint"), self.descending)
        return Window(order, self.cursor, self.limit)

    def answer(self, rows: list[Row]) -> Row:
        """The page of `rows` in its order, each line the text of a JSON object, with cursors for its neighbours."""
        page = self.window().answer([row for row in rows if row["id"] is not None])
        return page | {"items": [row["line"] for row in page["items"]]}
