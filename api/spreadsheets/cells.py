"""Reads single cells of a spreadsheet: amounts, decimals, links, prices.

Cells are read less strictly than the fields of a form. Each repair is reported as one of `problems.KINDS`, and a cell that may mean
two things becomes a question instead of a guess.
"""

import re
from dataclasses import dataclass
from decimal import Decimal

from api.chemistry import cas_numbers
from api.chemistry.quantities import DIGITS_AFTER_THE_POINT, LARGEST, parse_unit, plain

_MISSING = re.compile(
    r"[\W_]*|n\.?/?a\.?|nil|null|none|no data|not (available|applicable|known|determined)|unknown|unk|tb[acd]"
    r"|#n/a|#(ref|value|name|div/0|num|null)[!?]?",
    re.IGNORECASE,
)
_GUARDED = re.compile(r"\A'+[=+\-@＝＋－＠]")
_NO_CAS = re.compile(
    r"no[- ]*cas\b.*|nocas.*|(not?|none) (cas|established|assigned|listed).*|mixture|various|keine?|ohne|entfällt|aucun|sans|sin cas"
    r"|ninguno|não (tem|há)|nenhum|nessuno|geen|n\.?v\.?t\.?|brak|nie (dotyczy|ma)|yok|нет|없음|なし|無し?|无|混合物",
    re.IGNORECASE,
)
LONGEST_FIGURE = 80
_NUMBER = r"([0-9.,]{1,80}(?:[ '’\u2009\u202f][0-9]{3})*(?:[.,][0-9]+)?)"
_AMOUNT = re.compile(rf"(?:([0-9]{{1,3}}) ?[xX×*] ?)?{_NUMBER} ?([^\W\d_][^\d]{{0,30}})?")
_AMOUNT_TIMES = re.compile(rf"{_NUMBER} ?([^\W\d_][^\d]{{0,10}}?) ?[xX×*] ?([0-9]{{1,3}}) ?[^\W\d_]{{0,10}}")
_CURRENCIES = {
    "£": "GBP", "€": "EUR", "₹": "INR", "₩": "KRW", "원": "KRW", "円": "JPY", "元": "CNY", "RMB": "CNY", "zł": "PLN", "₺": "TRY",
    "TL": "TRY", "R$": "BRL", "₽": "RUB", "฿": "THB", "Kč": "CZK", "Fr.": "CHF", "US$": "USD", "A$": "AUD", "C$": "CAD",
}  # fmt: skip
"""The signs of one currency. $ and ¥ are signs of several."""
_CODES = frozenset(
    [
        "USD",
        "EUR",
        "GBP",
        "CHF",
        "CAD",
        "AUD",
        "NZD",
        "JPY",
        "CNY",
        "KRW",
        "TWD",
        "HKD",
        "SGD",
        "THB",
        "INR",
        "BRL",
        "MXN",
        "COP",
        "CLP",
        "ARS",
        "PEN",
        "UYU",
        "TRY",
        "PLN",
        "CZK",
        "HUF",
        "SEK",
        "NOK",
        "DKK",
        "ILS",
        "ZAR",
    ]
)
_SIGNS = "|".join(map(re.escape, sorted(_CURRENCIES, key=len, reverse=True)))
_PRICE = re.compile(
    rf"({_SIGNS}|[$¥]|[A-Z]{{3}})? ?([0-9][0-9.,' ]*?)(?:[.,][-–—]{{1,2}})? ?({_SIGNS}|[$¥]|[A-Z]{{3}})?"
)
_WIDE = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)} | {0xFFE5: "¥"}


def is_missing(text: str) -> bool:
    """Whether the cell holds no value: it is empty, or says "n/a", "-", "(none)" or "#REF!"."""
    if text[:1].isdigit():
        return False
    return _MISSING.fullmatch(text) is not None or _MISSING.fullmatch(text.strip("()[] ")) is not None


def is_figure(text: str) -> bool:
    """Whether the text is a number and nothing else."""
    return re.fullmatch(r"[\d.,]*\d[\d.,]*", text) is not None


def without_guard(text: str) -> str:
    """The text without the apostrophe that ChemTrack's exports put before a text that a spreadsheet would run as a formula."""
    return text[1:] if text.startswith("'") and _GUARDED.match(text) else text


def says_no_cas(text: str) -> bool:
    """Whether the cell says that the chemical has no CAS number (NO CAS, NOCAS-2198, Mixture), which is not a fault."""
    return is_missing(text) or _NO_CAS.fullmatch(text) is not None


def looks_like_cas(text: str) -> bool:
    """Whether the text is written as a CAS number or as a day, or is one without its hyphens."""
    if re.search(r"(?<![0-9])[1-9][0-9]{1,6}-[0-9]{2}-[0-9](?![0-9])", text):
        return True
    if re.fullmatch(r"[0-9]{1,4}[-/.][0-9]{1,2}[-/.][0-9]{1,4}( [0-9:]+)?", text):
        return True
    return re.fullmatch(r"[1-9][0-9]{4,9}", text) is not None and cas_numbers.is_valid(
        f"{text[:-3]}-{text[-3:-1]}-{text[-1]}"
    )


def half_width(text: str) -> str:
    """The text with plain figures, letters and marks for the wide ones that East Asian keyboards type: ５００ｍL."""
    return text if text.isascii() else text.translate(_WIDE)


def one_line(text: str) -> str:
    """The text on one line, with each run of spaces replaced by one space."""
    return " ".join(text.split())


@dataclass(frozen=True)
class Figure:
    """A number from a file, and the kind of repair that reading it took, if any."""

    number: Decimal
    repair: str | None = None


def read_figure(text: str, *, comma_is_decimal: bool | None = None, points_group: bool = False) -> Figure | str:
    """The number in `text`, or the kind of problem: `comma` (1,500 may mean two numbers) or `unreadable`.

    `comma_is_decimal` says what a comma means in the rest of the file, which decides 1,500; `points_group` says that points group
    thousands in this file, so that 1.500 is fifteen hundred.
    """
    if len(text) > LONGEST_FIGURE:
        return "unreadable"
    text = text.strip().replace("\u2009", " ").replace("\u202f", " ")
    if text.isdecimal() and text.isascii() and len(text) <= 11:
        return Figure(Decimal(int(text)))
    repair: str | None = None
    if re.fullmatch(r"[0-9]{1,3}([ '’][0-9]{3})+([.,][0-9]+)?", text):
        text, repair = re.sub(r"[ '’]", "", text), "thousands"
    if re.fullmatch(r"[0-9]{1,3}(,[0-9]{3})+\.[0-9]+|[0-9]{1,3}(,[0-9]{3}){2,}", text):
        text, repair = text.replace(",", ""), "thousands"
    elif re.fullmatch(r"[0-9]{1,3}(\.[0-9]{3})+,[0-9]+|[0-9]{1,3}(\.[0-9]{3}){2,}", text):
        text, repair = text.replace(".", "").replace(",", "."), "thousands"
    elif points_group and re.fullmatch(r"[1-9][0-9]{0,2}\.[0-9]{3}", text):
        text, repair = text.replace(".", ""), "thousands"
    elif re.fullmatch(r"[0-9]+,[0-9]+", text):
        if re.fullmatch(r"[1-9][0-9]{0,2},[0-9]{3}", text):
            if comma_is_decimal is None:
                return "comma"
            repair = "decimal_comma" if comma_is_decimal else "thousands"
            text = text.replace(",", "." if comma_is_decimal else "")
        else:
            text, repair = text.replace(",", "."), "decimal_comma"
    if not re.fullmatch(r"[0-9]{1,40}(\.[0-9]{0,40})?|\.[0-9]{1,40}", text):
        return "unreadable"
    number = Decimal(text)
    if number >= LARGEST:
        return "unreadable"
    # A spreadsheet computes 0.1 + 0.2 with 17 digits. Digits beyond the ninth come from such rounding; no balance weighs so finely.
    number = Decimal(plain(number.quantize(Decimal(1).scaleb(-DIGITS_AFTER_THE_POINT))))
    return Figure(number, repair)


def shows_decimal_comma(text: str) -> bool | None:
    """Whether a comma in this cell can only be a decimal comma (True) or only a thousands separator (False)."""
    cell = split_amount(text)
    figure = re.match(r"[0-9.,]*[0-9]", cell.number if cell else text)
    if not figure or "," not in figure[0]:
        return None
    if re.fullmatch(r"0,[0-9]+|[0-9]+,([0-9]{1,2}|[0-9]{4,})|[0-9.]+,[0-9]+", figure[0]):
        return True if not re.fullmatch(r"[1-9][0-9]{0,2},[0-9]{3}", figure[0]) else None
    return False if re.fullmatch(r"[0-9]{1,3}(,[0-9]{3})+\.[0-9]+|[0-9]{1,3}(,[0-9]{3}){2,}", figure[0]) else None


@dataclass(frozen=True)
class AmountCell:
    """The parts of a cell such as "250 g", "6 x 500 mL" or "1,5"; the text of the unit is "" where the cell has none."""

    number: str
    unit: str
    times: int = 1
    unit_first: bool = False
    """Whether the number of packs stands behind the unit, as in "500 mL x 6", which can only be six packs."""


def split_amount(text: str) -> AmountCell | None:
    """The parts of an amount as they are written; None if the cell is not an amount."""
    if packs := _AMOUNT_TIMES.fullmatch(text):
        return AmountCell(packs[1], packs[2].strip(), int(packs[3]), unit_first=True) if int(packs[3]) else None
    match = _AMOUNT.fullmatch(text)
    if not match or match[1] == "0":
        return None
    return AmountCell(match[2], (match[3] or "").strip(), int(match[1] or 1))


def pack_in_catalogue_number(text: str) -> tuple[Decimal, str] | None:
    """The pack size that a catalogue number ends with: "A0334-25G" → 25, g."""
    match = re.search(r"[A-Z0-9]-([1-9][0-9]{0,3}(?:\.[0-9]{1,3})?)(UG|MG|G|KG|UL|ML|L|KU|EA)$", text)
    return (Decimal(match[1]), parse_unit(match[2])) if match else None


def read_price(
    text: str, *, comma_is_decimal: bool | None = None, points_group: bool = False
) -> tuple[Decimal, str | None] | None:
    """The price, and its currency if the cell names one: "£12.50", "12,50 EUR". A comma groups thousands unless it must be a decimal one."""
    if len(text) > LONGEST_FIGURE:
        return None
    match = _PRICE.fullmatch(text)
    if not match:
        return None
    figure = read_figure(match[2].strip(), comma_is_decimal=bool(comma_is_decimal), points_group=points_group)
    if isinstance(figure, str) or figure.number >= 10**9:
        return None
    sign = match[1] or match[3] or ""
    return figure.number, _CURRENCIES.get(sign) or (sign if re.fullmatch(r"[A-Z]{3}", sign) else None)


def read_currency(text: str) -> str | None:
    """The code of a currency that a head or a cell names by its sign or code; None where it names none, or a sign of several: $ and ¥."""
    return _CURRENCIES.get(text) or (text if text in _CODES else None)


def join_name(start: str, rest: str) -> str:
    """The name from two cells, where its first part has a column of its own: "L-" and "Isoleucine", "D" and "Glucose", "Difco" and "Agar"."""
    start = re.sub(r"\s+([-‐–])", r"\1", one_line(start))
    if not start or not rest:
        return start or rest
    if re.search(r"[-‐–]$", start):
        return start + rest
    prefix = r"[DLRSEZNOomp]|DL|dl|[αβγδ]|[nmop]|tert|sec|iso|cis|trans|\(?[RSEZ±+-]+\)|.*-?\([RSEZ±+,-]+\)|[0-9,'′]+"
    return f"{start}-{rest}" if re.fullmatch(prefix, start) else f"{start} {rest}"
