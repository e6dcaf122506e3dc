"""How figures, days and formulas are written in templates.

    {{ '-40'|number }}                −40          the digits as given, no exponent, U+2212 for minus
    {{ '0.00025'|amount('kg') }}      0.25 g       as people write it: docs/amounts.md; the parts, with the exact value: |figure('kg')
    {{ 4100|grouped }}                4,100        a count of things
    {{ '2025-09-12'|day }}            12 Sep 25    for tables
    {{ '2025-11-18'|long_day }}       18 November 2025
    {{ '2025-11-18'|full_day }}       Tuesday 18 November 2025
    {{ movement.at|moment }}          18 Nov 25, 15:04     in the lab's time zone, as are all that take a time
    {{ movement.at|clock }}           15:04
    {{ movement.at|recent }}          today, 15:04 · yesterday · Tue · 2 November · 2 November 2024
    {{ movement.at|brief }}           15:04 if it is today, else as `recent`: for lists of what happened lately
    {{ container.expires|relative }}  in 12 days · today · 3 days ago
    {{ container.held_since|since }}  since Tue · since 2 Nov 25
    {{ 'C4H8O'|formula }}             C₄H₈O with <sub>
    {{ container.location|short_location }}    Cabinet 1 › Shelf 2: the last two of its names
    {{ container|why_use_by }}        90 days after opening; nothing where its label says until when it may be used
    {{ holder.name|first_name }}      Ben
    {{ scanned|elsewhere }}            CT-9 is on no container here: its label leads to the lab “hodgkin” at chem.example.
    {{ 3|things('container') }}       3 containers; things('box', 'boxes') where the plural is another

All take None and give "".
"""

import re
from datetime import UTC, date, datetime, tzinfo
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from flask import Flask
from markupsafe import Markup, escape

from pages.common.label_addresses import elsewhere
from pages.common.login import current_member

if TYPE_CHECKING:
    from pages.common import answers

MINUS = "\u2212"
SUBSCRIPT = re.compile(r"(?<=[A-Za-z)\]])(\d+)|\^(\d*[+-])")


def number(value: object) -> str:
    """Write a number with the digits given, without an exponent. A text that is no number is returned unchanged."""
    if value is None:
        return ""
    try:
        exact = Decimal(str(value))
        text = f"{exact:f}" if exact.is_finite() else str(value)
    except InvalidOperation:
        text = str(value)
    return text.replace("-", MINUS, 1) if text.startswith("-") else text


SMALLER = {"kg": "g", "g": "mg", "mg": "µg", "L": "mL", "mL": "µL", "mol": "mmol", "mmol": "µmol", "kU": "U"}
WRITTEN_DIGITS = 9  # digits after the point: as many as may be typed
SHOWN_DIGITS = 4  # digits of an endless decimal: no more than a density has


class Figure(NamedTuple):
    """The parts of an amount: number and unit as shown, and the exact value in its own unit ("" where it shows no more)."""

    text: str
    unit: str
    exact: str


def figure(value: object, unit: str | None = "", typed: bool = False) -> Figure:
    """0.00025 kg as 0.25 g; 0.126422250316055… L as 0.1264 L; `typed` keeps its unit. docs/amounts.md says the rule."""
    unit = unit or ""
    try:
        shown, shown_unit = Decimal(str(value)), unit
    except InvalidOperation:
        return Figure(number(value), unit, "")
    if not shown.is_finite():
        return Figure(number(value), unit, "")
    while not typed and shown_unit in SMALLER and 0 < abs(shown) < Decimal("0.01"):
        shown, shown_unit = shown * 1000, SMALLER[shown_unit]
    if -int(shown.normalize().as_tuple().exponent) > WRITTEN_DIGITS:
        shown = round(shown, max(0, SHOWN_DIGITS - 1 - shown.adjusted()))
    text = f"{shown:f}"
    text = number(text.rstrip("0").rstrip(".") if "." in text else text)
    exact = f"{number(value)} {unit}"
    return Figure(text, shown_unit, exact if exact != f"{text} {shown_unit}" else "")


def amount(value: object, unit: str | None = "") -> str:
    """0.25 g"""
    if value is None:
        return ""
    shown = figure(value, unit)
    return f"{shown.text} {shown.unit}".strip()


def typed(value: object, unit: str | None = "") -> str:
    """An amount as it was typed, 250 mg. A computed amount, such as the expected amount of a count, is written as by `amount`."""
    shown = figure(value, unit, typed=True)
    return f"{shown.text} {shown.unit}".strip()


def alike(unit: str | None, other: str | None) -> bool:
    """Whether two units differ only by a prefix, as g and kg do."""

    def smallest(one: str | None) -> str | None:
        while one in SMALLER:
            one = SMALLER[one]
        return one

    return smallest(unit) == smallest(other)


def grouped(value: int | None) -> str:
    """Write a count of things: 4,100."""
    return "" if value is None else f"{value:,}".replace("-", MINUS)


def things(count: int | None, singular: str, plural: str | None = None) -> str:
    """Write a count with its word: 1 container, 3 containers."""
    return "" if count is None else f"{grouped(count)} {singular if count == 1 else plural or singular + 's'}"


def zone() -> tzinfo:
    """The time zone of the lab of this request; UTC where there is none."""
    member = current_member()
    try:
        return ZoneInfo(member.lab.time_zone) if member else UTC
    except (KeyError, ValueError, OSError):
        return UTC


def today() -> date:
    """Today's date in the lab's time zone."""
    return datetime.now(zone()).date()


def as_time(value: object) -> datetime | None:
    """Read an instant and convert it to the lab's time zone. None for other values; a day without a time is no instant."""
    if isinstance(value, str) and len(value) > len("2025-09-12"):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return None
    if not isinstance(value, datetime):
        return None
    return (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(zone())


def as_day(value: object) -> date | None:
    """Read a day, or the day of an instant in the lab's time zone."""
    if isinstance(value, str) and len(value) == len("2025-09-12"):
        try:
            return date.fromisoformat(value)
        except ValueError:
            return None
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    moment_read = as_time(value)
    return moment_read.date() if moment_read else None


def day(value: object) -> str:
    """12 Sep 25"""
    read = as_day(value)
    return f"{read.day} {read:%b %y}" if read else ""


def long_day(value: object) -> str:
    """18 November 2025"""
    read = as_day(value)
    return f"{read.day} {read:%B %Y}" if read else ""


def full_day(value: object) -> str:
    """Tuesday 18 November 2025"""
    read = as_day(value)
    return f"{read:%A} {long_day(read)}" if read else ""


def clock(value: object) -> str:
    """15:04"""
    read = as_time(value)
    return f"{read:%H:%M}" if read else ""


def moment(value: object) -> str:
    """18 Nov 25, 15:04"""
    read = as_time(value)
    return f"{day(read)}, {read:%H:%M}" if read else ""


def recent(value: object) -> str:
    """today, 15:04 · yesterday · Tue · 2 November · 2 November 2024"""
    read = as_day(value)
    if read is None:
        return ""
    now = today()
    match (now - read).days:
        case 0:
            hour = clock(value)
            return f"today, {hour}" if hour else "today"
        case 1:
            return "yesterday"
        case days if 1 < days < 7:
            return f"{read:%a}"
    return f"{read.day} {read:%B}" if read.year == now.year else long_day(read)


def brief(value: object) -> str:
    """15:04 · yesterday · Tue · 2 November · 2 November 2024"""
    return clock(value) if as_day(value) == today() else recent(value)


def relative(value: object) -> str:
    """in 12 days · tomorrow · today · yesterday · 3 days ago"""
    read = as_day(value)
    if read is None:
        return ""
    days = (read - today()).days
    if abs(days) < 2:
        return {-1: "yesterday", 0: "today", 1: "tomorrow"}[days]
    return f"in {grouped(days)} days" if days > 0 else f"{grouped(-days)} days ago"


def since(value: object) -> str:
    """since today · since Tue · since 2 Nov 25"""
    read = as_day(value)
    if read is None:
        return ""
    days = (today() - read).days
    words = {0: "today", 1: "yesterday"}
    return "since " + (words.get(days) or (f"{read:%a}" if 0 < days < 7 else day(read)))


def short_location(full_name: str | None) -> str:
    """Cabinet 1 › Shelf 2: the last two of a location's names, which tell it from its neighbours."""
    return " › ".join((full_name or "").split(" › ")[-2:])


def why_use_by(container: "answers.Container") -> str:
    """90 days after opening: why a container may be used until its day use_by and no longer, where that is not the day on its label."""
    if container["use_by_is"] == "opened":
        return f"{things(container['days_after_opening'] or 0, 'day')} after opening"
    return "extended by the lab" if container["use_by_is"] == "extended" else ""


def first_name(name: str | None) -> str:
    """Ben"""
    return (name or "").partition(" ")[0]


def formula(value: str | None) -> Markup:
    """Write counts of atoms low and charges (`SO4^2-`) high: C<sub>4</sub>H<sub>8</sub>O. `·5H2O` keeps its 5."""
    written, end = Markup(""), 0
    for found in SUBSCRIPT.finditer(value or ""):
        written += escape((value or "")[end : found.start()])
        low, high = found.groups()
        mark, text = ("sub", low) if low else ("sup", high.replace("-", MINUS))
        written += Markup("<{0}>{1}</{0}>").format(mark, text)
        end = found.end()
    return written + escape((value or "")[end:])


def attributes(given: dict[str, object]) -> Markup:
    """Write further attributes of a field: True is a bare name, None and False are left out."""
    written = Markup("")
    for name, value in given.items():
        if value is True:
            written += Markup(" {}").format(name)
        elif value is not None and value is not False:
            written += Markup(' {}="{}"').format(name, value)
    return written


def init_app(app: Flask) -> None:
    """Make the filters known to the templates."""
    texts = (
        number,
        figure,
        amount,
        typed,
        alike,
        grouped,
        things,
        short_location,
        why_use_by,
        first_name,
        formula,
        attributes,
        elsewhere,
    )
    times = (day, long_day, full_day, clock, moment, recent, brief, relative, since)
    for made in (*texts, *times):
        app.jinja_env.filters[made.__name__] = made
