"""What is marked for deletion, and what a mark looks like."""

from datetime import datetime
from typing import Annotated, Any, Literal, Self

from pydantic import ConfigDict, Field, model_validator

from api.fields import Id, Line, Model, Page

MOST = 200
"""Of one request."""


class MarkLine(Model):
    """What is marked: one container, or a chemical with all its containers."""

    model_config = ConfigDict(extra="forbid")

    container_id: Id | None = None
    chemical_id: Id | None = None

    @model_validator(mode="after")
    def one_of_both(self) -> Self:
        """One line, one thing."""
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
        """Each of them once, in order: whoever locks them waits in the same direction."""
        return sorted(set(self.disposal_ids))


class Target(Model):
    """A container, or a whole chemical, as the one who decides wants to see it."""

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
    unknown_amounts: int = Field(description="containers whose amount is not known")
    totals: list[dict[str, Any]] = Field(description="by dimension", examples=[[{"amount": "120", "unit": "mL"}]])


class Candidate(Target):
    """What may be marked. `disposal_id`: it is, or its whole chemical; `gone`: disposed of or retired."""

    disposal_id: int | None
    gone: bool


class Candidates(Model):
    """In the order in which they were asked for, containers first; what the lab does not have is left out."""

    items: list[Candidate]


class Disposal(Target):
    """A mark and what became of it. Amounts are what is there; once disposed of, what was disposed of."""

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
    """How many marks there are of each kind, and containers that a stocktake did not find."""

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
    """What a confirmation did."""

    disposed_containers: int
    retired_chemicals: int


class Withdrawn(Model):
    """The marks that were taken back."""

    disposal_ids: list[int]
