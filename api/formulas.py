"""Molar masses from chemical formulas: what may be written is checked here, the masses are molmass's."""

import re
from decimal import Decimal

LONGEST = 200
DEEPEST = 8
_ELEMENTS = (
    "H He Li Be B C N O F Ne Na Mg Al Si P S Cl Ar K Ca Sc Ti V Cr Mn Fe Co Ni Cu Zn Ga Ge As Se Br Kr Rb Sr Y Zr Nb "
    "Mo Tc Ru Rh Pd Ag Cd In Sn Sb Te I Xe Cs Ba La Ce Pr Nd Pm Sm Eu Gd Tb Dy Ho Er Tm Yb Lu Hf Ta W Re Os Ir Pt Au "
    "Hg Tl Pb Bi Po At Rn Fr Ra Ac Th Pa U Np Pu Am Cm Bk Cf Es Fm Md No Lr Rf Db Sg Bh Hs Mt Ds Rg Cn Nh Fl Mc Lv Ts "
    "Og D"
)
ELEMENTS = frozenset(_ELEMENTS.split())
_TOKEN = re.compile(
    r"(?P<element>[A-Z][a-z]?)|(?P<isotope>\[[0-9]{1,3}[A-Z][a-z]?\])|(?P<bracket>[()\[\]])|(?P<count>[0-9]+)"
)
_SMALL = str.maketrans("₀₁₂₃₄₅₆₇₈₉⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻−–₊₋{}", "01234567890123456789+---+-()")
_SUPERSCRIPT = re.compile(r"[⁰¹²³⁴⁵⁶⁷⁸⁹]*[⁺⁻]$")
_CHARGE = re.compile(
    r"(?:\^\(?|\s|\((?=[0-9]*[+-]\)$)|(?<=\]))(?P<size>[0-9]{0,2})(?P<sign>[+-])\)?$"  # ^2-, (2-), a space, or after ]
    r"|(?P<lone>(?<=[A-Za-z)])[+-])$"
)


class FormulaError(ValueError):
    """What was written is no formula; the text is one sentence that says what is wrong."""


def molar_mass(formula: str) -> Decimal:
    """The molar mass in g/mol, to three decimals, of "C2H6O", "CuSO4·5H2O", "[Fe(CN)6]^3-" or "D2O".

    Raises FormulaError. Groups such as Ph or Et are refused: what they mean is a guess.
    """
    text = formula.strip()
    if not text:
        raise FormulaError("Write a formula, such as C2H6O.")
    if len(text) > LONGEST:
        raise FormulaError(f"The formula is longer than {LONGEST} characters.")
    if match := _SUPERSCRIPT.search(text):
        text = f"{text[: match.start()]}^{match[0]}"
    text = text.translate(_SMALL)
    text, charge = _split_charge(text)
    parts = re.split(r"\s*[·•⋅∙*.]\s*", text)
    mass = sum((_mass_of_part(part.strip(), formula) for part in parts), Decimal(0))
    mass -= charge * Decimal("0.000548579909")  # the electron's molar mass in g/mol, CODATA 2018
    return mass.quantize(Decimal("0.001"))


def _split_charge(text: str) -> tuple[str, int]:
    match = _CHARGE.search(text)
    if match:
        sign = 1 if (match["sign"] or match["lone"]) == "+" else -1
        return text[: match.start()].rstrip(), sign * int(match["size"] or 1)
    if re.search(r"[0-9][+-]$", text):
        raise FormulaError("Write the charge after a caret, such as Ca^2+ or NH4^+.")
    return text, 0


def _mass_of_part(part: str, formula: str) -> Decimal:
    """The mass of one part between the dots of a hydrate or salt: "5H2O" is five times H2O."""
    match = re.fullmatch(r"((?:[1-9][0-9]{0,3})?)\s*([^0-9\s].*)", part)
    if not match:
        raise FormulaError(f"“{_short(formula)}” is not a formula. Write it such as C2H6O or CuSO4·5H2O.")
    times, body = match.groups()
    _check(body, formula)
    from molmass import Formula  # here, because the first formula can wait for it and the start cannot
    from molmass import FormulaError as MolmassError

    try:
        found = Formula(body, parse_groups=False, parse_oligos=False, parse_fractions=False, parse_arithmetic=False)
        mass = Decimal(repr(float(found.mass)))
    except (MolmassError, ArithmeticError, LookupError, ValueError) as error:
        raise FormulaError(f"“{_short(formula)}” is not a formula. Write it such as C2H6O or CuSO4·5H2O.") from error
    if not mass:
        raise FormulaError(f"“{_short(formula)}” is not a formula. Write it such as C2H6O or CuSO4·5H2O.")
    return mass * int(times or 1)


def _check(body: str, formula: str) -> None:
    """Refuse whatever is not elements, counts and brackets, so that molmass sees nothing it would interpret."""
    place, before = 0, ""
    closing: list[str] = []
    while place < len(body):
        token = _TOKEN.match(body, place)
        if not token:
            raise FormulaError(f"“{body[place]}” does not belong in a formula. Write it such as C2H6O or CuSO4·5H2O.")
        text, kind = token[0], token.lastgroup
        symbol = text if kind == "element" else text.strip("[]").lstrip("0123456789")
        if kind in ("element", "isotope") and symbol not in ELEMENTS:
            raise FormulaError(f"“{symbol}” is not an element. Write a formula such as C2H6O.")
        if kind == "count" and (before in ("", "open") or len(text) > 4 or int(text) == 0):
            raise FormulaError(f"The number {text[:12]} does not belong there in {_short(formula)}.")
        if kind == "bracket":
            if text in "([":
                closing.append({"(": ")", "[": "]"}[text])
                kind = "open"
            elif not closing or closing.pop() != text or before == "open":
                raise FormulaError(f"The brackets of {_short(formula)} do not match.")
        if len(closing) > DEEPEST:
            raise FormulaError(f"The brackets of {_short(formula)} are nested too deep.")
        before, place = kind or "", token.end()
    if closing:
        raise FormulaError(f"The brackets of {_short(formula)} do not match.")


def _short(text: str) -> str:
    text = text.strip()
    return text if len(text) <= 30 else text[:29] + "…"
