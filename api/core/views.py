"""Models that several resources share, and the SQL that fills them from the views inventory.stock and inventory.history."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Literal, LiteralString

from pydantic import Field

from api.chemistry.properties import OF_CONTAINERS
from api.chemistry.quantities import Quantity, convert, units_fitting
from api.core.fields import Model, Number
from api.core.properties import answered
from api.core.rows import Row

Barcode = Annotated[str, Field(max_length=64, examples=["CT-000012"])]


class Written(Model):
    """The id of the row that was made or changed."""

    id: int


class NamedLocation(Model):
    """A location, to be chosen or shown."""

    id: int
    full_name: str = Field(description="from the root", examples=["Room 2.14 › Cabinet 1 › Shelf 2"])


class Person(Model):
    """A present or former member of the lab."""

    id: int
    name: str


class Peroxides(Model):
    """A container of a chemical that forms peroxides, with its latest test."""

    peroxide_class: Literal["A", "B", "C", "D"]
    ppm: Number | None = Field(description="that were found; null: never tested")
    tested_on: date | None
    due_on: date = Field(description="when it has to be tested")
    state: Literal["over", "due", "tested"] = Field(description="over: above the lab's limit; due: to be tested")


if TYPE_CHECKING:
    LabelFacts = Model
else:
    LabelFacts = answered("LabelFacts", OF_CONTAINERS)


class Container(LabelFacts):
    """A container as a person sees it: with its chemical, location, holder and mark for deletion."""

    id: int
    barcode: Barcode
    chemical_id: int
    chemical_name: str = Field(examples=["Tetrahydrofuran"])
    cas_number: str | None
    pictograms: list[str] | None = Field(description="null: not known; empty: checked, none apply")
    signal_word: str | None
    h_statements: list[str]
    density_g_per_ml: Number | None
    amount: Number | None = Field(description="what is left, in unit; null: not known", examples=["1.37"])
    unit: str | None = Field(description="null: not known either", examples=["L"])
    units: list[str] = Field(description="in which an amount may be typed, its own first", examples=[["L", "mL", "µL"]])
    pack_size: Number | None = Field(description="what a full one holds, in pack_unit")
    pack_unit: str | None
    left_percent: int | None = Field(description="amount of pack_size; null where one of them is not known")
    location_id: int | None
    location: str | None = Field(description="from the root", examples=["Room 2.14 › Cabinet 1 › Shelf 2"])
    holder_id: int | None = Field(description="who has taken the whole bottle; null: it stands at its location")
    holder: str | None
    held_since: datetime | None
    holder_left_at: datetime | None = Field(description="when the holder stopped being a member of the lab")
    price: Number | None
    currency: str | None
    use_by: date | None = Field(description="until when it may be used, opened as it is; null: not known")
    use_by_is: Literal["printed", "extended", "opened"] | None = Field(
        description="the day on its label, one to which the lab extended it, or days_after_opening after opened_on"
    )
    days_after_opening: int | None = Field(description="that its chemical keeps; null: not known")
    expired: bool = Field(description="the day use_by is past, in the lab's time zone")
    notes: str | None
    delivery_id: int | None
    last_counted_at: datetime | None
    missing_since: datetime | None = Field(description="a posted stocktake did not find it")
    disposed_at: datetime | None
    made_at: datetime
    marked: bool = Field(description="marked for deletion, it or its whole chemical")
    peroxides: Peroxides | None = Field(description="null: disposed of, or its chemical has no peroxide class")


class Total(Model):
    """The sum of the amounts in all containers of a chemical, in one dimension (mass, volume …)."""

    amount: Number
    unit: str = Field(description="the largest that one of them is in")


class StatementText(Model):
    """An H, EUH or P code and the text of its statement."""

    code: str = Field(examples=["H225"])
    text: str | None = Field(description="null: not a code that is known here")


class Movement(Model):
    """A line of the history: a movement of an amount, or a transfer to another location or holder."""

    source: str = Field(description="movement or transfer; with id it names the line")
    id: int
    made_at: datetime
    kind: str = Field(description="receive, check_out, return, count, dispose, correct; move, take, bring_back")
    made_by: int
    made_by_name: str
    container_id: int
    barcode: Barcode
    chemical_id: int
    chemical_name: str
    cas_number: str | None
    typed_amount: Number | None = Field(description="as typed; for a count what was counted", examples=["250"])
    typed_unit: str | None = Field(examples=["mL"])
    amount: Number | None = Field(description="what it meant: signed, in unit; null: not known", examples=["-0.25"])
    unit: str | None = Field(examples=["L"])
    balance: Number | None = Field(description="what was left after it, in unit; null: not known")
    reason: str | None
    refers_to_id: int | None
    stocktake_id: int | None
    delivery_id: int | None
    from_location: str | None
    to_location: str | None
    from_holder: str | None
    to_holder: str | None


CONTAINER = f"""
SELECT s.id, s.barcode, s.chemical_id, s.chemical_name, s.cas_number, s.pictograms, s.signal_word, s.h_statements, s.density_g_per_ml,
       s.amount, s.unit, s.pack_size, s.pack_unit, s.location_id, s.location, s.holder_id, s.holder, s.held_since, s.holder_left_at,
       {", ".join(f"s.{one.name}" for one in OF_CONTAINERS)}, s.price, s.currency,
       s.use_by, s.days_after_opening::int, coalesce(s.use_by < (SELECT control.today()), false) AS expired,
       CASE WHEN s.use_by IS DISTINCT FROM s.expires_on THEN 'opened' WHEN s.use_by IS NULL THEN NULL
            WHEN s.extended_on IS NULL THEN 'printed' ELSE 'extended' END AS use_by_is, s.notes, s.delivery_id, s.last_counted_at, s.missing_since,
       s.disposed_at, s.made_at, s.marked, s.chemical_name_sort,
       CASE WHEN s.peroxide_class IS NOT NULL AND s.disposed_at IS NULL THEN (
         SELECT jsonb_build_object('peroxide_class', s.peroxide_class, 'ppm', p.ppm::text, 'tested_on', p.tested_on, 'due_on', p.due_on, 'state', p.state)
           FROM inventory.peroxides(s.lab_id, s.id, s.peroxide_class, s.opened_on, s.received_on, s.made_at) AS p) END AS peroxides
  FROM inventory.stock s"""
"""Rows for Container (see `with_units`); a WHERE follows."""

MOVEMENT = """
SELECT e.source, e.id, e.made_at, e.kind, e.made_by, e.made_by_name, e.container_id, e.barcode, e.chemical_id, e.chemical_name, e.cas_number,
       e.typed_amount, e.typed_unit, e.amount, e.unit, e.balance, e.reason, e.refers_to_id, e.stocktake_id, e.delivery_id,
       e.from_location, e.to_location, e.from_holder, e.to_holder
  FROM inventory.history e"""
"""Selects rows from which `Movement` is made; a WHERE follows it."""


def with_units(row: Row) -> Row:
    """The row of a container with the units that an amount of it may be typed in, and how full it is."""
    density = row["density_g_per_ml"]
    units = units_fitting(row["unit"], row["pack_unit"], density_is_known=density is not None)
    percent = None
    if row["amount"] is not None and row["pack_size"] is not None and row["pack_unit"] in units:
        left = convert(Quantity(row["amount"], row["unit"]), row["pack_unit"], density)
        percent = min(int(left * 100 / row["pack_size"]), 100)
    return row | {"units": units, "left_percent": percent}


def statement_texts(column: LiteralString) -> LiteralString:
    """SQL that gives the codes in `column` as a JSON list of StatementText. A combined code (H300+H310) without a text of its own gets
    the texts of its parts."""
    return f"""(
  SELECT coalesce(jsonb_agg(jsonb_build_object('code', s.code, 'text', coalesce(t.text,
           (SELECT string_agg(p.text, ' ' ORDER BY part.n)
              FROM string_to_table(s.code, '+') WITH ORDINALITY AS part (code, n) JOIN reference.hazard_statements p ON p.code = part.code))
         ) ORDER BY s.n), '[]')
    FROM unnest({column}) WITH ORDINALITY AS s (code, n) LEFT JOIN reference.hazard_statements t ON t.code = s.code)"""
