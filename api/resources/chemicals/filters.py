"""The filters of the list of chemicals that have a value, each declared once: its type, the SQL that finds what fits, and the characteristic
of which it may be unknown whether it fits. The flags stand in queries.py; the filters of single containers in api/core/narrowing.py. How the
page shows each filter: pages/chemicals/filters.py.
"""

import re
from decimal import Decimal
from typing import Annotated, Any, Literal, LiteralString, NamedTuple

from pydantic import AfterValidator, Field

from api.chemistry.atoms import ELEMENTS
from api.chemistry.formulas import atoms_of, in_hill_order
from api.chemistry.hazards import codes_meant
from api.chemistry.properties import IN_THE_LIST, RANGED, Choice, ShortText
from api.chemistry.quantities import parse_amount, plain
from api.core.fields import CasNumberIn, Day, Id, Line, Maybe
from api.core.narrowing import OF_CONTAINERS, Text
from api.core.search_words import HAVING_A_WORD
from api.structures import LONGEST_STRUCTURE

STATES = ("solid", "liquid", "gas")


class Filter(NamedTuple):
    """A filter: the type of its value, SQL, and the name in UNKNOWN of what may be unknown. `sql` is a condition on a chemical `h` where the
    indexes of the list hold its columns, else the ids of the chemicals that fit, each once. It must not find what is unknown."""

    type: Any
    sql: LiteralString
    part: str = ""
    about: str = ""
    default: Any = None

    @property
    def field(self) -> Any:
        """The filter as a field of a model."""
        maybe: Any = Maybe
        kind = self.type if self.default == [] else maybe[self.type]
        return kind, Field(default=self.default, description=self.about or None)


def _h_codes(text: str) -> list[str]:
    """All codes that the text means, as the words of chemicals have them; refuses a code that the GHS does not have."""
    return sorted({code.lower() for codes in codes_meant(text) for code in codes})


def _un_number(text: str) -> str:
    """Refuses a text that no chemical can have as its UN number."""
    if not UN_NUMBER.fits(text):
        raise ValueError(UN_NUMBER.hint)
    return text


def _formula(text: str) -> str:
    """The formula as the words of chemicals have it; refuses a text that is no formula."""
    return "==" + in_hill_order(atoms_of(text))


def _elements(text: str) -> list[str]:
    """Ranges of words. A chemical fits that has a word in each range after + and in none after -. "C, Br>=2" means both elements."""
    bounds: dict[str, tuple[Decimal, Decimal]] = {}
    for part in re.split(r"[\s,;]+", re.sub(r" ?([<>=≤≥]) ?", r"\1", " ".join(text.split()).strip(" ,;"))):
        match = re.fullmatch(r"([A-Z][a-z]?)(?:(>=|<=|>|<|=|≥|≤)([0-9]{1,5}))?", part, re.ASCII)
        symbol, sign, number = (match[1], match[2] or ">", Decimal(match[3] or 0)) if match else ("", "", Decimal(0))
        if symbol not in ELEMENTS or (sign == "<" and not number):
            raise ValueError(f"“{part[:30]}” is not understood. Write elements such as C, H, Br>=1 or F=0.")
        least = number + PART_OF_AN_ATOM * (sign == ">") if sign in (">=", "≥", ">", "=") else Decimal(0)
        most = number - PART_OF_AN_ATOM * (sign == "<") if sign in ("<=", "≤", "<", "=") else MOST_ATOMS
        before = bounds.get(symbol, (Decimal(0), MOST_ATOMS))
        bounds[symbol] = max(before[0], least), min(before[1], most)
    ranges = [
        f"+ ={symbol}:{least:014.4f} ={symbol}:{most:014.4f}"
        if least
        else f"- ={symbol}:{most + PART_OF_AN_ATOM:014.4f} ={symbol}:~"
        for symbol, (least, most) in bounds.items()
    ]
    return ranges if any(one.startswith("+") for one in ranges) else [f"+ {ANY_FORMULA}", *ranges]


def _amount(text: str) -> str:
    """The amount with its unit as the database knows it: "500ml" becomes "500 mL"."""
    quantity = parse_amount(text)
    return f"{plain(quantity.amount)} {quantity.unit}"


MOST_ATOMS = Decimal(999_999_999)
PART_OF_AN_ATOM = Decimal("0.0001")
"""The words of chemicals count atoms to this part of one: CaSO4·½H2O has 4.5 O."""
ANY_FORMULA = "== =>"
"""The range of the words that begin with ==: a chemical has one if the database could count the atoms of its formula."""
UN_NUMBER = next(one for one in IN_THE_LIST if isinstance(one, ShortText) and one.name == "un_number")
HCodes = Annotated[str, Field(max_length=200), AfterValidator(_h_codes)]
OF_CHEMICALS = "SELECT h.id FROM inventory.chemicals h WHERE h.retired_at IS NULL AND"
IN_STOCK = "SELECT DISTINCT c.chemical_id FROM inventory.containers c WHERE c.disposed_at IS NULL AND"
# The first moment of the day in the lab's time zone.
MIDNIGHT = (
    "(SELECT %({name})s::date::timestamp AT TIME ZONE l.time_zone FROM control.labs l WHERE l.id = control.lab_id())"
)

UNKNOWN: dict[str, LiteralString] = {
    "state": f"{OF_CHEMICALS} h.physical_state IS NULL",
    "hazards": f"{OF_CHEMICALS} h.pictograms IS NULL",
    # Somebody may have ticked pictograms and written no H code: only who checked and found no hazard at all says that none applies.
    "h_codes": f"{OF_CHEMICALS} (h.pictograms IS NULL OR h.h_statements = '{{}}' AND (h.pictograms <> '{{}}' OR h.signal_word IS NOT NULL))",
    "signal_word": f"{OF_CHEMICALS} h.signal_word IS NULL AND (h.pictograms IS NULL OR h.pictograms <> '{{}}' OR h.h_statements <> '{{}}')",
    # No formula, or one whose atoms the database cannot count, such as NaOAc.
    "formula": f"SELECT n.id FROM ({OF_CHEMICALS} true EXCEPT SELECT w.chemical_id FROM inventory.chemical_words w WHERE w.word >= '==' AND w.word < '=>') AS n",
    # No SMILES, or one that RDKit cannot read.
    "structure": f"{OF_CHEMICALS} (h.smiles IS NULL OR h.id = ANY (%(unread_structures)s::bigint[]))",
    "amount": f"{IN_STOCK} c.missing_since IS NULL AND c.amount IS NULL",
    "expiry": f"{IN_STOCK} c.use_by IS NULL",
    **{one.listed: f"{OF_CHEMICALS} h.{one.name} IS NULL" for one in IN_THE_LIST if one.name != "physical_state"},
}
"""Characteristic → the ids of the chemicals of which it is not known."""


def _ranges() -> dict[str, Filter]:
    """Two filters for each figure of the list, such as flash_point_from and flash_point_to."""
    found = {}
    for figure in RANGED:
        for end, sign in (("from", ">="), ("to", "<=")):
            name = f"{figure.listed}_{end}"
            sql: LiteralString = f"{OF_CHEMICALS} h.{figure.name} {sign} %({name})s"
            if figure.has_key:  # the key of an unknown figure is Infinity, which must not count as within the bounds
                sql = f"h.{figure.listed}_sort {sign} %({name})s::double precision AND h.{figure.listed}_sort < 'Infinity'"
            found[name] = Filter(Annotated[Decimal, Field(max_digits=20)], sql, figure.listed, figure.unit)
    return found


def _choices() -> dict[str, Filter]:
    """A filter for each choice of the list but the physical state, which stands in the list's indexes."""
    several: Any = list
    return {
        one.listed: Filter(
            several[Literal[tuple(one.choices)]],
            f"{OF_CHEMICALS} h.{one.name} = ANY (%({one.listed})s)",
            one.listed,
            "one of them",
            [],
        )
        for one in IN_THE_LIST
        if isinstance(one, Choice) and one.name != "physical_state"
    }


FILTERS: dict[str, Filter] = {
    "state": Filter(
        list[Literal["solid", "liquid", "gas"]], "h.physical_state = ANY (%(state)s)", "state", default=[]
    ),
    "signal_word": Filter(
        list[Literal["Danger", "Warning"]], f"{OF_CHEMICALS} h.signal_word = ANY (%(signal_word)s)", "signal_word", "one of them", []
    ),
    "h_code_any": Filter(HCodes, HAVING_A_WORD.format(name="h_code_any"), "h_codes", "H codes of which at least one applies"),
    "h_code_none": Filter(
        HCodes,
        f"SELECT n.id FROM ({OF_CHEMICALS} true EXCEPT {UNKNOWN['h_codes']} EXCEPT {HAVING_A_WORD.format(name='h_code_none')}) AS n",
        "h_codes",
        "H codes of which none applies; what has no known H codes is not found",
    ),
    "formula": Filter(
        Annotated[Text, AfterValidator(_formula)],
        "SELECT DISTINCT w.chemical_id FROM inventory.chemical_words w WHERE w.word = %(formula)s",
        "formula",
        "the same atoms, in any order: C2H5OH finds C2H6O",
    ),
    "elements": Filter(
        Annotated[Text, AfterValidator(_elements)],
        """SELECT r.chemical_id FROM unnest(%(elements)s::text[]) AS e (range)
 CROSS JOIN LATERAL (SELECT w.chemical_id FROM inventory.chemical_words w
                      WHERE w.word >= split_part(e.range, ' ', 2) AND w.word <= split_part(e.range, ' ', 3) OFFSET 0) AS r
 GROUP BY r.chemical_id
HAVING bool_and(starts_with(e.range, '+')) AND count(*) = (SELECT count(*) FROM unnest(%(elements)s::text[]) AS a (range) WHERE starts_with(a.range, '+'))""",
        "formula",
        "elements that the formula has: C, H, Cl; Br>=1, O<=3, F=0 bound the number of their atoms",
    ),
    "storage_class": Filter(
        Text, f"{OF_CHEMICALS} lower(h.storage_class) = lower(%(storage_class)s)", "storage_class", "just this class, in any case"
    ),
    "un_number": Filter(
        Annotated[Text, AfterValidator(_un_number)], f"{OF_CHEMICALS} right(h.un_number, 4) = right(%(un_number)s, 4)", "un_number", "with UN or without"
    ),
    **_choices(),
    **_ranges(),
    "structure": Filter(
        Annotated[Line, Field(max_length=LONGEST_STRUCTURE)],
        "SELECT u.id FROM unnest(%(found_by_structure)s::bigint[]) AS u (id)",
        "structure",
        "a SMILES, or for match=substructure a SMARTS; structure_search.py finds the ids",
    ),
    "amount_from": Filter(
        Annotated[Line, Field(max_length=40), AfterValidator(_amount)],
        """SELECT c.chemical_id FROM inventory.containers c JOIN reference.units u ON u.unit = c.unit
  JOIN reference.units least ON least.unit = split_part(%(amount_from)s, ' ', 2) AND least.dimension = u.dimension
 WHERE c.disposed_at IS NULL AND c.missing_since IS NULL
 GROUP BY c.chemical_id, least.factor HAVING sum(c.amount * u.factor) >= split_part(%(amount_from)s, ' ', 1)::numeric * least.factor""",
        "amount",
        "at least so much is in stock, all containers together, such as 500 mL; masses are compared with masses, volumes with volumes",
    ),
    "added_since": Filter(Day, f"{OF_CHEMICALS} h.made_at >= {MIDNIGHT.format(name='added_since')}"),
    "changed_since": Filter(Day, f"{OF_CHEMICALS} h.changed_at >= {MIDNIGHT.format(name='changed_since')}"),
    "cas_number": Filter(CasNumberIn, f"{OF_CHEMICALS} h.cas_number_sort = lpad(%(cas_number)s, 12, '0')"),
    "chemical": Filter(
        Annotated[list[Id], Field(max_length=200)],
        """SELECT DISTINCT h.id FROM unnest(%(chemical)s::bigint[]) AS u (id)
  CROSS JOIN LATERAL (SELECT h.id FROM inventory.chemicals h WHERE h.id = u.id OFFSET 0) AS h""",
        default=[],
    ),
    **{
        name: Filter(one.type, f"{IN_STOCK} {one.fits}", "expiry" if name.startswith("expires") else "", f"a container {one.about}")
        for name, one in OF_CONTAINERS.items()
    },
}  # fmt: skip
"""The filters in the order of the API's description. Each has a line in pages/chemicals/filters.py and a case in
tests/api/test_chemical_filters.py."""
SETS = {name: one.sql for name, one in FILTERS.items() if one.sql.startswith("SELECT")}
COLUMNS = {name: one.sql for name, one in FILTERS.items() if name not in SETS}
