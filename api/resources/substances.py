"""The reference's facts about substances, with which a form is filled in when somebody types a CAS RN.

The reference is the same for all labs, but its routes stand below a lab nevertheless. Every request to the database as chemuser
enters a lab; so somebody without a lab learns nothing, and the answer can name the chemicals of the lab that have this CAS RN.
"""

from typing import TYPE_CHECKING, Annotated, Any

from fastapi import Path, Query
from pydantic import Field, create_model

from api.chemistry.cas_numbers import parse_cas_number
from api.chemistry.formulas import molar_mass
from api.chemistry.properties import PROPERTIES, Figure
from api.core.database import Data
from api.core.fields import Model, Number
from api.core.problems import Problem
from api.core.routes import resource
from api.core.rows import Row, one
from api.core.views import StatementText, statement_texts
from api.core.visit import InLab

router = resource("/labs/{lab}", "substances")

MOST_FOUND = 20


class ListedChemical(Model):
    """A chemical of the lab with this CAS RN."""

    id: int
    name: str


if TYPE_CHECKING:
    KnownProperties = Model
else:
    KnownProperties = create_model(
        "KnownProperties",
        __base__=Model,
        **{one.name: (Number if isinstance(one, Figure) else str) | None for one in PROPERTIES if one.looked_up},
    )


class Substance(KnownProperties):
    """A substance as the reference has it; all fields but the CAS RN may be unknown."""

    cas_number: str = Field(examples=["109-99-9"])
    known: bool = Field(description="false: the reference has nothing about it")
    name: str | None = Field(examples=["Tetrahydrofuran"])
    synonyms: list[str]
    formula: str | None
    pictograms: list[str] | None = Field(description="null: not known; empty: not classified")
    signal_word: str | None
    h_statements: list[StatementText]
    p_statements: list[StatementText]
    source: str | None = Field(description="where the classification is from")
    autoignition_celsius: Number | None
    lower_explosion_limit_percent: Number | None = Field(description="% by volume in air")
    upper_explosion_limit_percent: Number | None
    twa_ppm: Number | None = Field(
        description="exposure limits of Ontario, in the unit of the regulation: average over 8 hours"
    )
    twa_mg_per_m3: Number | None
    stel_ppm: Number | None = Field(description="average over 15 minutes")
    stel_mg_per_m3: Number | None
    ceiling_ppm: Number | None = Field(description="never to be exceeded")
    ceiling_mg_per_m3: Number | None
    absorbed_by_skin: bool | None
    iarc_group: str | None = Field(examples=["2A"])
    iarc_agent: str | None = Field(description="what the IARC classified: may be a family, a mixture or a use")
    ntp_listing: str | None = Field(description="as a human carcinogen: known or reasonably anticipated")
    sources: dict[str, str] = Field(description="for each figure where it is from")
    origins: dict[str, str] = Field(
        description="for each field of a chemical that it fills in, what to write as its origin"
    )
    same_structure: list[str] = Field(description="other CAS RNs to which the reference gives the same InChIKey")
    listed: list[ListedChemical] = Field(description="chemicals of the lab that have this CAS RN already")


class SubstanceList(Model):
    """The substances that fit a search text best."""

    items: list[Substance]


class MolarMass(Model):
    """The molar mass of a formula."""

    molar_mass_g_per_mol: Number = Field(examples=["72.107"])


SAFETY = (
    "autoignition_celsius", "lower_explosion_limit_percent", "upper_explosion_limit_percent", "twa_ppm", "twa_mg_per_m3", "stel_ppm",
    "stel_mg_per_m3", "ceiling_ppm", "ceiling_mg_per_m3", "absorbed_by_skin", "iarc_group", "iarc_agent", "ntp_listing",
)  # fmt: skip
# All that is known of some CAS RNs: between the two stands what gives each of these its place and number.
SELECT_FACTS = f"""
SELECT k.cas_number, s.cas_number IS NOT NULL AS known, s.name, s.formula,
       {"".join(f"{one.name}, " for one in PROPERTIES if one.looked_up)}{"".join(f"s.{figure}, " for figure in SAFETY)}
       coalesce((SELECT jsonb_object_agg(f.key, r.title) FROM jsonb_each_text(s.sources) AS f JOIN reference.sources r ON r.code = f.value), '{{}}') AS sources,
       coalesce(reference.origins_of(s, h.source), '{{}}') AS origins,
       h.pictograms, h.signal_word, {statement_texts("h.h_statements")} AS h_statements,
       {statement_texts("h.p_statements")} AS p_statements, h.source,
       ARRAY(SELECT o.cas_number FROM reference.substances o WHERE o.inchikey = s.inchikey AND o.cas_number <> s.cas_number ORDER BY o.rank) AS same_structure,
       ARRAY(SELECT n.name FROM reference.substance_names n WHERE n.cas_number = k.cas_number ORDER BY n.name) AS synonyms,
       (SELECT coalesce(jsonb_agg(jsonb_build_object('id', c.id, 'name', c.name) ORDER BY c.id), '[]') FROM inventory.chemicals c
         WHERE c.cas_number_sort = lpad(k.cas_number, 12, '0') AND c.retired_at IS NULL) AS listed
  FROM """
OF_SUBSTANCES = """ AS k (place, cas_number)
  LEFT JOIN reference.substances s ON s.cas_number = k.cas_number
  LEFT JOIN reference.hazard_classifications h ON h.cas_number = k.cas_number
 ORDER BY k.place"""
FIND_SUBSTANCE = SELECT_FACTS + "(VALUES (1, %(cas_number)s::text))" + OF_SUBSTANCES
FIND_SUBSTANCES = SELECT_FACTS + "reference.substances_suggested(%(q)s, %(limit)s)" + OF_SUBSTANCES


@router.get("/substances", response_model=SubstanceList)
async def find_substances(
    q: Annotated[
        str,
        Query(
            min_length=2,
            max_length=200,
            description="the beginning of a name, an abbreviation, words within a name, the beginning of a CAS RN, an InChIKey, or a "
            "SMILES as the reference writes it",
        ),
    ],
    visit: InLab,
    data: Data,
) -> Any:
    """The twenty substances that fit best."""
    return {"items": await data.read(visit, FIND_SUBSTANCES, {"q": q.strip(), "limit": MOST_FOUND})}


@router.get("/substances/{cas_number}", response_model=Substance)
async def find_substance(
    cas_number: Annotated[str, Path(max_length=40, examples=["109-99-9"])], visit: InLab, data: Data
) -> Row:
    """The reference's facts about a CAS RN. `known` is false if it has none; 422 for a text that is not a CAS RN."""
    try:
        checked = parse_cas_number(cas_number)
    except ValueError as error:
        raise Problem(422, str(error), {"/cas_number": str(error)}) from error
    return one(await data.read(visit, FIND_SUBSTANCE, {"cas_number": checked}))


@router.get("/molar-mass", response_model=MolarMass)
async def find_molar_mass(
    formula: Annotated[str, Query(max_length=200, examples=["C4H8O"])], visit: InLab, data: Data
) -> Any:
    """The molar mass that a chemical with this formula gets; 422 for a text that is not a formula."""
    await data.require(visit)  # work out nothing for people who do not belong to the lab
    try:
        return {"molar_mass_g_per_mol": molar_mass(formula)}
    except ValueError as error:
        raise Problem(422, str(error), {"/formula": str(error)}) from error
