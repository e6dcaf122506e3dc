"""What one cell of a spreadsheet says: amounts, decimals, physical states, links, prices.

Files are read with more patience than what is typed into a form, but each thing changed is named (by a kind of
`problems.KINDS`), and what has two meanings is not decided here.
"""

import re
from dataclasses import dataclass
from decimal import Decimal

from api.quantities import DIGITS_AFTER_THE_POINT, LARGEST, QuantityError, parse_unit, plain

_MISSING = re.compile(
    r"[\W_]*|n\.?/?a\.?|nil|null|none|no data|not (available|applicable|known|determined)|unknown|unk|tb[acd]"
    r"|#n/a|#(ref|value|name|div/0|num|null)[!?]?",
    re.IGNORECASE,
)
_NO_CAS = re.compile(
    r"no[- ]*cas\b.*|nocas.*|(not?|none) (cas|established|assigned|listed).*|mixture|various", re.IGNORECASE
)
_STATES = (
    ("gas", r"(.* )?gas(es|eous)?|(compressed|liquefied|lecture bottle).*|vapou?r"),
    ("liquid", r"(.* )?(liq(uid)?s?|solution|oil)|l|sol'?n|aq(ueous)?|suspension|emulsion"),
    (
        "solid",
        r"(.* )?(solids?|powder|crystals?|crystalline|pellets?|flakes?|granul(es|ar)|beads|chips)|s|lumps?|foil|wire",
    ),
)
_STATE_PATTERNS = tuple((state, re.compile(pattern, re.IGNORECASE)) for state, pattern in _STATES)
_OR = re.compile(r"\s*(?:,|;|/|\bor\b|\bto\b|\band\b)\s*", re.IGNORECASE)
_CURRENCIES = {"£": "GBP", "€": "EUR", "¥": "JPY", "₹": "INR", "US$": "USD", "A$": "AUD", "C$": "CAD"}


def is_missing(text: str) -> bool:
    """Whether the cell only says that nothing is known: empty, "n/a", "-", "(none)", "#REF!"."""
    return _MISSING.fullmatch(text) is not None or _MISSING.fullmatch(text.strip("()[] ")) is not None


def says_no_cas(text: str) -> bool:
    """Whether the cell says that there is none, which is no fault: NO CAS, NOCAS-2198, Mixture."""
    return is_missing(text) or _NO_CAS.fullmatch(text) is not None


def one_line(text: str) -> str:
    """The text on one line, each run of spaces made one."""
    return " ".join(text.split())


def physical_state(text: str) -> str | None:
    """solid, liquid or gas, from "white crystalline powder" or "l"; None where it is not certain."""
    parts = [part.strip(" .") for part in _OR.split(text)]
    found = {state for state, pattern in _STATE_PATTERNS for part in parts if pattern.fullmatch(part)}
    return found.pop() if len(found) == 1 else None


def is_state(text: str) -> bool:
    """Whether `text` names a physical state."""
    return physical_state(text) is not None


@dataclass(frozen=True)
class Figure:
    """A number in a file, and the kind of repair that it took, if any."""

    number: Decimal
    repair: str | None = None


def read_figure(text: str, *, comma_is_decimal: bool | None = None) -> Figure | str:
    """The number that `text` writes, or the kind of problem why not: `comma` (1,500 means two things) or `unreadable`.

    `comma_is_decimal` decides 1,500 where the rest of the column shows what a comma means.
    """
    text = text.strip().replace("\u2009", " ").replace("\u202f", " ")
    repair: str | None = None
    if re.fullmatch(r"[0-9]{1,3}([ '’][0-9]{3})+([.,][0-9]+)?", text):
        text, repair = re.sub(r"[ '’]", "", text), "thousands"
    if re.fullmatch(r"[0-9]{1,3}(,[0-9]{3})+\.[0-9]+|[0-9]{1,3}(,[0-9]{3}){2,}", text):
        text, repair = text.replace(",", ""), "thousands"
    elif re.fullmatch(r"[0-9]{1,3}(\.[0-9]{3})+,[0-9]+|[0-9]{1,3}(\.[0-9]{3}){2,}", text):
        text, repair = text.replace(".", "").replace(",", "."), "thousands"
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
    # A spreadsheet's 0.1 + 0.2 has 17 digits; beyond nine of them nothing was weighed.
    number = Decimal(plain(number.quantize(Decimal(1).scaleb(-DIGITS_AFTER_THE_POINT))))
    return Figure(number, repair)


def shows_decimal_comma(text: str) -> bool | None:
    """Whether a comma in this cell can only be a decimal comma (True) or only a thousands separator (False)."""
    figure = re.match(r"[0-9.,]*[0-9]", text)
    if not figure or "," not in figure[0]:
        return None
    if re.fullmatch(r"0,[0-9]+|[0-9]+,([0-9]{1,2}|[0-9]{4,})|[0-9.]+,[0-9]+", figure[0]):
        return True if not re.fullmatch(r"[1-9][0-9]{0,2},[0-9]{3}", figure[0]) else None
    return False if re.fullmatch(r"[0-9]{1,3}(,[0-9]{3})+\.[0-9]+|[0-9]{1,3}(,[0-9]{3}){2,}", figure[0]) else None


@dataclass(frozen=True)
class AmountCell:
    """A cell such as "250 g", "6 x 500 mL" or "1,5": the unit's text is empty where it has none."""

    number: str
    unit: str
    times: int = 1


def split_amount(text: str) -> AmountCell | None:
    """The parts of an amount as they are written, or None where the cell is no amount."""
    match = re.fullmatch(
        r"(?:([0-9]{1,3}) ?[x×*] ?)?([0-9.,]+(?:[ '’\u2009\u202f][0-9]{3})*(?:[.,][0-9]+)?) ?([^\W\d_][^\d]{0,30})?",
        text,
    )
    if not match or match[1] == "0":
        return None
    return AmountCell(match[2], (match[3] or "").strip(), int(match[1] or 1))


def read_unit(text: str) -> str | None:
    """The unit's symbol, or None."""
    try:
        return parse_unit(text)
    except QuantityError:
        return None


def pack_in_catalogue_number(text: str) -> tuple[Decimal, str] | None:
    """The pack size that a catalogue number ends with: "A0334-25G" → 25, g."""
    match = re.search(r"[A-Z0-9]-([1-9][0-9]{0,3}(?:\.[0-9]{1,3})?)(UG|MG|G|KG|UL|ML|L|KU|EA)$", text)
    if not match or not (unit := read_unit(match[2])):
        return None
    return Decimal(match[1]), unit


def read_price(text: str) -> tuple[Decimal, str | None] | None:
    """A price and its currency where the cell names one: "£12.50", "12,50 EUR"."""
    match = re.fullmatch(r"(US\$|[AC]?\$|[£€¥₹]|[A-Z]{3})? ?([0-9][0-9.,' ]*) ?([£€¥₹$]|[A-Z]{3})?", text)
    if not match:
        return None
    figure = read_figure(match[2].strip(), comma_is_decimal=False)
    if isinstance(figure, str) or figure.number >= 10**9:
        return None
    sign = match[1] or match[3] or ""
    return figure.number, _CURRENCIES.get(sign) or (sign if re.fullmatch(r"[A-Z]{3}", sign) else None)


def join_name(start: str, rest: str) -> str:
    """A name whose first part has a column of its own: "L-" and "Isoleucine", "D" and "Glucose", "Difco" and "Agar"."""
    start = re.sub(r"\s+([-‐–])", r"\1", one_line(start))
    if not start or not rest:
        return start or rest
    if re.search(r"[-‐–]$", start):
        return start + rest
    prefix = r"[DLRSEZNOomp]|DL|dl|[αβγδ]|[nmop]|tert|sec|iso|cis|trans|\(?[RSEZ±+-]+\)|.*-?\([RSEZ±+,-]+\)|[0-9,'′]+"
    return f"{start}-{rest}" if re.fullmatch(prefix, start) else f"{start} {rest}"
