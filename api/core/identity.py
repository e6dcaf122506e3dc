"""Whether the name, the formula and the CAS RN of a chemical belong to one substance, as far as the reference knows."""

from decimal import Decimal

from api.chemistry.formulas import FormulaError, known_molar_mass
from api.core.database import Found, Statement
from api.core.problems import Problem
from api.core.rows import Row

IDENTITY = ("name", "cas_number", "formula")
ROUNDING = Decimal("0.05")
"""A difference of molar masses in g/mol: larger than between two tables of atomic weights, smaller than between two formulas."""
FIND_IDENTITY = "SELECT h.name, h.cas_number, h.formula FROM inventory.chemicals h WHERE h.id = %s"
# The reference's substance with the CAS RN, and its substances with the name.
FIND_MEANT = """
WITH named AS MATERIALIZED (SELECT n.cas_number, n.meant FROM reference.substances_named(%(name)s) AS n)
SELECT s.cas_number, s.name, s.formula, s.cas_number = %(cas_number)s AS by_number,
       s.cas_number IN (SELECT n.cas_number FROM named n) AS by_name
  FROM reference.substances s
 WHERE s.cas_number = ANY (ARRAY(SELECT n.cas_number FROM named n WHERE n.meant) || %(cas_number)s::text)
 ORDER BY s.rank LIMIT 5"""


def statements_of(written: Row, chemical: int = 0) -> dict[str, Statement]:
    """The statements whose rows `ask` needs: the chemical as it was before, and the substances of the written CAS RN and name."""
    return {
        "before": (FIND_IDENTITY, (chemical,)),
        "meant": find_meant(written),
    }


def find_meant(written: Row) -> Statement:
    """The statement whose rows `question` needs."""
    return (FIND_MEANT, {"cas_number": written.get("cas_number"), "name": written.get("name")})


def ask(found: Found, written: Row) -> None:
    """Raises a Problem, a question, if the written name is that of one substance, and the CAS RN or formula that of another.

    Where all three are as they were before, the question was answered then and is not asked again.
    """
    before = next(iter(found["before"]), {})
    if all(written.get(name) == before.get(name) for name in IDENTITY if name in written):
        return
    if sentence := question(written, found["meant"]):
        raise Problem(409, sentence, {"/belong_together": sentence})


def question(written: Row, meant: list[Row]) -> str:
    """The question that `ask` raises, or "" if there is none; `meant` has the rows of FIND_MEANT."""
    number = next((row for row in meant if row["by_number"]), None)
    named = [row for row in meant if row["by_name"]]
    formula = written.get("formula")
    contradiction = ""
    if number and named and not any(row["by_number"] for row in named):
        contradiction = f"{written['cas_number']} is {number['name']}; {written['name']} has {named[0]['cas_number']}."
    else:
        known = number or (named[0] if len(named) == 1 else None)
        if known and formula and _differ(formula, known["formula"]):
            contradiction = f"{known['name']} is {known['formula']}, not {formula}."
    return contradiction and f"{contradiction} Do the name, the formula and the CAS RN belong to the same chemical?"


def _differ(one: str, other: str | None) -> bool:
    """Whether two formulas have different molar masses. False where one of the masses cannot be worked out."""
    try:
        masses = [known_molar_mass(formula) for formula in (one, other or "")]
    except FormulaError:
        return False
    return None not in masses and abs(masses[0] - masses[1]) > ROUNDING  # type: ignore[operator]
