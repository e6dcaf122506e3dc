"""What needs attention, in the order of its urgency: one row each, with what can be done about it."""

from dataclasses import dataclass
from typing import Any

from pages.common.filters import day, number, place, relative, since, things
from pages.common.navigation import path

Found = dict[str, Any]
SOME = 4
"""So many of a kind: the tiles above the list lead to all."""


@dataclass(frozen=True)
class Act:
    """What a member can do about it: a link with its icon."""

    text: str
    icon: str
    href: str


@dataclass(frozen=True)
class Row:
    """One row: what it is about, why it is here (`badge`, with the kind and icon of its look), a line more, what to do."""

    title: str
    href: str
    badge: str
    kind: str
    icon: str
    more: str
    act: Act | None = None


def rows_of(summary: Found, may_write: bool) -> list[Row]:
    """The rows of a lab's summary. Acts are offered to those who may write."""
    expired = [container for container in summary["expiring"] if container["expired"]]
    soon = [container for container in summary["expiring"] if not container["expired"]]
    rows = [_left_behind(bottle) for bottle in summary["left_behind"][:SOME]]
    rows += [_expired(container) for container in expired[:SOME]]
    rows += [_missing(container) for container in summary["missing"][:SOME]]
    rows += [_low(chemical) for chemical in summary["low"][:SOME]]
    rows += [_expiring(container) for container in soon[:SOME]]
    rows += [_due(location) for location in summary["due"][:SOME]]
    if unknown := summary["totals"]["unknown"]:
        rows.append(_unknown(unknown))
    return rows if may_write else [Row(**vars(row) | {"act": None}) for row in rows]


def _container(container: Found, badge: str, kind: str, icon: str, more: str, act: Act) -> Row:
    href = path("chemicals", container["chemical_id"])
    facts = [container["barcode"], _amount(container), more]
    return Row(container["chemical_name"], href, badge, kind, icon, " · ".join(filter(None, facts)), act)


def _amount(container: Found) -> str:
    if container["amount"] is None:
        return "amount unknown"
    return f"{number(container['amount'])} {container['unit']}"


def _left_behind(bottle: Found) -> Row:
    act = Act("Bring back", "undo", path("checkout", "bring-back", container=bottle["id"]))
    more = f"with {bottle['holder']} {since(bottle['held_since'])}"
    return _container(bottle, "Its holder left the lab", "danger", "alert", more, act)


def _expired(container: Found) -> Row:
    act = Act("Mark for deletion", "bin", path("disposal", "mark", container=container["id"]))
    badge = f"Expired {day(container['expires_on'])}"
    return _container(container, badge, "danger", "alert", place(container["location"]), act)


def _expiring(container: Found) -> Row:
    act = Act("Extend", "clock", path("chemicals", "containers", container["id"], "edit"))
    badge = f"Expires {relative(container['expires_on'])}"
    return _container(container, badge, "warn", "clock", place(container["location"]), act)


def _missing(container: Found) -> Row:
    act = Act("Mark for deletion", "bin", path("disposal", "mark", container=container["id"]))
    more = f"was in {place(container['location'])}" if container["location"] else ""
    return _container(container, f"Not found {since(container['missing_since'])}", "warn", "alert", more, act)


def _low(chemical: Found) -> Row:
    unit, used = chemical["unit"], chemical["check_outs"]
    badge = f"Low: {number(chemical['amount'])} of {number(chemical['limit_amount'])} {unit}"
    facts = [
        f"in {things(chemical['containers'], 'container')}" if chemical["containers"] else "no container left",
        f"used in {things(used, 'check-out')} in 30 days" if used else "",
    ]
    act = Act("Receive more", "in", path("checkin", chemical=chemical["chemical_id"]))
    href = path("chemicals", chemical["chemical_id"])
    return Row(chemical["name"], href, badge, "warn", "alert", " · ".join(filter(None, facts)), act)


def _due(location: Found) -> Row:
    last = location["last_counted_at"]
    more = f"last counted {day(last)}" if last else "never counted"
    badge = f"Count due {since(location['due_on'])}"
    act = Act("Count", "count", path("reconcile", "start", location=location["id"]))
    return Row(place(location["full_name"]), path("reconcile"), badge, "", "clock", more, act)


def _unknown(count: int) -> Row:
    title = f"{things(count, 'container')} whose amount is not known"
    more = "A count sets it; a check-out asks for it first."
    act = Act("Count", "count", path("reconcile"))
    return Row(title, path("reconcile"), "Unknown", "line", "help", more, act)
