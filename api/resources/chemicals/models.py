"""Models of a chemical: what a person may write about it, and what its page shows."""

import re
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import BeforeValidator, ConfigDict, Field, model_validator

from api.chemistry.formulas import known_molar_mass
from api.chemistry.hazards import pictograms_of, read_h_code, signal_word_of
from api.chemistry.properties import FILLED_IN, PROPERTIES
from api.chemistry.quantities import Quantity, stored
from api.core.fields import (
    AmountIn,
    CasNumberIn,
    FormulaIn,
    Line,
    Maybe,
    Model,
    Number,
    Pictogram,
    Text,
    UnitIn,
    Version,
    VersionIn,
)
from api.core.properties import answered, typed
from api.core.rows import Row
from api.core.views import Container, Movement, StatementText, Total


def _p_code(value: object) -> object:
    if not isinstance(value, str):
        return value
    code = re.sub(r"\s", "", value).upper()
    if not re.fullmatch(r"P[0-9]{3}(\+P[0-9]{3})*", code):
        raise ValueError(f"“{value.strip()[:30]}” is not a P statement. Write codes such as P210 or P301+P310.")
    return code


HStatement = Annotated[str, BeforeValidator(lambda value: read_h_code(value) if isinstance(value, str) else value)]
PStatement = Annotated[str, BeforeValidator(_p_code)]
if TYPE_CHECKING:
    PropertiesIn = Model
    PropertiesOut = Model
else:
    PropertiesIn = typed("PropertiesIn", PROPERTIES)
    PropertiesOut = answered("PropertiesOut", PROPERTIES)


NO_COLUMNS = {"belong_together", "version"}
"""Fields of a request that are no columns of inventory.chemicals."""


class ChemicalIn(PropertiesIn):
    """What a person writes about a chemical. Only the name is needed."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[Line, Field(min_length=1, max_length=300, examples=["Tetrahydrofuran"])]
    synonyms: list[Annotated[Line, Field(min_length=1, max_length=300)]] = Field(default=[], max_length=50)
    cas_number: CasNumberIn = Field(default=None, examples=["109-99-9"])
    formula: FormulaIn = None
    pictograms: list[Pictogram] | None = Field(
        default=None,
        description="null: not known; empty: checked, none apply; without any, the H statements given with it decide",
    )
    signal_word: Maybe[Literal["Danger", "Warning"]] = Field(
        default=None, description="without one, the H statements given with it decide"
    )
    h_statements: list[HStatement] = Field(default=[], max_length=60)
    p_statements: list[PStatement] = Field(default=[], max_length=80)
    supplier: Maybe[Annotated[Line, Field(max_length=200)]] = None
    catalogue_number: Maybe[Annotated[Line, Field(max_length=100)]] = None
    low_stock_amount: Maybe[Annotated[AmountIn, Field(gt=0)]] = Field(
        default=None, description="low when all containers together hold less"
    )
    low_stock_unit: Maybe[UnitIn] = None
    notes: Maybe[Annotated[Text, Field(max_length=5000)]] = None
    hazards_from: Maybe[Annotated[Line, Field(max_length=200)]] = Field(
        default=None,
        description="where the hazards were taken from; kept only where the reference says the same of this CAS RN",
    )
    origins: dict[Literal[tuple(FILLED_IN)], Annotated[Line, Field(min_length=1, max_length=300)]] = Field(  # type: ignore[valid-type]
        default={},
        description="the fields that are as the reference says, each with its source; kept, in the reference's words, only where it says the same of this CAS RN",
        examples=[{"melting_point_celsius": "Wikidata (109-99-9)"}],
    )
    belong_together: bool = Field(
        default=False,
        description="yes, name, formula and CAS RN belong together though the reference knows it otherwise",
    )

    def row(self) -> Row:
        """The columns that the request sets, with their values; the limit is converted to a metric unit. Fields left empty are derived from those that were filled: the molar
        mass from the formula, pictograms and signal word from the H statements."""
        fields = self.model_dump(mode="json", exclude_unset=True, exclude=NO_COLUMNS)
        if fields.get("formula") and not fields.get("molar_mass_g_per_mol"):
            mass = known_molar_mass(fields["formula"])
            fields["molar_mass_g_per_mol"] = None if mass is None else str(mass)
        if codes := fields.get("h_statements"):
            fields["pictograms"] = fields.get("pictograms") or pictograms_of(codes)
            fields["signal_word"] = fields.get("signal_word") or signal_word_of(codes)
        for name in ("pictograms", "h_statements", "p_statements"):
            if fields.get(name):
                fields[name] = list(dict.fromkeys(fields[name]))
        if {"low_stock_amount", "low_stock_unit"} & fields.keys():
            limit, unit = self.low_stock_amount, self.low_stock_unit if self.low_stock_amount is not None else None
            if limit is not None and unit is not None:
                kept = stored(Quantity(limit, unit))
                limit, unit = kept.amount, kept.unit
            fields |= {"low_stock_amount": None if limit is None else str(limit), "low_stock_unit": unit}
        return fields


class ChemicalChange(ChemicalIn):
    """A change of a chemical: fields that are left out stay as they are."""

    name: Annotated[Line, Field(min_length=1, max_length=300)] = ""
    version: VersionIn = None

    @model_validator(mode="after")
    def something_is_said(self) -> Self:
        """Refuses an empty change."""
        if not self.model_fields_set - NO_COLUMNS:
            raise ValueError("Say what is to be changed.")
        return self


class Mark(Model):
    """The mark for deletion of a whole chemical: by whom, when, why."""

    id: int
    reason: str
    marked_at: datetime
    marked_by: int
    marked_by_name: str


class Twin(Model):
    """Another chemical of the lab with the same CAS RN."""

    id: int
    name: str


class StockOfWeek(Model):
    """The amount that all containers of a chemical held at the end of a week, by the ledger."""

    monday: date
    amount: Number
    unit: str = Field(examples=["mL"])


class Chemical(PropertiesOut):
    """A chemical with everything the lab keeps about it."""

    id: int
    version: Version
    name: str
    synonyms: list[str]
    cas_number: str | None
    formula: str | None
    pictograms: list[str] | None = Field(description="null: not known; empty: checked, none apply")
    signal_word: str | None
    h_statements: list[StatementText]
    p_statements: list[StatementText]
    hazards_from: str | None = Field(
        description="the source in the reference; null: the lab wrote them, or they are not known"
    )
    classifications: int = Field(description="how many entries published lists have for its CAS RN")
    hazards_list: str | None = Field(description="the file of the import that says the hazards")
    hazards_by_name: str | None = Field(description="who entered the hazards, took them over or imported them")
    hazards_at: datetime | None = Field(description="when; null: they are not known, or this was not noted yet")
    origins: dict[str, str] = Field(description="the fields that are as the reference said, each with its source")
    supplier: str | None
    catalogue_number: str | None
    low_stock_amount: Number | None
    low_stock_unit: str | None
    low: bool
    stock_amount: Number | None = Field(description="what there is, in low_stock_unit; null without a limit")
    notes: str | None
    made_at: datetime
    made_by_name: str | None
    changed_at: datetime
    changed_by_name: str | None
    retired_at: datetime | None = Field(description="confirmed as no longer available; left out of lists")
    mark: Mark | None
    twins: list[Twin]
    totals: list[Total] = Field(description="by dimension; containers whose amount is not known are left out")
    containers: list[Container] = Field(description="at most 500; those in stock first")
    movements: list[Movement] = Field(description="the latest 20 of all its containers")
    weeks: list[StockOfWeek] = Field(description="at most 52, from its first amount on; this week last")


class WrittenChemical(Model):
    """The id of the chemical that was made or changed, with a warning where somebody should look at something."""

    id: int
    warning: str | None = None
