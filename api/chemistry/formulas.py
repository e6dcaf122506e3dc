"""Atoms and molar masses of chemical formulas. This module reads the formula; the atomic weights come from the package molmass."""

import re
from collections import Counter
from decimal import Decimal, localcontext
from types import MappingProxyType

from .atoms import ELEMENTS, PROTONS, mass_of
from .groups import GROUPS, PREFIXED, TWO_MEANINGS, with_two_meanings

LONGEST = 200
DEEPEST = 8
HEAVIEST = Decimal(10) ** 9
"""g/mol. A formula with a larger molar mass is taken for a typing error."""
ELECTRON = Decimal("0.000548579909")
"""The molar mass of electrons in g/mol, CODATA 2018."""
# The formulas that consist of three or more capitals and no figure. Any other text of that kind is taken for an abbreviation
# and refused: NBS, DBU, KHP, SDS.
_IN_CAPITALS = frozenset(
    [
        "HCN",
        "KCN",
        "DCN",
        "KOH",
        "KOD",
        "HOD",
        "HDO",
        "COS",
        "OCS",
        "SCO",
        "HOF",
        "HOI",
        "NOF",
        "KHS",
        "KSH",
        "KHF",
        "KSCN",
        "HSCN",
        "KOCN",
        "HOCN",
        "HCNO",
        "KCNO",
    ]
)

_SUBSCRIPTS = str.maketrans("₀₁₂₃₄₅₆₇₈₉₍₎{}−–⁻₋⁺₊", "0123456789()()----++")
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_CHARGE = re.compile(
    rf"(?:\^\(?|\s|\((?=[0-9]*[+-]\)$)|(?<=\]))(?P<size>[0-9{_RAISED}]{{0,2}})(?P<sign>[+-])\)?$"
    r"|(?P<lone>(?<=[A-Za-z)])[+-])$"  # ^2-, (2-), a space, or after ]
)
_RAISED_CHARGE = re.compile(rf"[{_RAISED}]{{0,2}}[⁺⁻]$")
_DOT = re.compile(r"\s?[·•⋅∙*]\s?|\s?\.\s?(?!\.)")
_FRACTIONS = MappingProxyType({"½": "0.5", "¼": "0.25", "¾": "0.75"})
_TIMES = re.compile(
    r"(?P<whole>[0-9]{1,4})?(?P<fraction>[½¼¾])|(?P<over>[0-9]{1,2})/(?P<under>[1-9])(?![0-9])"
    r"|(?P<number>[0-9]{1,4}(?:[.,][0-9]{1,4})?|\.[0-9]{1,4})|(?P<unknown>[xn](?=[A-Z(]))"
)
_GROUP = "|".join(sorted(GROUPS, key=len, reverse=True))
_TOKEN = re.compile(
    rf"(?P<prefixed>[inst]-?(?:{'|'.join(PREFIXED)})(?![a-z]))|(?P<group>(?:{_GROUP})(?![a-z]))"
    rf"|\[(?P<mass>[0-9]{{1,3}})(?P<of>[A-Z][a-z]?)(?P<several>[0-9]{{0,3}})\]|\^?(?P<raised>[{_RAISED}]{{1,3}})(?=[A-Z])"
    r"|(?P<element>O(?=[int]-?(?:Pr|Bu)(?![a-z]))|[A-Z][a-z]?)|(?P<bracket>[()\[\]])|(?P<count>[0-9]+)"
)
Atoms = Counter[str]
"""Element or nuclide → the number of its atoms: {"C": 2, "13C": 1}."""


class FormulaError(ValueError):
    """The text is not a formula; the message is one sentence that says what is wrong."""


class TwoMeaningsError(FormulaError):
    """The formula can be read in two ways; the message says which two, and how to write each."""


class MassNotKnownError(FormulaError):
    """The text is a formula, but its molar mass cannot be worked out; the message says why."""


def molar_mass(formula: str) -> Decimal:
    """The molar mass in g/mol, to three decimals, of "C2H6O", "CuSO4·5H2O", "NaOAc", "[Fe(CN)6]^3-", "¹³CH4" or "D2O".

    Raises FormulaError, or one of its subclasses MassNotKnownError and TwoMeaningsError.
    """
    parts, charge = _read(formula)
    with localcontext() as context:
        context.prec = 60
        mass = _mass(parts) - charge * ELECTRON
        if mass >= HEAVIEST:
            raise FormulaError(f"{_short(formula)} would have more than 1000000000 g/mol. Check its figures.")
        mass = mass.quantize(Decimal("0.001"))
    if mass <= 0:
        raise FormulaError(_not_a_formula(formula))
    return mass


def atoms_of(formula: str) -> dict[str, Decimal]:
    """Each element of the formula with the number of its atoms, nuclides with their element, and deuterium as D. Raises FormulaError."""
    found: dict[str, Decimal] = {}
    for times, atoms in _read(formula)[0]:
        for nuclide, number in atoms.items():
            symbol = nuclide.lstrip("0123456789")
            found[symbol] = found.get(symbol, Decimal(0)) + times * number
    return found


def in_hill_order(atoms: dict[str, Decimal]) -> str:
    """The formula with carbon and hydrogen in front where there is carbon, the others by the alphabet: C2H6O, ClNa."""
    first = "CH" if "C" in atoms else ""
    symbols = sorted(atoms, key=lambda symbol: (first.find(symbol) if symbol in first else 2, symbol))
    return "".join(symbol + (f"{atoms[symbol].normalize():f}" if atoms[symbol] != 1 else "") for symbol in symbols)


def _read(formula: str) -> tuple[list[tuple[Decimal, Atoms]], int]:
    """The parts of the formula, and its charge. Raises FormulaError."""
    text = formula.strip()
    if not text:
        raise FormulaError("Write a formula, such as C2H6O.")
    if len(text) > LONGEST:
        raise FormulaError(f"The formula is longer than {LONGEST} characters.")
    if re.fullmatch(r"[A-Z]{3,}", text) and text not in _IN_CAPITALS and ELEMENTS.issuperset(text):
        raise TwoMeaningsError(f"{_short(text)} reads like an abbreviation. Write the formula with its figures.")
    if raised := _RAISED_CHARGE.search(text):
        text = f"{text[: raised.start()]}^{raised[0]}"
    text, charge = _split_charge(text.translate(_SUBSCRIPTS))
    return _parts(text), charge


def known_molar_mass(formula: str) -> Decimal | None:
    """The molar mass, or None where the text is a formula whose mass cannot be worked out. Raises FormulaError."""
    try:
        return molar_mass(formula)
    except MassNotKnownError:
        return None


def _mass(parts: list[tuple[Decimal, Atoms]]) -> Decimal:
    try:
        return sum((times * mass_of(atoms) for times, atoms in parts), Decimal(0))
    except KeyError as error:
        raise MassNotKnownError(f"The mass of {error.args[0]} is not known here.") from error


def _split_charge(text: str) -> tuple[str, int]:
    match = _CHARGE.search(text)
    if match:
        sign = 1 if (match["sign"] or match["lone"]) == "+" else -1
        size = (match["size"] or "1").translate(_SUPERSCRIPTS)
        return text[: match.start()].rstrip(), sign * int(size)
    if re.search(r"[0-9][+-]$", text):
        raise FormulaError("Write the charge after a caret, such as Ca^2+ or NH4^+.")
    return text, 0


def _parts(text: str) -> list[tuple[Decimal, Atoms]]:
    """The parts between the dots of a hydrate or salt, each with its count: CaSO4·½H2O gives (1, CaSO4) and (0.5, H2O)."""
    text = " ".join(text.split())
    found: list[tuple[Decimal, Atoms]] = []
    place, unknown = 0, ""
    while True:
        times = _TIMES.match(text, place)
        if times and not found and not times["unknown"] and times.end() < len(text):
            raise TwoMeaningsError(
                f"The number before {_short(text[times.end() :])} may be a mass number or say how many. Write [13C]H4 for a "
                "mass number, (H2O)2 for how many."
            )
        start = times.end() if times else place
        start += text.startswith(" ", start)
        dot = _DOT.search(text, start)
        body = text[start : dot.start() if dot else len(text)]
        if not body:
            raise FormulaError(_not_a_formula(text))
        atoms = _atoms(body, text)
        if times and times["unknown"]:
            unknown = unknown or body
        found.append((_number(times) if times else Decimal(1), atoms))
        if not dot:
            break
        place = dot.end()
    if unknown:
        raise MassNotKnownError(f"How many {_short(unknown)} are in it is not said, so its molar mass is not known.")
    return found


def _number(times: re.Match[str]) -> Decimal:
    if times["unknown"]:
        return Decimal(1)
    if times["fraction"]:
        number = int(times["whole"] or 0) + Decimal(_FRACTIONS[times["fraction"]])
    elif times["over"]:
        number = Decimal(times["over"]) / Decimal(times["under"])
    else:
        number = Decimal(times["number"].replace(",", "."))
    if not number:
        raise FormulaError("A part of a formula cannot be there 0 times.")
    return number


def _atoms(part: str, formula: str) -> Atoms:
    """The atoms of one part of a formula, which has no dots. Raises FormulaError at the first sign that does not belong there."""
    levels: list[tuple[str, Atoms]] = [("", Counter())]
    last: Atoms = Counter()  # the atom or bracket read last: a count that follows multiplies it
    place, mass_number = 0, ""
    while place < len(part):
        token = _TOKEN.match(part, place)
        if not token:
            raise FormulaError(f"“{part[place]}” does not belong in a formula. Write it such as C2H6O or CuSO4·5H2O.")
        text, kind = token[0], token.lastgroup
        if mass_number and kind != "element":
            raise FormulaError(f"The mass number {mass_number} belongs before an element.")
        if kind == "count":
            if not last or len(text) > 4 or int(text) == 0:
                raise FormulaError(f"The number {text[:12]} does not belong there in {_short(formula)}.")
            _add(levels[-1][1], last, int(text) - 1)
            last = Counter()
        elif kind == "raised":
            mass_number = token["raised"].translate(_SUPERSCRIPTS)
        elif kind == "bracket" and text in "([":
            levels.append(({"(": ")", "[": "]"}[text], Counter()))
            if len(levels) > DEEPEST + 1:
                raise FormulaError(f"The brackets of {_short(formula)} are nested too deep.")
            last = Counter()
        else:
            if kind == "bracket":
                closing, last = levels.pop()
                if closing != text or not last:
                    raise FormulaError(f"The brackets of {_short(formula)} do not match.")
            else:
                last = _of_token(token, part, mass_number)
            _add(levels[-1][1], last, 1)
            mass_number = ""
        place = token.end()
    if len(levels) > 1 or mass_number:
        raise FormulaError(f"The brackets of {_short(formula)} do not match.")
    return levels[0][1]


def _of_token(token: re.Match[str], part: str, mass_number: str) -> Atoms:
    """The atoms that one symbol stands for: an element, an isotope or a group."""
    text = token[0]
    if token["prefixed"]:
        return _atoms(PREFIXED[text[-2:]], part)
    if token["group"]:
        return _atoms(GROUPS[text], part)
    symbol = token["of"] or text
    number = token["mass"] or mass_number
    if symbol not in ELEMENTS or (number and symbol == "D"):
        raise FormulaError(f"“{symbol}” is not an element. Write a formula such as C2H6O.")
    if number:
        protons = PROTONS[symbol]
        if not protons <= int(number) <= max(3, 3 * protons):
            raise FormulaError(f"There is no {symbol} of mass number {number}.")
        return Counter({f"{int(number)}{symbol}": int(token["several"] or 1)})
    if symbol in TWO_MEANINGS:
        meant = with_two_meanings(symbol, part, token.start(), token.end())
        if meant is None:
            raise TwoMeaningsError(f"{symbol} may be {TWO_MEANINGS[symbol]}. Write the atoms of the group instead.")
        if meant != symbol:
            return _atoms(meant, part)
    return Counter({symbol: 1})


def _add(total: Atoms, more: Atoms, times: int) -> None:
    for symbol, count in more.items():
        total[symbol] += count * times


def _not_a_formula(formula: str) -> str:
    return f"“{_short(formula)}” is not a formula. Write it such as C2H6O or CuSO4·5H2O."


def _short(text: str) -> str:
    text = text.strip()
    return text if len(text) <= 30 else text[:29] + "…"
