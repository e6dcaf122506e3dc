"""Models of a delivery as a person types it, and their conversion into what inventory.receive takes."""

import re
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import AfterValidator, ConfigDict, Field, ValidationInfo, field_validator, model_validator

from api.chemistry.formulas import known_molar_mass
from api.chemistry.properties import OF_CONTAINERS
from api.chemistry.quantities import UNITS, Quantity, convert, plain, stored
from api.core.fields import AmountIn, CasNumberIn, Day, FormulaIn, Id, Line, Maybe, Model, UnitIn, split_amount
from api.core.problems import Problem
from api.core.product_codes import gtin_of
from api.core.properties import typed
from api.core.refusals import sentence_of
from api.core.rows import Row
from api.core.unseen import printed_code
from api.resources.deliveries.meanings import MEANINGS

MOST_CONTAINERS = 500
"""The largest number of containers in one delivery."""
BARCODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:+-]{0,63}")
TAKEN, PRINTABLE = MEANINGS["containers_barcode_is_taken"], MEANINGS["containers_barcode_is_printable"]


def _barcode(code: str) -> str:
    if not BARCODE.fullmatch(code):
        raise ValueError(PRINTABLE.sentence)
    return code


Barcode = Maybe[Annotated[str, Field(max_length=200), AfterValidator(printed_code), AfterValidator(_barcode)]]


def _gtin(typed: str) -> str:
    if found := gtin_of(typed.strip()):
        return found
    raise ValueError("This is no GTIN: it has 8, 12, 13 or 14 digits, of which the last is a check digit.")


class NewChemical(Model):
    """A chemical that the lab does not list yet. Its other fields can be filled in later, on its own page."""

    model_config = ConfigDict(extra="forbid")

    name: Maybe[Annotated[Line, Field(max_length=300)]] = Field(
        default=None, description="may be left out with fill_in and a CAS RN that the reference knows"
    )
    cas_number: CasNumberIn = None
    formula: FormulaIn = None
    fill_in: bool = Field(
        default=False, description="list it with what the reference knows of its CAS RN: formula, hazards, synonyms …"
    )

    belong_together: bool = Field(
        default=False,
        description="yes, name, formula and CAS RN belong together though the reference knows it otherwise",
    )

    def row(self) -> Row:
        """The columns that the request sets, with their values, and the molar mass that follows from the formula."""
        fields = self.model_dump(exclude={"fill_in", "belong_together"}, exclude_none=True)
        mass = known_molar_mass(self.formula) if self.formula else None
        return fields if mass is None else fields | {"molar_mass_g_per_mol": str(mass)}


RECEIVED = tuple(one for one in OF_CONTAINERS if one.received)
if TYPE_CHECKING:

    class LabelFactsOfDelivery(Model):
        """The facts of a label that are typed when a container is received: here, those that the rules below mention."""

        expires_on: date | None = None
else:
    LabelFactsOfDelivery = typed("LabelFactsOfDelivery", RECEIVED)


class NewDeliveryLine(LabelFactsOfDelivery):
    """Some containers of one chemical that are alike. Each holds its `pack_size` unless `amount` says otherwise."""

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
    holds_more: bool = Field(default=False, description="yes, it holds more than its pack size says")
    barcodes: list[Barcode] = Field(
        default=[], max_length=100, description="of as many as have one; the others are given the lab's next ones"
    )
    gtin: Maybe[Annotated[str, AfterValidator(_gtin)]] = Field(
        default=None,
        description="of the manufacturer's code; the next scan of it then names this product",
        examples=["04012345678901"],
    )
    serial_numbers: list[Maybe[Annotated[Line, Field(max_length=20)]]] = Field(
        default=[],
        max_length=100,
        description="those of the manufacturer's codes, in the order of the containers; kept only with a GTIN",
    )
    location_id: Maybe[Id] = None
    price: Maybe[Annotated[AmountIn, Field(lt=1_000_000_000)]] = Field(default=None, description="of one container")
    currency: Maybe[Annotated[Line, Field(max_length=10)]] = Field(
        default=None, validate_default=True, description="ISO 4217; kept only with a price", examples=["EUR"]
    )

    @model_validator(mode="before")
    @classmethod
    def split_amounts(cls, values: Any) -> Any:
        """Accepts number and unit together, such as 500 mL, in the first of two fields."""
        return split_amount(split_amount(values, "pack_size", "pack_unit"), "amount", "unit")

    @field_validator("chemical")
    @classmethod
    def one_chemical(cls, chemical: NewChemical | None, info: ValidationInfo) -> NewChemical | None:
        """Refuses a line unless it names one chemical, either a listed one or a new one."""
        if "chemical_id" in info.data and (info.data["chemical_id"] is None) == (chemical is None):
            raise ValueError("Choose a chemical, or write the name of a new one.")
        return chemical

    @field_validator("pack_unit")
    @classmethod
    def pack_size_has_a_unit(cls, unit: str | None, info: ValidationInfo) -> str | None:
        """Refuses a pack size without its unit."""
        if info.data.get("pack_size") is not None and unit is None:
            raise ValueError(MEANINGS["containers_pack_size_has_a_unit"].sentence)
        return unit

    @field_validator("amount")
    @classmethod
    def amount_is_said(cls, amount: Decimal | None, info: ValidationInfo) -> Decimal | None:
        """Refuses an empty amount unless the line says that the amount is not known."""
        unknown = info.data.get("amount_unknown", False)
        if unknown and amount is not None:
            raise ValueError("Leave this empty where the amount is not known.")
        if not unknown and amount is None and info.data.get("pack_size", ...) is None:
            raise ValueError("Write how much is in each, such as 500 mL, or say that it is not known.")
        return amount

    @field_validator("unit")
    @classmethod
    def unit_fits(cls, unit: str | None, info: ValidationInfo) -> str | None:
        """Refuses an amount without a unit, or with one that the pack size cannot have; mass may stand for volume."""
        amount, pack_unit = info.data.get("amount"), info.data.get("pack_unit")
        if amount is not None and unit is None:
            raise ValueError(sentence_of("movements_typed_amount_has_a_unit"))
        if amount is not None and unit is not None and pack_unit is not None:
            convert(Quantity(amount, unit), pack_unit, density_g_per_ml=Decimal(1))
        return unit

    @field_validator("barcodes")
    @classmethod
    def barcodes_are_not_too_many(cls, codes: list[str | None], info: ValidationInfo) -> list[str | None]:
        """Refuses more barcodes than containers."""
        count, given = info.data.get("count"), len(codes)
        if count is not None and given > count:
            raise ValueError(
                f"{given} barcodes for {count} container{'s' * (count > 1)}: take some away, or receive more."
            )
        return codes

    @field_validator("serial_numbers")
    @classmethod
    def serial_numbers_are_not_too_many(cls, numbers: list[str | None], info: ValidationInfo) -> list[str | None]:
        """Refuses more serial numbers than containers."""
        count = info.data.get("count")
        if count is not None and len(numbers) > count:
            raise ValueError(f"{len(numbers)} serial numbers for {count} container{'s' * (count > 1)}.")
        return numbers

    @field_validator("currency")
    @classmethod
    def price_has_a_currency(cls, currency: str | None, info: ValidationInfo) -> str | None:
        """Refuses a price without its currency, and drops a currency that has no price."""
        if info.data.get("price") is None:
            return None
        if not re.fullmatch(r"[A-Za-z]{3}", currency or ""):
            raise ValueError(MEANINGS["containers_price_has_a_currency"].sentence)
        return (currency or "").upper()

    def as_json(self, supplier: str | None) -> Row:
        """The line as inventory.receive takes it. Containers keep pounds, ounces, gallons and quarts in metric units; the movement also keeps
        the unit that was typed."""
        amount, unit = (self.pack_size, self.pack_unit) if self.amount is None else (self.amount, self.unit)
        if self.amount_unknown:
            amount, unit = None, self.unit or self.pack_unit
        pack = stored(Quantity(self.pack_size, self.pack_unit)) if self.pack_size and self.pack_unit else None
        container = {
            "unit": UNITS[unit].stored_as if unit else None,
            "pack_size": plain(pack.amount) if pack else None,
            "pack_unit": pack.unit if pack else None,
            "price": plain(self.price) if self.price is not None else None,
            "supplier": supplier,
            **self.model_dump(mode="json", include={"location_id", "currency", *(one.name for one in RECEIVED)}),
        }
        line: Row = {"count": self.count, "barcodes": self.barcodes, "unit": unit, "container": container}
        line |= {"holds_more": self.holds_more, "gtin": self.gtin, "serial_numbers": self.serial_numbers}
        line["amount"] = plain(amount) if amount is not None else None
        if self.chemical:
            return line | {"chemical": self.chemical.row(), "fill_in": self.chemical.fill_in}
        return line | {"chemical_id": self.chemical_id}


class NewDelivery(Model):
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
    lines: list[NewDeliveryLine] = Field(min_length=1, max_length=100)

    def barcodes(self) -> list[tuple[str, str]]:
        """Each barcode that was given, with the pointer to its field."""
        return [
            (f"/lines/{number}/barcodes/{position}", code)
            for number, line in enumerate(self.lines)
            for position, code in enumerate(line.barcodes)
            if code
        ]

    def check(self) -> None:
        """Refuses what only all lines together show: a barcode that is given twice, or too many containers."""
        first: dict[str, str] = {}
        twice = {
            where: f"{code} is here twice."
            for where, code in self.barcodes()
            if first.setdefault(code.lower(), where) != where
        }
        if twice:
            raise Problem(422, next(iter(twice.values())), twice)
        if sum(line.count for line in self.lines) > MOST_CONTAINERS:
            sentence = f"At most {MOST_CONTAINERS} containers in one delivery. Receive it in parts."
            raise Problem(422, sentence, {"/lines": sentence})

    def warnings(self, today: date) -> list[dict[str, str]]:
        """Warnings about lines that were accepted but that somebody should look at."""
        arrived = self.received_on or today
        return [
            {
                "pointer": f"/lines/{number}/expires_on",
                "detail": f"It had expired before it arrived, on {line.expires_on}.",
            }
            for number, line in enumerate(self.lines)
            if line.expires_on and line.expires_on < arrived
        ]
