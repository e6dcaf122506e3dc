"""Writes a number as its cell in a workbook shows it, by the number format: 2.5 with `0.0" mL"` is 2.5 mL, 42 with `0000` is 0042."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache

from openpyxl.styles.numbers import is_date_format, is_timedelta_format

from api.chemistry.cas_numbers import julian_day

_PIECE = re.compile(
    r'"(?P<quoted>[^"]*)"?|\\(?P<escaped>.)|_.|\*.|\[(?:\$(?P<currency>[^\]-]*))?[^\]]*\]|(?P<other>.)', re.DOTALL
)
_FIRST_DAY = date(1899, 12, 30)
_LEAP_DAY = 60
"""Excel's number of 29 February 1900, a day that never existed. Because of it, Excel counts earlier days from 31 December 1899."""
_SINCE_1904 = 1462


@dataclass(frozen=True)
class NumberFormat:
    """One section of a number format. `before` and `after` are the words that the format shows around the number."""

    kind: str
    """`number`, `day`, `time` (of hours beyond a day) or `mask` (figures with hyphens: 000-00-0)."""
    before: str = ""
    after: str = ""
    mask: str = ""
    per_cent: bool = False
    thousandths: int = 0
    """How many times the number is divided by 1000 before it is shown."""


@lru_cache(maxsize=1000)
def number_format(text: str) -> NumberFormat:
    """The section of a format for positive numbers. It is used for zero and negative numbers too."""
    if is_timedelta_format(text):
        return NumberFormat("time")
    if is_date_format(text):
        return NumberFormat("day")
    sections = _sections(text[:255])
    section = sections[0]
    if re.search(r"\[[<>=]", text) or not re.search("[0#?]", "".join(piece for piece, is_code in section if is_code)):
        return NumberFormat("number")
    return _read(section)


def _sections(text: str) -> list[list[tuple[str, bool]]]:
    """The sections of a format, each as a list of pieces: a text that is shown, or a character of the format's code (True)."""
    sections: list[list[tuple[str, bool]]] = [[]]
    for match in _PIECE.finditer(text):
        if match["other"] == ";":
            sections.append([])
        elif match["other"] is not None:
            sections[-1].append((match["other"], True))
        elif shown := match["quoted"] or match["escaped"] or match["currency"]:
            sections[-1].append((shown, False))
    return sections


def _read(section: list[tuple[str, bool]]) -> NumberFormat:
    figures = [place for place, (piece, is_code) in enumerate(section) if is_code and piece in "0#?"]
    first, last = figures[0], figures[-1]
    commas = 0
    while last + 1 < len(section) and section[last + 1] == (",", True):
        last, commas = last + 1, commas + 1
    inside = section[first : last + 1]
    before = "".join(piece for piece, is_code in section[:first] if not is_code or piece in "$€£¥ ")
    behind = section[last + 1 :]
    per_cent = ("%", True) in section
    after = "".join(piece for piece, is_code in behind if not is_code or piece in "$€£¥ /")
    codes = "".join(piece for piece, is_code in inside if is_code).rstrip(",")
    mask = ""
    if not per_cent and not commas and re.fullmatch(r"0+|[0#]+(?:[-/ ][0#]+)*", "".join(piece for piece, _ in inside)):
        mask = "".join(piece for piece, _ in inside)
        mask = mask if len(re.findall("0", mask)) > 1 or re.search("[-/ ]", mask) else ""
    if re.search("[/Ee]", codes):
        return NumberFormat("number")  # a fraction or a power of ten: the plain number has the same meaning
    return NumberFormat("mask" if mask else "number", before.lstrip(), after.rstrip(), mask, per_cent, commas)


def show(value: float, text: str, *, since_1904: bool = False) -> str:
    """The number as its cell shows it, but with all digits: it is not rounded as the cell rounds it."""
    kept = number_format(text)
    if kept.kind == "day":
        return _day(value + (_SINCE_1904 if since_1904 else 0))
    if kept.kind == "time":
        return str(timedelta(seconds=round(value * 86400))) if abs(value) < 10**6 else ""
    number = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    if not number.is_finite() or abs(number) >= Decimal(10) ** 30:
        return ""
    if kept.kind == "mask" and number == int(number) and number >= 0:
        return kept.before + _masked(f"{number:.0f}", kept.mask) + kept.after
    shown = f"{number * 100 if kept.per_cent else number / 1000**kept.thousandths:f}"
    if "." in shown:
        shown = shown.rstrip("0").rstrip(".")
    return f"{kept.before}{shown}{'%' if kept.per_cent else ''}{kept.after}"


def _masked(digits: str, mask: str) -> str:
    """The digits filled into the mask from the right: 64175 in 000-00-0 gives 064-17-5."""
    shown, left = "", digits
    for sign in reversed(mask):
        if sign not in "0#":
            shown = sign + shown if left or "0" in mask[: len(mask) - len(shown)] else shown
        elif left:
            shown, left = left[-1] + shown, left[:-1]
        elif sign == "0":
            shown = "0" + shown
    return left + shown


def _day(number: float) -> str:
    """A day as 2025-09-30, with the time of day if the number has one."""
    whole, seconds = divmod(round(number * 86400), 86400)
    time = f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
    if whole == 0 and number:
        return time
    if whole == _LEAP_DAY:
        day = "1900-02-29"
    elif whole > 0:
        try:
            day = (_FIRST_DAY + timedelta(days=whole + (whole < _LEAP_DAY))).isoformat()
        except OverflowError:
            return ""
    else:
        found = julian_day(whole)
        if not found:
            return ""
        day = "{:04d}-{:02d}-{:02d}".format(*found)
    return day if not seconds else f"{day} {time}"
