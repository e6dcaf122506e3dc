"""The rows of what needs attention, the most urgent first, each with the act that settles it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import groupby
from typing import TYPE_CHECKING

from pages.common.filters import (
    amount,
    day,
    figure,
    grouped,
    number,
    relative,
    short_location,
    since,
    things,
    why_use_by,
)
from pages.common.navigation import path

if TYPE_CHECKING:
    from pages.common import answers

SOME = 4
"""The largest number of rows of one kind; below them a link leads to all."""


@dataclass(frozen=True)
class Act:
    """The act that settles a row: a link with its icon."""

    text: str
    icon: str
    href: str


@dataclass(frozen=True)
class Row:
    """One row: its subject, the reason (`badge`, with the badge's kind and icon), a line of details, and the act."""

    title: str
    href: str
    badge: str
    kind: str
    icon: str
    more: str
    act: Act | None = None
    bottles: int = 1


@dataclass(frozen=True)
class All:
    """The link below the first rows of a kind that leads to all of them."""

    text: str
    href: str


def rows_of(summary: answers.Summary, may_write: bool) -> list[Row | All]:
    """The rows of a lab's summary. Acts are left out unless the user may write."""
    totals = summary["totals"]
    expired = [container for container in summary["expiring"] if container["expired"]]
    soon = [container for container in summary["expiring"] if not container["expired"]]
    kinds: tuple[tuple[list[Row], str, int, str], ...] = (
        ([_left_behind(bottle) for bottle in summary["left_behind"]], "with people who left", 0, ""),
        (_alike(expired, _expired), "expired", totals["expired"], path("chemicals", flag="expired")),
        (
            [_peroxides(bottle) for bottle in summary["peroxides"]],
            "to be tested for peroxides",
            totals["peroxides"],
            path("chemicals", flag="peroxides"),
        ),
        (_alike(summary["missing"], _missing), "not found", totals["missing"], path("chemicals", flag="missing")),
        ([_low(chemical) for chemical in summary["low"]], "low", totals["low"], path("chemicals", flag="low")),
        (_alike(soon, _expiring), "that expire soon", totals["expiring"], path("chemicals", flag="expiring")),
        ([_due(location) for location in summary["due"]], "due for a count", totals["due"], path("reconcile")),
    )
    rows: list[Row | All] = []
    for found, words, total, href in kinds:
        rows += [row if may_write else replace(row, act=None) for row in found[:SOME]]
        if href and (len(found) > SOME or total > sum(row.bottles for row in found)):
            rows.append(All(f"All {grouped(total)} {words}", href))
    last = [_without_location(summary)] if totals["without_location"] and totals["locations"] else []
    last += [_unknown(totals["unknown"])] if totals["unknown"] else []
    return rows + [row if may_write else replace(row, act=None) for row in last]


def _alike(containers: list[answers.Container], row_of: Callable[[list[answers.Container]], Row]) -> list[Row]:
    """One row for the bottles of a lot that expire on one day, or were missed in one count."""

    def lot(container: answers.Container) -> tuple[str, ...]:
        return tuple(str(container[name]) for name in ("use_by", "use_by_is", "missing_since", "chemical_id", "lot"))

    return [row_of(list(bottles)) for _, bottles in groupby(sorted(containers, key=lot), key=lot)]


def _container(containers: list[answers.Container], badge: str, kind: str, icon: str, more: str, act: Act) -> Row:
    first = containers[0]
    href = path("chemicals", first["chemical_id"])
    if len(containers) == 1:
        facts = [first["barcode"], _amount(first), more]
    else:
        lot = f"lot {first['lot']}" if first["lot"] else ""
        facts = [things(len(containers), "bottle"), lot, more]
    return Row(first["chemical_name"], href, badge, kind, icon, " · ".join(filter(None, facts)), act, len(containers))


def _where(containers: list[answers.Container], before: str = "") -> str:
    """The location of the containers if all have the same one, else an empty text."""
    locations = {container["location"] for container in containers}
    return before + short_location(locations.pop()) if len(locations) == 1 and None not in locations else ""


def _why_and_where(containers: list[answers.Container]) -> str:
    """Why the containers expire on another day than their label says, and where they stand."""
    return " · ".join(filter(None, (why_use_by(containers[0]), _where(containers))))


def news_of(summary: answers.Summary) -> dict[str, str] | None:
    """For managers: a sentence about the people whom administrators lately added to the lab; None if there are none."""
    added = summary["additions"]
    if not added:
        return None
    themselves = [addition for addition in added if addition["themselves"]]
    if themselves:
        who = f"{themselves[0]['by']}, an administrator, added themselves to this lab as a {themselves[0]['role']}"
    elif len(added) == 1:
        who = f"{added[0]['by']} added {added[0]['name']} to this lab as a {added[0]['role']}"
    else:
        who = f"{things(len(added), 'person', 'people')} were added to this lab, {added[0]['name']} last, by {added[0]['by']}"
    newest = (themselves or added)[0]["made_at"]
    return {"sentence": f"{who} {relative(newest)}.", "kind": "danger" if themselves else "warn"}


def _amount(container: answers.Container) -> str:
    if container["amount"] is None:
        return "amount unknown"
    return amount(container["amount"], container["unit"])


def _left_behind(bottle: answers.Container) -> Row:
    act = Act("Bring back", "undo", path("checkout", "bring-back", container=bottle["id"]))
    more = f"with {bottle['holder']} {since(bottle['held_since'])}"
    return _container([bottle], "Its holder left the lab", "danger", "alert", more, act)


def _expired(containers: list[answers.Container]) -> Row:
    badge = f"Expired {day(containers[0]['use_by'])}"
    return _container(containers, badge, "danger", "alert", _why_and_where(containers), _marking(containers))


def _expiring(containers: list[answers.Container]) -> Row:
    badge = f"Expires {relative(containers[0]['use_by'])}"
    act = Act("Extend", "clock", path("chemicals", "containers", "extend", container=_ids(containers)))
    return _container(containers, badge, "warn", "clock", _why_and_where(containers), act)


def _peroxides(bottle: answers.Container) -> Row:
    peroxides = bottle["peroxides"]
    assert peroxides  # noqa: S101 — the API lists no other containers
    if peroxides["state"] == "over":
        return _container(
            [bottle],
            f"{number(peroxides['ppm'])} ppm of peroxides",
            "danger",
            "alert",
            _where([bottle]),
            _marking([bottle]),
        )
    badge = f"Peroxide test due {since(peroxides['due_on'])}"
    more = f"last tested {day(peroxides['tested_on'])}" if peroxides["tested_on"] else "never tested"
    act = Act("Note a test", "edit", path("chemicals", "containers", bottle["id"]) + "#peroxides")
    return _container([bottle], badge, "warn", "clock", " · ".join(filter(None, (more, _where([bottle])))), act)


def _missing(containers: list[answers.Container]) -> Row:
    badge = f"Not found {since(containers[0]['missing_since'])}"
    return _container(containers, badge, "warn", "alert", _where(containers, "was in "), _marking(containers))


def _marking(containers: list[answers.Container]) -> Act:
    return Act("Mark for deletion", "bin", path("disposal", "mark", container=_ids(containers)))


def _ids(containers: list[answers.Container]) -> list[int]:
    return [container["id"] for container in containers]


def _low(chemical: answers.Low) -> Row:
    unit, used = chemical["unit"], chemical["check_outs"]
    there = figure(chemical["amount"], unit)
    held = there.text if there.unit == unit else f"{there.text} {there.unit}"
    badge = f"Low: {held} of {number(chemical['limit_amount'])} {unit}"
    facts = [
        f"in {things(chemical['containers'], 'container')}" if chemical["containers"] else "no container left",
        f"{chemical['missing']} missing" if chemical["missing"] else "",
        f"used in {things(used, 'check-out')} in 30 days" if used else "",
    ]
    act = Act("Receive more", "in", path("checkin", chemical=chemical["chemical_id"]))
    href = path("chemicals", chemical["chemical_id"])
    return Row(chemical["name"], href, badge, "warn", "alert", " · ".join(filter(None, facts)), act)


def _due(location: answers.DueLocation) -> Row:
    last = location["last_counted_at"]
    more = f"last counted {day(last)}" if last else "never counted"
    badge = f"Count due {since(location['due_on'])}"
    act = Act("Count", "count", path("reconcile", "new", location=location["id"]))
    return Row(short_location(location["full_name"]), path("reconcile"), badge, "", "clock", more, act)


def _without_location(summary: answers.Summary) -> Row:
    title = f"{things(summary['totals']['without_location'], 'bottle')} without a location"
    latest = summary["without_location"]
    names = list(dict.fromkeys(bottle["chemical_name"] for bottle in latest))
    more = ", ".join(names[:3]) + (f" and {things(len(names) - 3, 'other')}" if len(names) > 3 else "")
    href = path("history", "move", container=_ids(latest))
    return Row(title, href, "Put away", "line", "pin", more, Act("Put away", "swap", href))


def _unknown(count: int) -> Row:
    title = f"{things(count, 'container')} whose amount is not known"
    more = "A count sets it; a check-out asks for it first."
    act = Act("Count", "count", path("reconcile"))
    return Row(title, path("reconcile"), "Unknown", "line", "help", more, act)
