"""What the reference knows of a substance: fills in a form by its CAS RN.

The reference is the same for all labs. It is asked for within a lab all the same: every request of the data plane enters one (there
is no other door to the database), so who belongs to no lab learns nothing, and the answer can say which chemicals of the lab
have this CAS RN already.
"""

from typing import Annotated, Any

from fastapi import Path, Query
from pydantic import Field

from api.access import InLab, Row
from api.cas_numbers import parse_cas_number
from api.database import Data
from api.fields import Model, Number
from api.formulas import molar_mass
from api.problems import Problem
from api.routes import resource
from api.views import StatementText, statement_texts

router = resource("/labs/{lab}", "substances")

MOST_FOUND = 20


class Listed(Model):
    """A chemical of the lab with this CAS RN."""

    id: int
    name: str


class Substance(Model):
    """A substance as the reference knows it; all but its CAS RN may be unknown."""

    cas_number: str = Field(examples=["109-99-9"])
    known: bool = Field(description="false: the reference has nothing about it")
    name: str | None = Field(examples=["Tetrahydrofuran"])
    synonyms: list[str]
    formula: str | None
    molar_mass_g_per_mol: Number | None
    smiles: str | None
    inchikey: str | None
    physical_state: str | None
    density_g_per_ml: Number | None
    pictograms: list[str] | None = Field(description="null: not known; empty: not classified")
    signal_word: str | None
    h_statements: list[StatementText]
    p_statements: list[StatementText]
    storage_class: str | None
    source: str | None = Field(description="where the classification is from")
    listed: list[Listed] = Field(description="chemicals of the lab that have this CAS RN already")


class SubstanceList(Model):
    """The substances that fit best."""

    items: list[Substance]


class MolarMass(Model):
    """The molar mass of a formula."""

    molar_mass_g_per_mol: Number = Field(examples=["72.107"])


SUBSTANCE = f"""
SELECT k.cas_number, s.cas_number IS NOT NULL AS known, s.name, s.formula, s.molar_mass_g_per_mol, s.smiles, s.inchikey, s.physical_state,
       s.density_g_per_ml, h.pictograms, h.signal_word, {statement_texts("h.h_statements")} AS h_statements,
       {statement_texts("h.p_statements")} AS p_statements, h.storage_class, h.source,
       ARRAY(SELECT n.name FROM reference.substance_names n WHERE n.cas_number = k.cas_number ORDER BY n.name) AS synonyms,
       (SELECT coalesce(jsonb_agg(jsonb_build_object('id', c.id, 'name', c.name) ORDER BY c.id), '[]') FROM inventory.chemicals c
         WHERE c.cas_number_sort = lpad(k.cas_number, 12, '0') AND c.retired_at IS NULL) AS listed
  FROM {{cas_numbers}} AS k (cas_number)
  LEFT JOIN reference.substances s ON s.cas_number = k.cas_number
  LEFT JOIN reference.hazard_classifications h ON h.cas_number = k.cas_number"""
FIND_SUBSTANCE = SUBSTANCE.format(cas_numbers="(VALUES (%(cas_number)s::text))")
# Names that begin so come first, then those that have it inside, then those of which another name does.
FIND_SUBSTANCES = (
    SUBSTANCE.format(
        cas_numbers="""(
    SELECT f.cas_number, min(f.rank), min(f.name)
      FROM (SELECT r.cas_number, r.name, CASE WHEN starts_with(lower(r.name), lower(%(q)s)) THEN 1 ELSE 2 END AS rank
              FROM reference.substances r WHERE strpos(lower(r.name), lower(%(q)s)) > 0 OR starts_with(r.cas_number, %(q)s)
             UNION ALL
            SELECT n.cas_number, n.name, 3 FROM reference.substance_names n WHERE starts_with(lower(n.name), lower(%(q)s))) AS f
     GROUP BY f.cas_number ORDER BY min(f.rank), min(f.name), f.cas_number LIMIT %(limit)s)"""
    ).replace("AS k (cas_number)", "AS k (cas_number, rank, found_by)")
    + " ORDER BY k.rank, k.found_by, k.cas_number"
)


@router.get("/substances", response_model=SubstanceList)
async def find_substances(
    q: Annotated[str, Query(min_length=2, max_length=200, description="a name or its beginning, or of a CAS RN")],
    visit: InLab,
    data: Data,
) -> Any:
    """The twenty substances that fit best."""
    return {"items": await data.read(visit, FIND_SUBSTANCES, {"q": q.strip(), "limit": MOST_FOUND})}


@router.get("/substances/{cas_number}", response_model=Substance)
async def find_substance(
    cas_number: Annotated[str, Path(max_length=40, examples=["109-99-9"])], visit: InLab, data: Data
) -> Row:
    """What is known of a CAS RN. `known` is false where that is nothing; 422 for what is no CAS RN."""
    try:
        checked = parse_cas_number(cas_number)
    except ValueError as error:
        raise Problem(422, str(error), {"/cas_number": str(error)}) from error
    return (await data.read(visit, FIND_SUBSTANCE, {"cas_number": checked}))[0]


@router.get("/molar-mass", response_model=MolarMass)
async def find_molar_mass(
    formula: Annotated[str, Query(max_length=200, examples=["C4H8O"])], visit: InLab, data: Data
) -> Any:
    """The molar mass that a chemical with this formula gets; 422 for what is no formula."""
    await data.read(visit, "SELECT 1 AS entered")  # nothing is computed for strangers
    try:
        return {"molar_mass_g_per_mol": molar_mass(formula)}
    except ValueError as error:
        raise Problem(422, str(error), {"/formula": str(error)}) from error
