"""How figures, days and formulas are written in templates.

    {{ '-40'|number }}                −40          the digits as given, no exponent, U+2212 for minus
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
    {{ container.location|place }}    Cabinet 1 › Shelf 2: the last two of its names
    {{ holder.name|first_name }}      Ben
    {{ 3|things('container') }}       3 containers; things('box', 'boxes') where the plural is another

All take None and give "".
"""

import re
from datetime import UTC, date, datetime, tzinfo
from decimal import Decimal, InvalidOperation
from zoneinfo import ZoneInfo

from flask import Flask
from markupsafe import Markup, escape

from pages.common.login import current_member

MINUS = "\u2212"
SUBSCRIPT = re.compile(r"(?<=[A-Za-z)\]])(\d+)|\^(\d*[+-])")


def number(value: object) -> str:
    """Write a number as it was given, without an exponent. What is no number is returned as it is."""
    if value is None:
        return ""
    try:
        exact = Decimal(str(value))
        text = f"{exact:f}" if exact.is_finite() else str(value)
    except InvalidOperation:
        text = str(value)
    return text.replace("-", MINUS, 1) if text.startswith("-") else text


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
    """Today, where the lab is."""
    return datetime.now(zone()).date()


def as_time(value: object) -> datetime | None:
    """Read an instant, as the lab's clock shows it. None if it is none; a day is none, it has no hour."""
    if isinstance(value, str) and len(value) > len("2025-09-12"):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return None
    if not isinstance(value, datetime):
        return None
    return (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(zone())


def as_day(value: object) -> date | None:
    """Read a day, or the day of an instant where the lab is."""
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


def place(full_name: str | None) -> str:
    """Cabinet 1 › Shelf 2: the last two of a location's names, which tell it from its neighbours."""
    return " › ".join((full_name or "").split(" › ")[-2:])


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
    texts = (number, grouped, things, place, first_name, formula, attributes)
    times = (day, long_day, full_day, clock, moment, recent, brief, relative, since)
    for made in (*texts, *times):
        app.jinja_env.filters[made.__name__] = made
