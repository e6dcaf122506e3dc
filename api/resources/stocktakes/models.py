"""Models of a stocktake."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from api.core.fields import AmountIn, Id, Maybe, Model, Number
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


class Tolerance(Model):
    """The rule by which a counted amount is off."""

    tolerance_percent: Number = Field(description="off is what differs by more than this share", examples=["5"])
    tolerance_amount: Number = Field(
        description="and of a mass or volume by more than this, in g or mL, or by half", examples=["5"]
    )


class Stocktake(Tolerance):
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
    blind: bool = Field(description="who counts is not shown what is expected, and counts nothing as expected")
    sample_percent: int | None = Field(description="the share that is expected, drawn at random; null: all")
    not_counted_days: int | None = Field(
        description="only what was not counted within this many days is expected; null: whenever it was counted"
    )
    dangerous_only: bool = Field(
        description="only what has the signal word Danger, or hazards that are not known, is expected"
    )
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
    usual: Tolerance = Field(description="that a new stocktake has, if no manager chooses another")


class StocktakeIn(Model):
    """A new stocktake: the location to be counted, the part of it that is counted, and how."""

    model_config = ConfigDict(extra="forbid")

    location_id: Annotated[Id | None, Field(description="with all below it; null: the whole lab", examples=[7])]
    blind: bool = Field(default=False, description="who counts is not shown what is expected")
    tolerance_percent: Maybe[Annotated[AmountIn, Field(le=100)]] = Field(
        default=None, description="null: the lab's usual; only a manager chooses another", examples=["5"]
    )
    tolerance_amount: Maybe[Annotated[AmountIn, Field(lt=Decimal("1e12"))]] = Field(
        default=None, description="in g or mL; null: the lab's usual", examples=["5"]
    )
    sample_percent: Maybe[Annotated[int, Field(ge=1, le=99)]] = Field(
        default=None, description="a random part of the containers; null: all", examples=[10]
    )
    not_counted_days: Maybe[Annotated[int, Field(ge=1, le=3650)]] = Field(
        default=None, description="only what was not counted within this many days", examples=[90]
    )
    dangerous_only: bool = Field(
        default=False, description="only the signal word Danger, or hazards that are not known"
    )


class StocktakeLine(Model):
    """A container of a stocktake with its expected and counted amounts."""

    container_id: int
    barcode: str = Field(examples=["CT-000012"])
    chemical_id: int
    chemical_name: str = Field(examples=["Tetrahydrofuran"])
    pictograms: list[str] | None = Field(description="null: not known")
    signal_word: str | None
    lot: str | None
    tare_g: Number | None = Field(description="what the empty container weighs; null: not known")
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
