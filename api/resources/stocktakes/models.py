"""Models of a stocktake."""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field

from api.core.fields import Id, Model, Number
from api.core.paging import Page

State = Literal["not_counted", "matched", "first", "tolerance", "off", "elsewhere", "not_found"]
STATES: tuple[State, ...] = ("matched", "first", "tolerance", "off", "elsewhere", "not_found", "not_counted")


class Posting(Model):
    """The effect that posting had or would have now, in numbers of containers."""

    counts: int = Field(description="amounts that were measured and are written")
    amounts_changed: int
    moved: int = Field(description="found elsewhere, to be moved here")
    missing: int = Field(description="not found")
    left_for_recount: int
    uncounted: int
    off: int
    clashes: int = Field(default=0, description="more was taken since they were counted than was found: count again")


class StocktakeLocation(Model):
    """A location of the stocktake with what is below it."""

    id: int
    full_name: str
    name: str
    depth: int = Field(description="0 where the stocktake begins")
    expected: int
    counted: int


class Stocktake(Model):
    """A stocktake with its progress."""

    id: int
    location_id: int | None = Field(description="null: the whole lab")
    location: str | None = Field(examples=["Main building › Room 2.14"])
    started_at: datetime
    started_by_name: str
    posted_at: datetime | None
    posted_by_name: str | None
    cancelled_at: datetime | None
    open: bool
    counters: list[str] = Field(description="who counted", examples=[["Ada Lind", "Ben Okoro"]])
    expected: int = Field(description="containers that should stand there, counted or not")
    counted: int = Field(description="of those; what waits for a recount is not")
    with_somebody: int = Field(description="that belong there and are with their holder: not expected")
    states: dict[State, int]
    recount: int = Field(description="counted, but to be counted again")
    posting: Posting


class StocktakeDetail(Stocktake):
    """A stocktake with its locations, each after the one in which it lies."""

    locations: list[StocktakeLocation]


class Past(Model):
    """A stocktake that was posted or cancelled."""

    id: int
    location_id: int | None
    location: str | None
    started_at: datetime
    started_by_name: str
    posted_at: datetime | None
    posted_by_name: str | None
    cancelled_at: datetime | None
    outcome: Posting | None = Field(description="null: cancelled")


class DueStocktake(Model):
    """A location that is due for a count."""

    id: int
    full_name: str
    due_on: date
    count_period_days: int
    last_counted_at: datetime | None
    containers: int
    stocktake_id: int | None = Field(description="the open one on it")


class StocktakeList(Page):
    """The open stocktakes, the locations that are due, and a page of past stocktakes, latest first."""

    open: list[Stocktake]
    due: list[DueStocktake]
    items: list[Past]
    today: date = Field(description="in the lab's time zone")


class StocktakeIn(Model):
    """A new stocktake: the location to be counted."""

    location_id: Annotated[Id | None, Field(description="with all below it; null: the whole lab", examples=[7])]


class StocktakeLine(Model):
    """A container of a stocktake with its expected and counted amounts."""

    container_id: int
    barcode: str = Field(examples=["CT-000012"])
    chemical_id: int
    chemical_name: str = Field(examples=["Tetrahydrofuran"])
    pictograms: list[str] | None = Field(description="null: not known")
    signal_word: str | None
    lot: str | None
    location_id: int | None
    location: str | None = Field(description="where it belongs")
    holder: str | None = Field(description="who has taken the whole bottle")
    amount: Number | None = Field(description="what the ledger says now, in unit; null: not known", examples=["855"])
    unit: str | None = Field(examples=["mL"])
    units: list[str] = Field(description="that an amount of it may be written in")
    state: State
    recount: bool
    has_count: bool = Field(description="somebody counted it, found it or did not find it")
    counted: Number | None = Field(description="in counted_unit; null: not measured", examples=["780"])
    counted_unit: str | None
    expected: Number | None = Field(description="what the ledger said when it was counted, in unit")
    variance: Number | None = Field(description="counted − expected, in unit; null: not known", examples=["-75"])
    percent: int | None = Field(description="variance of what was expected", examples=[-9])
    moves_to: str | None = Field(description="it was found there, where it does not belong; posting moves it")
    clash: bool = Field(description="more was taken since it was counted than was found: posting asks for a recount")
    reason: str | None = Field(examples=["Evaporated"])
    counted_at: datetime | None
    counted_by_name: str | None
    missing_since: datetime | None
    disposed_at: datetime | None
