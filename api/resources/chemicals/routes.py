"""One chemical: look at it, list it, edit it."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from psycopg.types.json import Jsonb

from api.chemistry.properties import PROPERTIES
from api.chemistry.quantities import Quantity, convert, units_fitting
from api.core import identity
from api.core.database import Data, Found, Statements
from api.core.fields import Id
from api.core.preconditions import GIVES_ETAG, IfMatch, tag
from api.core.problems import Problem
from api.core.routes import resource
from api.core.rows import Row, id_of, one
from api.core.views import CONTAINER, MOVEMENT, Written, statement_texts, with_units
from api.core.visit import InLab
from api.resources.chemicals.models import Chemical, ChemicalChange, ChemicalIn, WrittenChemical
from api.resources.chemicals.queries import IN_STOCK, IS_LOW
from api.resources.chemicals.structures import check_smiles
from api.structures.apart import Structures

router = resource("/labs/{lab}", "chemicals")


FIND_CHEMICAL = f"""
SELECT h.id, h.xmin::text AS version, h.name, h.synonyms, h.cas_number, h.formula,
       {", ".join(f"h.{one.name}" for one in PROPERTIES)}, h.pictograms, h.signal_word, h.hazards_from, h.origins,
       (SELECT count(*) FROM reference.classifications_offered(h.cas_number)) AS classifications, h.hazards_at, judge.name AS hazards_by_name, list.file_name AS hazards_list,
       h.supplier, h.catalogue_number, h.low_stock_amount, h.low_stock_unit, h.notes, h.made_at, h.changed_at, h.retired_at,
       {statement_texts("h.h_statements")} AS h_statements, {statement_texts("h.p_statements")} AS p_statements,
       maker.name AS made_by_name, changer.name AS changed_by_name, {IS_LOW} AS low,
       (SELECT inventory.totals(array_agg(c.amount), array_agg(c.unit)) {IN_STOCK}) AS totals,
       (SELECT jsonb_build_object('id', d.id, 'reason', d.reason, 'marked_at', d.marked_at, 'marked_by', d.marked_by, 'marked_by_name', u.name)
          FROM inventory.disposals d JOIN control.users u ON u.id = d.marked_by
         WHERE d.chemical_id = h.id AND d.container_id IS NULL AND d.outcome IS NULL) AS mark,
       (SELECT coalesce(jsonb_agg(jsonb_build_object('id', t.id, 'name', t.name) ORDER BY t.id), '[]') FROM inventory.chemicals t
         WHERE t.lab_id = h.lab_id AND t.cas_number_sort = h.cas_number_sort AND h.cas_number IS NOT NULL AND t.id <> h.id
           AND t.retired_at IS NULL) AS twins
  FROM inventory.chemicals h
  LEFT JOIN control.users maker ON maker.id = h.made_by
  LEFT JOIN control.users changer ON changer.id = h.changed_by
  LEFT JOIN control.users judge ON judge.id = h.hazards_by
  LEFT JOIN inventory.imports list ON list.id = h.hazards_import_id
 WHERE h.id = %(chemical)s"""
FIND_CONTAINERS = (
    CONTAINER + " WHERE s.chemical_id = %(chemical)s ORDER BY s.disposed_at IS NOT NULL, s.use_by, s.id LIMIT 500"
)
FIND_MOVEMENTS = MOVEMENT + " WHERE e.chemical_id = %(chemical)s ORDER BY e.made_at DESC, e.source, e.id DESC LIMIT 20"
WEEKS = 52
# The amount that all containers together held at the end of each week of a year, in the base unit of the dimension that most of them have.
# Unknown amounts count as nothing. The first week contains everything from before the year.
FIND_WEEKS = f"""
WITH lines AS (
  SELECT u.dimension, m.amount * u.factor AS amount,
         greatest(date_trunc('week', m.made_at AT TIME ZONE z.time_zone), date_trunc('week', control.today()::timestamp) - interval '{WEEKS - 1} weeks') AS monday
    FROM (SELECT l.time_zone FROM control.labs l WHERE l.id = control.lab_id()) AS z
   CROSS JOIN inventory.containers c
    JOIN inventory.movements m ON m.container_id = c.id
    JOIN reference.units u ON u.unit = c.unit
   WHERE c.chemical_id = %(chemical)s AND m.amount IS NOT NULL),
chosen AS (SELECT l.dimension FROM lines l GROUP BY l.dimension ORDER BY count(*) DESC, l.dimension LIMIT 1)
SELECT w.monday::date AS monday, d.dimension, sum(coalesce(l.amount, 0)) OVER (ORDER BY w.monday) AS amount
  FROM chosen d
 CROSS JOIN generate_series((SELECT min(f.monday) FROM lines f WHERE f.dimension = d.dimension), date_trunc('week', control.today()::timestamp), '1 week') AS w (monday)
  LEFT JOIN (SELECT a.dimension, a.monday, sum(a.amount) AS amount FROM lines a GROUP BY a.dimension, a.monday) AS l
    ON l.dimension = d.dimension AND l.monday = w.monday
 ORDER BY w.monday"""
BASE_UNITS = {"mass": "g", "volume": "mL", "count": "each", "substance": "mol", "enzyme": "U", "pressure": "bar"}
ADD_CHEMICAL = "SELECT inventory.insert_row('inventory.chemicals', %s) AS id"
CHANGE_CHEMICAL = "SELECT inventory.update_row('inventory.chemicals', %s, %s, %s) AS id"
TAKE_BACK = "SELECT inventory.take_back_chemical(%s) AS id"
FIND_TWINS = """
SELECT h.name FROM inventory.chemicals h
 WHERE h.cas_number_sort = lpad(%s, 12, '0') AND h.id <> %s AND h.retired_at IS NULL ORDER BY h.id LIMIT 3"""

FIND_UNITS = """
SELECT DISTINCT c.unit FROM inventory.containers c WHERE c.chemical_id = %s AND c.disposed_at IS NULL AND c.unit IS NOT NULL"""


def stock_amount(row: Row) -> Decimal | None:
    """The amount in stock of a chemical, in the unit of its limit."""
    unit = row["low_stock_unit"]
    if unit is None:
        return None
    density = row["density_g_per_ml"]
    fitting = units_fitting(unit, density_is_known=density is not None)
    held = [
        Quantity(Decimal(str(total["amount"])), total["unit"]) for total in row["totals"] if total["unit"] in fitting
    ]
    return sum((convert(quantity, unit, density) for quantity in held), Decimal(0))


def answered(row: Row, said: ChemicalIn) -> Callable[[Found], Row]:
    """The id of the chemical, and a warning when another chemical of the lab has the same CAS RN; a question where the values of `row` belong to two substances."""

    def answer(found: Found) -> Row:
        if not said.belong_together:
            identity.ask(found, row)
        if said.low_stock_unit and said.low_stock_amount is not None:
            check_limit(row["low_stock_unit"], [kept["unit"] for kept in found["units"]])
        twins = found["twins"]
        return id_of(found["written"]) | {"warning": f"{twins[0]['name']} has this CAS number too." if twins else None}

    return answer


def check_limit(unit: str, kept_in: list[str]) -> None:
    """Refuses a limit that no container's amount can be compared with. Grams and millilitres fit each other without a density."""
    fitting = units_fitting(unit, density_is_known=True)
    if kept_in and not set(kept_in) & set(fitting):
        sentence = f"The containers are kept in {kept_in[0]}: write the limit in a unit like {kept_in[0]}."
        raise Problem(422, sentence, {"/low_stock_unit": sentence})


@router.get("/chemicals/{chemical}", response_model=Chemical, responses=GIVES_ETAG)
async def find_chemical(chemical: Id, visit: InLab, data: Data) -> Any:
    """A chemical with its containers and its latest movements."""
    given = {"chemical": chemical}
    found = await data.read_all(
        visit,
        {
            "chemical": (FIND_CHEMICAL, given),
            "containers": (FIND_CONTAINERS, given),
            "movements": (FIND_MOVEMENTS, given),
            "weeks": (FIND_WEEKS, given),
        },
    )
    row = one(found["chemical"])
    tag(visit, row["version"])
    weeks = [
        {"monday": week["monday"], "amount": week["amount"], "unit": BASE_UNITS[week["dimension"]]}
        for week in found["weeks"]
    ]
    return row | {
        "stock_amount": stock_amount(row),
        "containers": [with_units(container) for container in found["containers"]],
        "movements": found["movements"],
        "weeks": weeks,
    }


@router.post("/chemicals", status_code=201, response_model=WrittenChemical)
async def add_chemical(chemical: ChemicalIn, visit: InLab, data: Data, chemist: Structures) -> Any:
    """Adds a chemical to the lab. A CAS RN may occur twice (for grades or mixtures); then the answer has a warning."""
    row = chemical.row()
    await check_smiles(row, 0, visit, data, chemist)
    statements: Statements = {
        **identity.statements_of(row),
        "written": (ADD_CHEMICAL, (Jsonb(row),)),
        "twins": (FIND_TWINS, (chemical.cas_number, 0)),
        "units": (FIND_UNITS, (0,)),
    }
    return await data.write(visit, statements, answer=answered(row, chemical))


@router.patch("/chemicals/{chemical}", response_model=WrittenChemical)
async def change_chemical(
    chemical: Id, change: ChemicalChange, visit: InLab, data: Data, if_match: IfMatch, chemist: Structures
) -> Any:
    """Changes the fields of a chemical that are given."""
    row = change.row()
    await check_smiles(row, chemical, visit, data, chemist)
    statements: Statements = {
        **identity.statements_of(row, chemical),
        "written": (CHANGE_CHEMICAL, (chemical, Jsonb(row), if_match or change.version)),
        "twins": (FIND_TWINS, (change.cas_number, chemical)),
        "units": (FIND_UNITS, (chemical,)),
    }
    return await data.write(visit, statements, answer=answered(row, change))


@router.post("/chemicals/{chemical}/take-back", response_model=Written)
async def take_back(chemical: Id, visit: InLab, data: Data) -> Any:
    """Takes back a chemical that was listed by mistake and has never had a container. Whoever listed it may do so for a day, a manager always."""
    statements: Statements = {"done": (TAKE_BACK, (chemical,))}
    return await data.write(visit, statements, answer=lambda found: id_of(found["done"]))
