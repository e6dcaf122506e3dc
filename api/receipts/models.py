"""What a delivery is, as a person writes it: read strictly, and told as inventory.receive takes it."""

import re
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from pydantic import AfterValidator, ConfigDict, Field, ValidationInfo, field_validator, model_validator

from api.access import Row
from api.fields import AmountIn, CasNumberIn, Day, Id, Line, Maybe, Model, UnitIn, split_amount
from api.formulas import molar_mass
from api.problems import MEANINGS, Problem
from api.quantities import UNITS, Quantity, convert, plain, stored

MOST_CONTAINERS = 500
"""Of one delivery."""
BARCODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:+-]{0,63}")
TAKEN, PRINTABLE = MEANINGS["containers_barcode_is_taken"], MEANINGS["containers_barcode_is_printable"]


def _barcode(code: str) -> str:
    if not BARCODE.fullmatch(code):
        raise ValueError(PRINTABLE.sentence)
    return code


Barcode = Maybe[Annotated[str, Field(max_length=200), AfterValidator(str.strip), AfterValidator(_barcode)]]


class NewChemical(Model):
    """A chemical that the lab does not list yet. The rest can be written on its own page."""

    model_config = ConfigDict(extra="forbid")

    name: Maybe[Annotated[Line, Field(max_length=300)]] = Field(
        default=None, description="may be left out with fill_in and a CAS RN that the reference knows"
    )
    cas_number: CasNumberIn = None
    formula: Maybe[Annotated[Line, Field(max_length=200)]] = None
    fill_in: bool = Field(
        default=False, description="list it with what the reference knows of its CAS RN: formula, hazards, synonyms …"
    )

    @field_validator("formula")
    @classmethod
    def formula_has_a_mass(cls, formula: str | None) -> str | None:
        """Refuses what is no formula."""
        if formula:
            molar_mass(formula)
        return formula

    def row(self) -> Row:
        """The columns that were written, with the molar mass of the formula."""
        fields = self.model_dump(exclude={"fill_in"}, exclude_none=True)
        return fields | ({"molar_mass_g_per_mol": str(molar_mass(self.formula))} if self.formula else {})


class ReceiptLine(Model):
    """Some containers that are alike, of one chemical. Each is full (`pack_size`) unless `amount` says otherwise."""

    model_config = ConfigDict(extra="forbid")

    chemical_id: Maybe[Id] = Field(default=None, description="a chemical of the lab")
    chemical: NewChemical | None = Field(default=None, validate_default=True, description="or one to be listed now")
    count: Annotated[int, Field(ge=1, le=100)] = Field(default=1, examples=[6])
    pack_size: Maybe[Annotated[AmountIn, Field(gt=0)]] = Field(default=None, examples=["500"])
    pack_unit: Maybe[UnitIn] = Field(default=None, validate_default=True, examples=["mL"])
    amount_unknown: bool = Field(default=False, description="nobody knows how much is in each")
    amount: Maybe[Annotated[AmountIn, Field(gt=0)]] = Field(
        default=None, validate_default=True, description="in each; the pack size unless given"
    )
    unit: Maybe[UnitIn] = Field(default=None, validate_default=True)
    barcodes: list[Barcode] = Field(
        default=[], max_length=100, description="of as many as have one; the others are given the lab's next ones"
    )
    lot: Maybe[Annotated[Line, Field(max_length=100)]] = None
    catalogue_number: Maybe[Annotated[Line, Field(max_length=100)]] = None
    purity: Maybe[Annotated[Line, Field(max_length=100)]] = None
    expires_on: Maybe[Day] = None
    location_id: Maybe[Id] = None
    price: Maybe[Annotated[AmountIn, Field(lt=1_000_000_000)]] = Field(default=None, description="of one container")
    currency: Maybe[Annotated[Line, Field(max_length=10)]] = Field(
        default=None, validate_default=True, description="ISO 4217; kept only with a price", examples=["EUR"]
    )

    @model_validator(mode="before")
    @classmethod
    def split_amounts(cls, values: Any) -> Any:
        """ "500 mL" in the first of two fields is read too."""
        return split_amount(split_amount(values, "pack_size", "pack_unit"), "amount", "unit")

    @field_validator("chemical")
    @classmethod
    def one_chemical(cls, chemical: NewChemical | None, info: ValidationInfo) -> NewChemical | None:
        """A line is of one chemical, listed or new."""
        if "chemical_id" in info.data and (info.data["chemical_id"] is None) == (chemical is None):
            raise ValueError("Choose a chemical, or write the name of a new one.")
        return chemical

    @field_validator("pack_unit")
    @classmethod
    def pack_size_has_a_unit(cls, unit: str | None, info: ValidationInfo) -> str | None:
        """A figure without its unit says nothing."""
        if info.data.get("pack_size") is not None and unit is None:
            raise ValueError(MEANINGS["containers_pack_size_has_a_unit"].sentence)
        return unit

    @field_validator("amount")
    @classmethod
    def amount_is_said(cls, amount: Decimal | None, info: ValidationInfo) -> Decimal | None:
        """Not known is something to say, never what an empty field means."""
        unknown = info.data.get("amount_unknown", False)
        if unknown and amount is not None:
            raise ValueError("Leave this empty where the amount is not known.")
        if not unknown and amount is None and info.data.get("pack_size", ...) is None:
            raise ValueError("Write how much is in each, such as 500 mL, or say that it is not known.")
        return amount

    @field_validator("unit")
    @classmethod
    def unit_fits(cls, unit: str | None, info: ValidationInfo) -> str | None:
        """The amount has a unit, of the pack size's dimension (or mass for volume)."""
        amount, pack_unit = info.data.get("amount"), info.data.get("pack_unit")
        if amount is not None and unit is None:
            raise ValueError(MEANINGS["movements_typed_amount_has_a_unit"].sentence)
        if amount is not None and unit is not None and pack_unit is not None:
            convert(Quantity(amount, unit), pack_unit, density_g_per_ml=Decimal(1))
        return unit

    @field_validator("barcodes")
    @classmethod
    def barcodes_are_not_too_many(cls, codes: list[str | None], info: ValidationInfo) -> list[str | None]:
        """At most one a container."""
        count, given = info.data.get("count"), len(codes)
        if count is not None and given > count:
            raise ValueError(
                f"{given} barcodes for {count} container{'s' * (count > 1)}: take some away, or receive more."
            )
        return codes

    @field_validator("currency")
    @classmethod
    def price_has_a_currency(cls, currency: str | None, info: ValidationInfo) -> str | None:
        """A price without its currency says nothing; without a price there is no currency to keep."""
        if info.data.get("price") is None:
            return None
        if not re.fullmatch(r"[A-Za-z]{3}", currency or ""):
            raise ValueError(MEANINGS["containers_price_has_a_currency"].sentence)
        return (currency or "").upper()

    def as_json(self, supplier: str | None) -> Row:
        """The line as inventory.receive takes it. Pounds, ounces, gallons and quarts are kept in metric; the movement keeps what was typed."""
        amount, unit = (self.pack_size, self.pack_unit) if self.amount is None else (self.amount, self.unit)
        if self.amount_unknown:
            amount, unit = None, self.unit or self.pack_unit
        pack = stored(Quantity(self.pack_size, self.pack_unit)) if self.pack_size and self.pack_unit else None
        container = {
            "unit": UNITS[unit].stored_as if unit else None,
            "pack_size": plain(pack.amount) if pack else None,
            "pack_unit": pack.unit if pack else None,
            "price": plain(self.price) if self.price is not None else None,
            "expires_on": self.expires_on.isoformat() if self.expires_on else None,
            "supplier": supplier,
            **{name: getattr(self, name) for name in ("lot", "catalogue_number", "purity", "location_id", "currency")},
        }
        line: Row = {"count": self.count, "barcodes": self.barcodes, "unit": unit, "container": container}
        line["amount"] = plain(amount) if amount is not None else None
        if self.chemical:
            return line | {"chemical": self.chemical.row(), "fill_in": self.chemical.fill_in}
        return line | {"chemical_id": self.chemical_id}


class Receipt(Model):
    """A delivery."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "order_number": "4500123",
                    "supplier": "Sigma-Aldrich",
                    "lines": [
                        {
                            "chemical_id": 12,
                            "count": 6,
                            "pack_size": "500",
                            "pack_unit": "mL",
                            "lot": "SHBQ4471",
                            "location_id": 3,
                        },
                        {
                            "chemical": {"cas_number": "109-99-9", "fill_in": True},
                            "pack_size": "1 L",
                            "barcodes": ["A-1001"],
                        },
                    ],
                }
            ]
        },
    )

    order_number: Maybe[Annotated[Line, Field(max_length=100)]] = None
    supplier: Maybe[Annotated[Line, Field(max_length=200)]] = None
    received_on: Maybe[Day] = Field(default=None, description="today, where the lab is, unless given")
    lines: list[ReceiptLine] = Field(min_length=1, max_length=100)

    def barcodes(self) -> list[tuple[str, str]]:
        """Each barcode that was given, with the pointer to it."""
        return [
            (f"/lines/{number}/barcodes/{position}", code)
            for number, line in enumerate(self.lines)
            for position, code in enumerate(line.barcodes)
            if code
        ]

    def check(self) -> None:
        """What the lines say together: no barcode twice, and not more than the database takes in one go."""
        first: dict[str, str] = {}
        twice = {
            where: f"{code} is here twice." for where, code in self.barcodes() if first.setdefault(code, where) != where
        }
        if twice:
            raise Problem(422, next(iter(twice.values())), twice)
        if sum(line.count for line in self.lines) > MOST_CONTAINERS:
            sentence = f"At most {MOST_CONTAINERS} containers in one delivery. Receive it in parts."
            raise Problem(422, sentence, {"/lines": sentence})

    def warnings(self, today: date) -> list[dict[str, str]]:
        """What was taken, but should be looked at."""
        arrived = self.received_on or today
        return [
            {
                "pointer": f"/lines/{number}/expires_on",
                "detail": f"It had expired before it arrived, on {line.expires_on}.",
            }
            for number, line in enumerate(self.lines)
            if line.expires_on and line.expires_on < arrived
        ]
