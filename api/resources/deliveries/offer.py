"""The choices of the form for a delivery: chemicals of its lines, the substance of a CAS RN, locations, suppliers."""

from datetime import date
from typing import Annotated, Any

from pydantic import ConfigDict, Field

from api.chemistry.cas_numbers import parse_cas_number
from api.chemistry.quantities import UNITS
from api.core.database import Found, Statements
from api.core.fields import Id, Model, Number
from api.core.product_codes import FACTS_OF_PRODUCT, FactsOfProduct
from api.core.rows import Row, one
from api.core.views import NamedLocation
from api.resources.deliveries.queries import FIND_DELIVERIES, DeliveryLine


class OfferedChemical(FactsOfProduct):
    """A chemical of a line, with pack size, supplier and other facts of its latest container as suggestions."""

    id: int
    name: str
    cas_number: str | None
    formula: str | None
    physical_state: str | None
    pictograms: list[str] | None = Field(description="null: not known")
    signal_word: str | None
    containers: int
    totals: list[dict[str, Any]] = Field(
        description="what is in stock, by dimension", examples=[[{"amount": "2.98", "unit": "L"}]]
    )
    marked: bool = Field(description="it or one of its containers is marked for deletion")
    pack_size: Number | None
    pack_unit: str | None
    location_id: int | None


class Known(Model):
    """The reference's facts about a CAS RN, and whether the lab lists it already."""

    cas_number: str
    name: str | None = Field(description="null: the reference does not know it")
    formula: str | None
    molar_mass_g_per_mol: Number | None
    physical_state: str | None
    pictograms: list[str] | None = Field(description="null: not known")
    signal_word: str | None
    listed: list[dict[str, Any]] = Field(
        description="chemicals of the lab with this CAS RN", examples=[[{"id": 12, "name": "Ethanol"}]]
    )


class Offer(Model):
    """All choices of the form for a delivery."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"today": "2026-03-31", "currency": "EUR", "suppliers": ["VWR"]}]}
    )

    today: date = Field(description="where the lab is")
    chemicals: list[OfferedChemical] = Field(description="those asked for that the lab has and has not retired")
    known: list[Known]
    locations: list[NamedLocation]
    suppliers: list[str] = Field(description="the latest")
    currency: str | None = Field(description="of the last price")
    units: list[str]
    latest: list[DeliveryLine] = Field(description="the last deliveries")


class Asked(Model):
    """The chemicals and CAS RNs that the lines of the form name so far."""

    model_config = ConfigDict(extra="forbid")

    chemical: list[Id] = Field(default=[], max_length=100)
    cas_number: list[Annotated[str, Field(max_length=100)]] = Field(
        default=[], max_length=100, description="what is none is ignored"
    )

    def statements(self) -> Statements:
        """The statements that read the choices, for one round trip."""
        given = {
            "chemicals": self.chemical,
            "cas_numbers": [code for code in map(_cas_number, self.cas_number) if code],
        }
        return {
            "lab": (FIND_LAB, {}),
            "chemicals": (FIND_CHEMICALS, given),
            "known": (FIND_KNOWN, given),
            "locations": (FIND_LOCATIONS, {}),
            "latest": (FIND_LATEST, {"limit": 3}),
        }

    def offer(self, found: Found) -> Row:
        """The rows of `statements` as an Offer."""
        lists = {name: found[name] for name in ("chemicals", "known", "locations", "latest")}
        return one(found["lab"]) | lists | {"units": list(UNITS)}


FIND_LAB = """
SELECT control.today() AS today,
       (SELECT c.currency FROM inventory.containers c WHERE c.currency IS NOT NULL ORDER BY c.id DESC LIMIT 1) AS currency,
       coalesce((SELECT array_agg(s.supplier ORDER BY s.latest DESC)
                   FROM (SELECT c.supplier, max(c.id) AS latest FROM inventory.containers c WHERE c.supplier IS NOT NULL
                          GROUP BY c.supplier ORDER BY latest DESC LIMIT 40) AS s), '{}') AS suppliers"""
FIND_CHEMICALS = f"""
SELECT h.id, h.name, h.cas_number, h.formula, h.physical_state, h.pictograms, h.signal_word, s.containers, s.totals,
       EXISTS (SELECT FROM inventory.disposals d WHERE d.chemical_id = h.id AND d.outcome IS NULL) AS marked,
       l.pack_size, l.pack_unit, l.location_id, {", ".join(f"l.{one.name}" for one in FACTS_OF_PRODUCT)}
  FROM inventory.chemicals h
 CROSS JOIN LATERAL (
   SELECT count(*)::int AS containers, inventory.totals(array_agg(c.amount), array_agg(c.unit)) AS totals
     FROM inventory.containers c WHERE c.lab_id = h.lab_id AND c.chemical_id = h.id AND c.disposed_at IS NULL AND c.missing_since IS NULL) AS s
  LEFT JOIN LATERAL (
   SELECT c.pack_size, c.pack_unit, {", ".join(f"c.{one.name}" for one in FACTS_OF_PRODUCT)},
          (SELECT p.id FROM inventory.locations p WHERE p.lab_id = c.lab_id AND p.id = c.location_id AND p.archived_at IS NULL) AS location_id
     FROM inventory.containers c WHERE c.lab_id = h.lab_id AND c.chemical_id = h.id ORDER BY c.id DESC LIMIT 1) AS l ON true
 WHERE h.id = ANY (%(chemicals)s::bigint[]) AND h.retired_at IS NULL"""
FIND_KNOWN = """
SELECT n.cas_number, s.name, s.formula, s.molar_mass_g_per_mol, s.physical_state, k.pictograms, k.signal_word,
       coalesce((SELECT jsonb_agg(jsonb_build_object('id', h.id, 'name', h.name) ORDER BY h.name_sort, h.id)
                   FROM inventory.chemicals h WHERE h.cas_number_sort = lpad(n.cas_number, 12, '0') AND h.retired_at IS NULL), '[]') AS listed
  FROM unnest(%(cas_numbers)s::text[]) AS n (cas_number)
  LEFT JOIN reference.substances s ON s.cas_number = n.cas_number
  LEFT JOIN reference.hazard_classifications k ON k.cas_number = n.cas_number"""
FIND_LOCATIONS = (
    "SELECT l.id, l.full_name FROM inventory.locations l WHERE l.archived_at IS NULL ORDER BY l.full_name_sort, l.id"
)
FIND_LATEST = FIND_DELIVERIES.format(where="true", order="d.id DESC")


def _cas_number(text: str) -> str | None:
    """The CAS RN, or None for a text that is not (yet) one."""
    try:
        return parse_cas_number(text)
    except ValueError:
        return None
