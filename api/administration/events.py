"""The trace of every act: the lines of a lab for its managers, all lines for administrators; filtered, paged and as files.

The database writes the lines (sql/triggers/events.sql), and its policies decide who may see which. This module only reads them.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from typing import Annotated, Any, LiteralString

from fastapi import Query
from psycopg.types.json import Jsonb
from pydantic import ConfigDict, Field
from starlette.responses import StreamingResponse

from api.core import tables
from api.core.database import Data, Statement
from api.core.exports import Downloads
from api.core.fields import Days, Model
from api.core.paging import Order, Page, Window
from api.core.routes import resource
from api.core.rows import Row
from api.core.visit import InLab, SignedIn

router = resource("", "administration")

ROWS_A_READ = 1000  # rows that are read at once for a file

KINDS = {
    "signed_in": "Signed in",
    "sign_in_refused": "Sign-in refused",
    "session_ended": "Session ended",
    "session_made": "Session made for somebody",
    "session_changed": "Session changed",
    "token_made": "Access token made",
    "token_used": "Access token used for the first time",
    "token_revoked": "Access token revoked",
    "service_account_made": "Service account made",
    "service_account_removed": "Service account removed",
    "password_changed": "Password changed",
    "password_confirmed": "Password typed again",
    "password_reset": "Password reset",
    "provider_login_set": "Bound to a person of the identity provider",
    "provider_login_removed": "Freed from a person of the identity provider",
    "second_factor_set": "Second factor set up",
    "second_factor_removed": "Second factor turned off",
    "second_factor_reset": "Second factor taken away",
    "second_factor_changed": "Second factor changed",
    "recovery_code_used": "Recovery code used",
    "login_made": "Login made",
    "login_changed": "Login changed",
    "login_removed": "Login removed",
    "login_erased": "Login erased",
    "administrator_made": "Made an administrator",
    "administrator_removed": "No longer an administrator",
    "lab_made": "Lab made",
    "lab_changed": "Lab changed",
    "lab_archived": "Lab archived",
    "lab_brought_back": "Lab back from the archive",
    "lab_erased": "Lab erased",
    "member_added": "Member added",
    "role_changed": "Role changed",
    "member_removed": "Member removed",
    "membership_erased": "Membership erased",
    "exported": "File taken away",
    "isolation_proved": "Proof of isolation",
    "isolation_held": "Isolation held",
    "isolation_broken": "ISOLATION DID NOT HOLD",
    "isolation_unproved": "Proof of isolation not finished",
    "import_uploaded": "File uploaded",
    "import_loaded": "Import loaded",
    "import_cancelled": "Import cancelled",
    "import_taken_back": "Import taken back",
    "list_enriched": "List filled in from the reference",
    "enrichment_undone": "Filling in undone",
    "chemicals_merged": "Two chemicals merged",
    "merger_undone": "Merging undone",
    "classifications_uploaded": "List of classifications uploaded",
    "classifications_kept": "List of classifications kept for all labs",
    "classifications_discarded": "List of classifications discarded",
    "table_emptied": "Table emptied",
}
"""All kinds of lines, in the words that people read."""
OF_A_LAB = [
    kind
    for kind in KINDS
    if kind.startswith(("lab_", "member", "role_", "import_", "token_", "service_"))
    or kind in ("exported", "list_enriched", "enrichment_undone", "chemicals_merged", "merger_undone")
]


class Event(Model):
    """A line of the trace."""

    id: int
    made_at: datetime
    kind: str = Field(examples=["member_added"])
    title: str = Field(description="the kind in words", examples=["Member added"])
    made_by: int | None = Field(description="null: no user; made_by_name is then a role of the database")
    made_by_name: str = Field(description="the user name as it was then", examples=["root"])
    database_role: str = Field(description="as whom the database was reached", examples=["chemadmin"])
    address: str = Field(description="where the sign-in came from")
    about_name: str | None = Field(description="the user whom it concerns", examples=["ada"])
    lab: str | None = Field(description="its slug now")
    more: str = Field(description="what else there is to say", examples=["role: viewer → manager"])


class Kind(Model):
    """A kind of line by which the trace may be narrowed."""

    kind: str
    title: str


class Events(Page):
    """A page of the trace, latest first."""

    items: list[Event]
    kinds: list[Kind]


class Filter(Days):
    """The filter of the trace. A line is shown if it fulfils every condition. First and last day are included; they are days of the lab's time
    zone, or of UTC for administrators."""

    model_config = ConfigDict(extra="forbid")

    person: Annotated[str, Field(max_length=64, description="user name of who did it, or whom it concerns")] = ""
    kind: list[Annotated[str, Field(pattern=r"^[a-z_]{3,40}$")]] = Field(default=[], max_length=len(KINDS))


class Search(Filter):
    """The query for a page of the trace."""

    cursor: Annotated[str, Field(max_length=400)] = ""
    limit: Annotated[int, Field(ge=1, le=200)] = 50


LATEST_FIRST = Order(("made_at", "id"), ("timestamptz", "bigint"), descending=True, keys=("at", "id"))
ALL_LABS = "true"
THIS_LAB = "e.lab_id = (SELECT control.lab_id())"
IN_UTC = "AT TIME ZONE 'UTC'"
IN_THE_LAB = "AT TIME ZONE (SELECT l.time_zone FROM control.labs l WHERE l.id = (SELECT control.lab_id()))"
FIND_EVENTS = """
SELECT e.id, e.made_at, e.made_at::text AS at, e.kind, e.made_by, e.made_by_name, e.database_role, e.address, e.about_name, e.details,
       (SELECT l.slug FROM control.labs l WHERE l.id = e.lab_id) AS lab
  FROM control.events e WHERE {where} AND {window} ORDER BY {order} LIMIT %(limit)s"""
NOTE_EXPORT = "INSERT INTO control.events (kind, details) VALUES ('exported', %s)"

Read = Callable[[Statement], Awaitable[list[Row]]]


def events_that_fit(fit: Filter, window: Window, of: LiteralString, zone: LiteralString) -> Statement:
    """A page of the lines that pass the filter. `of` is THIS_LAB or ALL_LABS; `zone` is the time zone of the days, IN_THE_LAB or IN_UTC."""
    conditions: list[LiteralString] = [of]
    if fit.person.strip():
        conditions.append("%(person)s IN (e.made_by_name, e.about_name)")
    if fit.kind:
        conditions.append("e.kind = ANY (%(kind)s)")
    if fit.from_day:
        conditions.append("e.made_at >= %(from_day)s::timestamp " + zone)
    if fit.to_day:
        conditions.append("e.made_at < (%(to_day)s::date + 1)::timestamp " + zone)
    where = " AND ".join(conditions)
    given = fit.model_dump() | window.parameters | {"person": fit.person.strip().lower()}
    return FIND_EVENTS.format(where=where, window=window.condition("e"), order=window.order_by("e")), given


def in_words(row: Row) -> Row:
    """The row of an Event, with its kind and details in words."""
    nobody = row["kind"] == "sign_in_refused" and row["made_by"] is None
    return row | {
        "title": KINDS.get(row["kind"], row["kind"].replace("_", " ")),
        "made_by_name": "somebody" if nobody else row["made_by_name"],
        "more": "; ".join(_detail(name, value) for name, value in sorted(row["details"].items())),
    }


def _detail(name: str, value: object) -> str:
    if name == "more":
        return "further refusals of this hour are not noted"
    if isinstance(value, list):
        before, after = (str(part) if part is not None else "none" for part in value)
        return f"{name.replace('_', ' ')}: {before} → {after}"
    return f"{name.replace('_', ' ')}: {value}"


def answer(rows: list[Row], window: Window, kinds: list[str]) -> Row:
    """A page of the trace."""
    return window.answer([in_words(row) for row in rows]) | {"kinds": [{"kind": kind, "title": KINDS[kind]} for kind in kinds]}  # fmt: skip


HEADS = (
    "Time",
    "Time (UTC)",
    "What",
    "Kind",
    "Lab",
    "By",
    "Concerns",
    "Details",
    "From address",
    "Database role",
    "Id",
)
CELLS = ("made_at", "utc", "title", "kind", "lab", "made_by_name", "about_name", "more", "address", "database_role", "id")  # fmt: skip


async def _pages(lines_of: Read, fit: Filter, of: LiteralString, zone: LiteralString) -> AsyncIterator[tables.Page]:
    """All lines that pass the filter, as rows of a file."""
    cursor = ""
    while True:
        window = Window(LATEST_FIRST, cursor, ROWS_A_READ)
        page = answer(await lines_of(events_that_fit(fit, window, of, zone)), window, [])
        for row in page["items"]:
            row["utc"] = row["made_at"].astimezone(UTC).isoformat(timespec="seconds")[:19] + "Z"
        yield [[row[cell] for cell in CELLS] for row in page["items"]]
        if page["next"] is None:
            return
        cursor = page["next"]


@router.get("/labs/{lab}/events", response_model=Events)
async def list_events_of_a_lab(search: Annotated[Search, Query()], visit: InLab, data: Data) -> Any:
    """The acts that concerned the lab, and the files that were downloaded from it, for its managers, latest first."""
    window = Window(LATEST_FIRST, search.cursor, search.limit)
    rows = await data.read(visit, *events_that_fit(search, window, THIS_LAB, IN_THE_LAB), needed="manager")
    return answer(rows, window, OF_A_LAB)


@router.get("/labs/{lab}/events.csv", response_class=StreamingResponse, responses={200: {"content": {"text/csv": {}}}})
async def download_events_of_a_lab(
    fit: Annotated[Filter, Query()], visit: InLab, data: Data, downloads: Downloads
) -> StreamingResponse:
    """Downloads all lines of the lab that pass the filter, for its managers."""

    async def lines_of(asked: Statement) -> list[Row]:
        return await data.read(visit, *asked, needed="manager")

    return await downloads.csv(visit, data, "events", HEADS, _pages(lines_of, fit, THIS_LAB, IN_THE_LAB))


@router.get("/events", response_model=Events)
async def list_events(search: Annotated[Search, Query()], visit: SignedIn, data: Data) -> Any:
    """Every act in the installation, for administrators, latest first."""
    window = Window(LATEST_FIRST, search.cursor, search.limit)
    found = await data.administer(visit, {"events": events_that_fit(search, window, ALL_LABS, IN_UTC)})
    return answer(found["events"], window, list(KINDS))


@router.get("/events.csv", response_class=StreamingResponse, responses={200: {"content": {"text/csv": {}}}})
async def download_events(
    fit: Annotated[Filter, Query()], visit: SignedIn, data: Data, downloads: Downloads
) -> StreamingResponse:
    """Downloads all lines that pass the filter, for administrators."""
    await data.administer(visit, {"noted": (NOTE_EXPORT, (Jsonb({"file": "events"}),))})

    async def lines_of(asked: Statement) -> list[Row]:
        return (await data.administer(visit, {"events": asked}))["events"]

    return await downloads.csv(visit, None, "events", HEADS, _pages(lines_of, fit, ALL_LABS, IN_UTC))
