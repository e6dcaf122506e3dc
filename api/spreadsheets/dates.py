"""Reads days in a spreadsheet's cells, which are written in many ways, some of which may mean two days."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

# How the names of the months begin in English, German, French, Spanish, Portuguese, Italian, Dutch, Polish and Turkish, without accents.
_MONTHS = tuple(
    tuple(begins.split())
    for begins in (
        "jan ene gen sty oca", "feb fev lut sub", "mar mae mrz mrt", "apr avr abr kwi nis", "may mai mei mag maj",
        "jun juin giu cze haz", "jul juil lug lip tem", "aug aou ago sie agu", "sep set wrz eyl", "oct okt ott out paz eki", "nov lis kas",
        "dec dez dic gru ara",
    )
)  # fmt: skip
_DAY_NUMBERS = range(20_000, 70_000)
"""Excel's day numbers from 1954 to 2091; other numbers are not taken for days."""


@dataclass(frozen=True)
class Day:
    """A day from a file, and the kind of repair that reading it took, if any."""

    day: date
    repair: str | None = None


def read_day(text: str, day_first: bool | None, *, end_of_month: bool = False) -> Day | str:
    """The day in `text`, or the kind of problem.

    `day_first` says whether 9/5/2024 is the 9th of May; None: not known, and such a day gives `date_order`. A month without a day
    ("09/2025") gives its last day if `end_of_month` (an expiry date), else `date_unreadable`. 1 January usually stands for "some
    time in that year" and gives `placeholder_date`, but not as an expiry date, because suppliers do print that day.
    """
    text = text.strip().removesuffix(" 00:00:00").removesuffix(" 0:00")
    text = re.sub(
        r"([0-9]{4})\s*[年년]\s*([0-9]{1,2})\s*[月월]\s*(?:([0-9]{1,2})\s*[日일])?", r"\1-\2-\3", text
    ).removesuffix("-")
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
    placeholder = "placeholder_date" if (month, day) == (1, 1) and not end_of_month else None
    try:
        return Day(date(year, month, day), placeholder)
    except ValueError:
        return "date_unreadable"


def _parts(text: str, day_first: bool | None) -> tuple[int, int, int] | str:
    """Year, month and day (0: the text has none) as they are written, or the kind of problem."""
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
    plain = re.sub("[\u0300-\u036f]", "", unicodedata.normalize("NFKD", text.casefold())).replace("ı", "i")
    words = re.sub(r"(?<=[0-9])(st|nd|rd|th)\b|\b(de|of)\b|[,./-]", " ", plain).split()
    months = [number for number, begins in enumerate(_MONTHS, 1) for word in words if word.startswith(begins)]
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
    """The year that two digits mean. Spreadsheets read 00 to 29 as 2000 to 2029 and all others as the 1900s. Here 30 to 49 are 2030 to
    2049, because no bottle in a lab is from the 1930s or 1940s, but expiry dates of those years will come."""
    if len(text) != 2:
        return int(text)
    return int(text) + (2000 if int(text) < 50 else 1900)


def day_order(texts: Iterable[str]) -> bool | None:
    """Whether these cells write the day before the month. A figure above 12 proves it; None if no cell proves it or cells contradict."""
    day_first = month_first = False
    for text in texts:
        if match := re.match(r"([0-9]{1,2})[-/]([0-9]{1,2})[-/][0-9]{2,4}\b", text):
            day_first |= 12 < int(match[1]) <= 31
            month_first |= 12 < int(match[2]) <= 31
    return day_first if day_first != month_first else None
