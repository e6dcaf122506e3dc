"""Models of marks for deletion."""

from datetime import datetime
from typing import Annotated, Any, Literal, Self

from pydantic import ConfigDict, Field, model_validator

from api.core.fields import Id, Line, Model
from api.core.paging import Page

MOST = 200
"""The largest number of marks in one request."""
MOST_CONTAINERS = 100_000
"""The largest number of containers that marks of one request may mean: a chemical with more is cleared in parts."""


class MarkLine(Model):
    """One container to be marked, or one chemical with all its containers."""

    model_config = ConfigDict(extra="forbid")

    container_id: Id | None = None
    chemical_id: Id | None = None

    @model_validator(mode="after")
    def one_of_both(self) -> Self:
        """Refuses a line that names neither a container nor a chemical, or both."""
        if (self.container_id is None) == (self.chemical_id is None):
            raise ValueError("Name a container or a chemical.")
        return self


class Marks(Model):
    """Marks for deletion, all for the same reason."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"lines": [{"container_id": 12}], "reason": "Cap corroded"}]}
    )

    lines: list[MarkLine] = Field(min_length=1, max_length=MOST)
    reason: Annotated[Line, Field(min_length=1, max_length=500)]


class Chosen(Model):
    """Marks that are to be confirmed or taken back."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"disposal_ids": [3, 4]}]})

    disposal_ids: list[Id] = Field(min_length=1, max_length=MOST)

    @property
    def once(self) -> list[int]:
        """The ids in ascending order, each once: all requests lock marks in this order, so that two never wait for each other."""
        return sorted(set(self.disposal_ids))


class Confirmation(Chosen):
    """Marks that are to be confirmed, as they were shown."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"disposal_ids": [3, 4], "container_ids": [12, 17]}]}
    )

    container_ids: list[Id] = Field(
        max_length=MOST_CONTAINERS,
        description="the containers that were shown with these marks: 409 where the marks mean others by now",
    )


class Target(Model):
    """The marked container or chemical, with what a manager needs to see to decide about it."""

    chemical_id: int
    chemical_name: str = Field(examples=["Bromine"])
    cas_number: str | None
    pictograms: list[str] | None = Field(description="null: not known")
    signal_word: str | None
    container_id: int | None = Field(description="null: the whole chemical")
    barcode: str | None
    location: str | None
    holder: str | None
    containers: int
    container_ids: list[int]
    unknown_amounts: int = Field(description="containers whose amount is not known")
    totals: list[dict[str, Any]] = Field(description="by dimension", examples=[[{"amount": "120", "unit": "mL"}]])


class Candidate(Target):
    """A container or chemical that may be marked. `disposal_id`: the mark that it, or its whole chemical, has already; `gone`: it was
    disposed of or retired."""

    disposal_id: int | None
    gone: bool


class Candidates(Model):
    """The candidates in the order in which they were asked for, containers first. Ids that the lab does not have are left out."""

    items: list[Candidate]
    in_stock: int | None = Field(
        description="containers of the chemicals asked for, where not all of them are candidates; else null"
    )


class Disposal(Target):
    """A mark and what became of it. Amounts are those in stock; after the disposal, those that were disposed of."""

    id: int
    reason: str
    marked_at: datetime
    marked_by: int
    marked_by_name: str
    outcome: Literal["disposed", "kept"] | None = Field(description="null: not decided yet")
    decided_at: datetime | None
    decided_by: int | None
    decided_by_name: str | None
    brought_back: int = Field(description="containers whose disposal was corrected: they are in stock again")


class Counts(Model):
    """The number of marks in each state, and of containers that a stocktake did not find."""

    open: int
    disposed: int
    kept: int
    missing: int


class DisposalList(Page):
    """A page of marks, the latest first."""

    items: list[Disposal]
    counts: Counts


class Marked(Model):
    """The marks that were made, in the order of the lines."""

    disposal_ids: list[int]


class Confirmed(Model):
    """The outcome of a confirmation."""

    disposed_containers: int
    retired_chemicals: int


class Withdrawn(Model):
    """The marks that were taken back."""

    disposal_ids: list[int]
