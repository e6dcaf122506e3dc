"""Days in a spreadsheet's cells: many ways to write one, and some that mean two."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAY_NUMBERS = range(20_000, 70_000)
"""Excel's numbers of the days from 1954 to 2091."""


@dataclass(frozen=True)
class Day:
    """A day that was read, and the kind of repair that it took, if any."""

    day: date
    repair: str | None = None


def read_day(text: str, day_first: bool | None, *, end_of_month: bool = False) -> Day | str:
    """The day that `text` writes, or the kind of problem why not.

    `day_first` says whether 9/5/2024 is the 9th of May; None: not known, then such a day is `date_order`. A month
    alone ("09/2025") is its last day where `end_of_month` (an expiry date), else `date_unreadable`.
    1 January stands for "some time in that year": `placeholder_date`.
    """
    text = text.strip().removesuffix(" 00:00:00").removesuffix(" 0:00")
    if re.fullmatch(r"[0-9]{5}", text) and int(text) in _DAY_NUMBERS:
        return Day(date(1899, 12, 30) + timedelta(days=int(text)), "date_number")
    parts = _parts(text, day_first)
    if parts == "date_order":
        return parts
    if isinstance(parts, str) or not 1900 <= parts[0] <= 2199:
        return "date_unreadable"
    year, month, day = parts
    if not day:
        if not end_of_month or not 1 <= month <= 12:
            return "date_unreadable"
        return Day(date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1), "month_end")
    if (month, day) == (1, 1):
        return "placeholder_date"
    try:
        return Day(date(year, month, day))
    except ValueError:
        return "date_unreadable"


def _parts(text: str, day_first: bool | None) -> tuple[int, int, int] | str:
    """Year, month and day (0: none) as written, or the problem."""
    if match := re.fullmatch(r"([0-9]{4})[-/.]([0-9]{1,2})(?:[-/.]([0-9]{1,2}))?(?:[T ][0-9:.]+)?", text):
        return int(match[1]), int(match[2]), int(match[3] or 0)
    if match := re.fullmatch(r"([0-9]{1,2})([-/.])([0-9]{1,2})\2([0-9]{4}|[0-9]{2})(?: [0-9:]+(?: [AP]M)?)?", text):
        one, two, year = int(match[1]), int(match[3]), _full_year(match[4])
        if match[2] == "." or one > 12:
            return year, two, one
        if two > 12 or one == two:
            return year, one, two
        if not 1900 <= year <= 2199:
            return "date_unreadable"
        if day_first is None:
            return "date_order"
        return (year, two, one) if day_first else (year, one, two)
    if match := re.fullmatch(r"([0-9]{1,2})[/.-]([0-9]{4})", text):
        return int(match[2]), int(match[1]), 0
    words = re.sub(r"(?<=[0-9])(st|nd|rd|th)\b|[,.]", " ", text.lower()).replace("-", " ").replace("/", " ").split()
    months = [number for number, name in enumerate(_MONTHS, 1) for word in words if word[:4].startswith(name)]
    figures = [word for word in words if re.fullmatch(r"[0-9]{1,4}", word)]
    if len(months) != 1 or len(words) != len(figures) + 1:
        return "date_unreadable"
    if len(figures) == 2:
        day, year_text = (figures[1], figures[0]) if len(figures[0]) == 4 else (figures[0], figures[1])
        return _full_year(year_text), months[0], int(day) or 99
    if len(figures) == 1 and len(figures[0]) in (2, 4):
        return _full_year(figures[0]), months[0], 0
    return "date_unreadable"


def _full_year(text: str) -> int:
    """Two digits as spreadsheets take them: 00 to 29 are 2000 to 2029, the others the 1900s... but 30 to 49, which no
    lab's bottle is that old for, are expiry dates to come."""
    if len(text) != 2:
        return int(text)
    return int(text) + (2000 if int(text) < 50 else 1900)


def day_order(texts: Iterable[str]) -> bool | None:
    """Whether these cells write the day before the month: proved by a figure above 12, None without proof or with both."""
    day_first = month_first = False
    for text in texts:
        if match := re.match(r"([0-9]{1,2})[-/]([0-9]{1,2})[-/][0-9]{2,4}\b", text):
            day_first |= 12 < int(match[1]) <= 31
            month_first |= 12 < int(match[2]) <= 31
    return day_first if day_first != month_first else None
