"""CAS Registry Numbers: 64-17-5 is 2 to 7 digits, 2 digits, and a check digit that proves the others.

The check digit is the sum of the digits before it, the last one counted once, the one before twice and so on,
modulo 10 (CAS, "Check Digit Verification of CAS Registry Numbers").
"""

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta

HYPHENS = "-‐‑‒–—−﹣-"
_HYPHEN = f"[{HYPHENS}]"
_PREFIX = r"(?:CAS(?:\s*(?:RN|NO|NR|NUMBER|#))?\.?\s*[:#]?\s*)?"
_MONTHS = "janfebmaraprmayjunjulaugsepoctnovdec"
_LIKELY_YEARS = range(1900, 2050)
LONGEST_TEXT = 80
MOST_TIDIED = 200
"""The number of characters of a text that are read: no more, because tidying searches the text several times."""


class CasNumberError(ValueError):
    """The text is not a CAS number; the message is one sentence that says what is wrong and what to write."""


@dataclass(frozen=True)
class Repair:
    """A CAS number recovered from what a spreadsheet had turned it into, with the proof."""

    cas_number: str
    kind: str
    """`date`, `possible_date` (of a year in which it may be a real day: ask), `hyphens` (missing or misplaced) or
    `spelling` (prefix, spaces, dashes, zeros)."""
    proof: str


def check_digit(digits: str) -> int:
    """The check digit for `digits`, which are a CAS number's digits without the last."""
    return sum(place * int(digit) for place, digit in enumerate(reversed(digits), start=1)) % 10


_AS_WRITTEN = re.compile(r"[1-9][0-9]{1,6}-[0-9]{2}-[0-9]")


def is_valid(text: str) -> bool:
    """Whether `text` is a CAS number exactly as it is written: hyphens, no leading zero, check digit."""
    if not _AS_WRITTEN.fullmatch(text):
        return False
    digits = text.replace("-", "")
    return check_digit(digits[:-1]) == int(digits[-1])


def parse_cas_number(text: str) -> str:
    """The CAS number in `text`, "64-17-5", from "CAS 64-17-5", "64 – 17 – 5" or "64175". Raises CasNumberError."""
    tidy = _tidy(text)
    if is_valid(tidy):
        return tidy
    if not tidy:
        raise CasNumberError("Write a CAS number, such as 64-17-5.")
    if len(tidy) > LONGEST_TEXT:
        raise CasNumberError("That is too long for a CAS number. Write it with hyphens, such as 64-17-5.")
    if re.fullmatch(r"[1-9][0-9]{4,9}", tidy):
        number = hyphenate(tidy)
        if is_valid(number):
            return number
        raise CasNumberError(
            f"{tidy} is not a CAS number: as {number} its check digit would be {check_digit(tidy[:-1])}."
        )
    if not re.fullmatch(r"[0-9-]+", tidy):
        raise CasNumberError(f"“{_short(text)}” is not a CAS number. Write it with hyphens, such as 64-17-5.")
    if match := re.fullmatch(r"([1-9][0-9]{1,6}-[0-9]{2})(-[0-9]?)?", tidy):
        start = match[1]
        digit = check_digit(start.replace("-", ""))
        raise CasNumberError(f"The check digit of {start} is {digit}. Did you mean {start}-{digit}?")
    raise CasNumberError(
        f"“{_short(text)}” is not a CAS number. Write 2 to 7 digits, 2 digits and 1 digit, such as 64-17-5."
    )


def hyphenate(digits: str) -> str:
    """Put the hyphens into a number's digits: 64175 → 64-17-5."""
    return f"{digits[:-3]}-{digits[-3:-1]}-{digits[-1]}"


def repair(value: str | int | float | date, *, day_first: bool | None = None) -> Repair | None:
    """The CAS number that stood in a cell before a spreadsheet program changed it into a date or dropped its hyphens; None if unknown.

    The check digit proves each repair; where two readings both pass, neither is taken. A number that is valid as it stands gives
    None too, for there is nothing to repair. `day_first` says whether the file writes the day before the month in dates such as
    9/5/7789; None: not known.
    """
    if isinstance(value, date):
        return _of_date(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = str(value).strip()
    if is_valid(text) or len(text) > LONGEST_TEXT:
        return None
    day = _of_day_number(int(text)) if re.fullmatch(r"-?[0-9]{5,7}", text) else None
    with suppress(CasNumberError):
        number = parse_cas_number(text)
        if day and day.cas_number != number:
            return None
        return Repair(number, "spelling" if re.search(_HYPHEN, text) else "hyphens", _proof(number))
    tidy = _tidy(text)
    if found := day or _of_date_text(text, day_first):
        return found
    if re.fullmatch(r"[0-9]{4}-(0[1-9]|1[0-2])-0[0-9]", tidy):
        return None  # read as a date, the cell gives no valid CAS number, or more than one
    without_zeros = re.sub(r"^0+(?=[1-9][0-9]+-)|(?<=[0-9]-[0-9]{2}-)0(?=[0-9]$)", "", tidy)
    if is_valid(without_zeros):
        return Repair(without_zeros, "spelling", _proof(without_zeros))
    return _of_misplaced_hyphens(tidy)


def _of_misplaced_hyphens(tidy: str) -> Repair | None:
    """The repair where all digits are there and only the hyphens are wrong: 64-175, 641-7-5."""
    if not re.fullmatch(r"[1-9][0-9-]*[0-9]", tidy) or not 5 <= len(tidy.replace("-", "")) <= 10:
        return None
    if re.fullmatch(r"[0-9]+-[0-9]{2}-[0-9]{2}|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}", tidy):
        return None  # a digit too many or a year: moving hyphens would make some other substance out of it
    number = hyphenate(tidy.replace("-", ""))
    return Repair(number, "hyphens", _proof(number)) if is_valid(number) else None


def _of_date_text(text: str, day_first: bool | None) -> Repair | None:
    """The CAS number behind a date such as 9/5/7789, 5.9.7789, 7789-09-05 00:00:00 or 05-Sep-7789, if just one reading passes."""
    if match := re.fullmatch(r"([0-9]{1,2})[/.]([0-9]{1,2})[/.]([0-9]{4})(?: 0?0:00(?::00)?)?", text):
        one, two, year = map(int, match.groups())
        if day_first is not None:
            one, two = (two, one) if day_first else (one, two)
            return _of_days([(year, one, two)])
        # m/d/y and d/m/y are both in use, so the CAS number's two middle digits may be the first figure of the date or the second.
        return _of_days([(year, one, two), (year, two, one)])
    if match := re.fullmatch(r"([0-9]{4})[-/]([0-9]{1,2})[-/]([0-9]{2})(?:[T ]0?0:00(?::00)?)?", text):
        year, month, day = map(int, match.groups())
        return _of_days([(year, month, day)])
    if match := re.fullmatch(r"([0-9]{1,2})[-/ ]([A-Za-z]{3})[-/ ]([0-9]{4})", text):
        month = _MONTHS.find(match[2].lower())
        if month >= 0 and month % 3 == 0:
            return _of_days([(int(match[3]), month // 3 + 1, int(match[1]))])
    return None


def _of_date(value: date) -> Repair | None:
    if isinstance(value, datetime) and (value.hour or value.minute or value.second):
        return None
    return _of_days([(value.year, value.month, value.day)])


def _of_days(days: list[tuple[int, int, int]]) -> Repair | None:
    """The CAS number that a spreadsheet may have read as one of these days (year, month, day): (7789, 9, 5) was 7789-09-5.

    A spreadsheet takes 75-09-2 for 2 September 1975, so a year of 1930 to 2029 may also have had two digits.
    """
    found = set()
    for year, month, day in days:
        if not (1 <= month <= 12 and 1 <= day <= 9):
            continue
        starts = [str(year)] + ([f"{year % 100:02d}"] if 1930 <= year <= 2029 else [])
        found |= {number for start in starts if is_valid(number := f"{start}-{month:02d}-{day}")}
    if len(found) != 1:
        return None
    number = found.pop()
    return Repair(number, "possible_date" if days[0][0] in _LIKELY_YEARS else "date", _proof(number))


def julian_day(number: int) -> tuple[int, int, int] | None:
    """Year, month and day of a spreadsheet's day number that means a day before 1900; None before year 1 and beyond year 9999.

    LibreOffice shows days before 15 October 1582 by the Julian calendar, so 0107-06-02 has another number there than by
    the calendar of today. Formula: E. G. Richards, Calendars, in Explanatory Supplement to the Astronomical Almanac (2013).
    """
    julian = number + 2415019  # the Julian day number of 30 December 1899
    if julian >= 2299161:  # 15 October 1582
        try:
            day = date(1899, 12, 30) + timedelta(days=number)
        except OverflowError:
            return None
        return day.year, day.month, day.day
    f = julian + 1401
    e = 4 * f + 3
    h = 5 * (e % 1461 // 4) + 2
    month = (h // 153 + 2) % 12 + 1
    year = e // 1461 - 4716 + (14 - month) // 12
    return (year, month, h % 153 // 5 + 1) if year >= 1 else None


def _of_day_number(number: int) -> Repair | None:
    """The CAS number behind a spreadsheet's day number, which stays when somebody removes the date format: 2151163 was 7789-09-5."""
    day = julian_day(number)
    return _of_days([day]) if day else None


def _proof(number: str) -> str:
    return f"check digit {number[-1]} fits"


def _tidy(text: str) -> str:
    """The text without a prefix such as CAS, without spaces and brackets around it, and with plain hyphens."""
    text = text[:MOST_TIDIED].strip().strip("[]()").strip()
    text = re.sub(rf"^{_PREFIX}", "", text, flags=re.IGNORECASE)
    text = re.sub(_HYPHEN, "-", text)
    return "-".join(part.strip() for part in text.split("-"))


def _short(text: str) -> str:
    text = text.strip()
    return text if len(text) <= 30 else text[:29] + "…"
