"""Models of a container: what its page shows, and what may be changed about its label."""

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any, Self

from pydantic import ConfigDict, Field, model_validator

from api.chemistry.properties import OF_CONTAINERS
from api.chemistry.quantities import Quantity, stored
from api.core.fields import AmountIn, Day, Id, Line, Maybe, Model, Number, Text, UnitIn, Version, VersionIn
from api.core.paging import Page
from api.core.properties import typed
from api.core.rows import Row
from api.core.views import Container, Movement
from api.resources.containers.peroxides import PeroxideTest


class ScannedContainer(Model):
    """A container that a scanner's keys may have meant."""

    place: int = Field(description="which of the codes it was, from 0")
    id: int
    barcode: str
    chemical_name: str


class ContainerList(Page):
    """A page of containers."""

    items: list[Container]
    exact: bool = Field(description="q is a barcode of the lab: items is just that container, disposed of or not")


class TareProposal(Model):
    """The tare of an empty container of the same pack, which may be that of this one, too."""

    container_id: int
    barcode: str
    tare_g: Number


class ContainerDetail(Container):
    """A container with its own history, latest first."""

    version: Version
    movements: list[Movement]
    peroxide_tests: list[PeroxideTest] = Field(description="latest first")
    tare_proposal: TareProposal | None = Field(description="where its own tare is not known")
    mark: dict[str, Any] | None = Field(description="why it is marked for deletion: {id, reason, marked_at, …}")


NO_COLUMNS = {"holds_more", "version"}
"""Fields of a request that are no columns of inventory.containers."""


if TYPE_CHECKING:
    LabelFactsIn = Model
else:
    LabelFactsIn = typed("LabelFactsIn", OF_CONTAINERS)


class ContainerChange(LabelFactsIn):
    """A change of what a container's label says: fields that are left out stay as they are. Amount, location and holder are changed by
    other requests (check-outs, moves, holdings)."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"lot": "STBK0412", "purity": "99.9 %"}]})

    pack_size: Maybe[Annotated[AmountIn, Field(gt=0)]] = None
    pack_unit: Maybe[UnitIn] = None
    price: Maybe[Annotated[AmountIn, Field(lt=1_000_000_000)]] = None
    currency: Maybe[Annotated[str, Field(pattern=r"^[A-Z]{3}$")]] = Field(default=None, description="ISO 4217")
    notes: Maybe[Annotated[Text, Field(max_length=2000)]] = None
    holds_more: bool = Field(default=False, description="yes, it holds more than its pack size says")
    version: VersionIn = None

    @model_validator(mode="after")
    def something_is_said(self) -> Self:
        """Refuses an empty change."""
        if not self.model_fields_set - NO_COLUMNS:
            raise ValueError("Say what is to be changed.")
        return self

    def row(self) -> Row:
        """The columns that the request sets, with their values; a pack size in pounds or gallons is converted to a metric unit."""
        fields = self.model_dump(exclude_unset=True, exclude=NO_COLUMNS)
        if {"pack_size", "pack_unit"} & fields.keys():
            fields |= {"pack_size": self.pack_size, "pack_unit": self.pack_unit if self.pack_size is not None else None}
            if self.pack_size is not None and self.pack_unit is not None:
                pack = stored(Quantity(self.pack_size, self.pack_unit))
                fields |= {"pack_size": pack.amount, "pack_unit": pack.unit}
        if {"price", "currency"} & fields.keys():
            fields |= {"price": self.price, "currency": self.currency if self.price is not None else None}
        return {name: str(value) if isinstance(value, Decimal | date) else value for name, value in fields.items()}


class ExtensionIn(Model):
    """Containers that may be used longer, until which day, and why: all or none."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"container_ids": [12], "expires_on": "2027-01-31", "reason": "Titrated: 99.8 %"}]
        },
    )

    container_ids: list[Id] = Field(min_length=1, max_length=500)
    expires_on: Day
    reason: Annotated[Line, Field(min_length=1, max_length=200)]


class Extended(Model):
    """The number of containers whose day of expiry was changed."""

    extended: int
