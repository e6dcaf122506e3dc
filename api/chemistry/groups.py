"""Groups of atoms that chemists write as one symbol (Et, Ph, OAc), and symbols that mean a group or an element."""

import re
from types import MappingProxyType

GROUPS = MappingProxyType(
    {
        "Me": "CH3",
        "Et": "C2H5",
        "Bu": "C4H9",
        "Ph": "C6H5",
        "Bn": "C7H7",
        "Bz": "C7H5O",
        "Cy": "C6H11",
        "Cp": "C5H5",
        "Ts": "C7H7SO2",
        "Ms": "CH3SO2",
        "Tf": "CF3SO2",
        "Boc": "C5H9O2",
        "acac": "C5H7O2",
        "bpy": "C10H8N2",
        "cod": "C8H12",
        "dba": "C17H14O",
        "phen": "C12H8N2",
    }
)
"""Symbols that always mean a group, because no bottle holds the element of that symbol: Ts is tosyl, never tennessine."""

PREFIXED = MappingProxyType({"Pr": "C3H7", "Bu": "C4H9"})
"""Groups that may carry n, i, s or t for their shape: iPr is never praseodymium."""

# Fits a whole part of a formula in which Ac or Pr is the metal: a salt or oxide of a metal of valence 3, or the metal alone.
_OF_A_METAL = re.compile(
    r"[A-Z][a-z](?:|(?:F|Cl|Br|I|\([A-Za-z0-9]{1,30}\))3|2(?:O|S|Se|Te|\([A-Za-z0-9]{1,30}\))3|6O11|O2|OCl|OF|F4|N|B6|PO4"
    r"|AlO3|FeO3|MnO3|NiO3|CoO3)"
)
_IS_ACETYL = (
    re.compile(r"(?:O|NH?|S)$"),
    re.compile(r"O(?=H|Me|Et|Pr|Bu|Ph|Na|K|Li|NH4|$)|2O(?![0-9])|(?:Cl|Br|I)(?![0-9a-z])|NH|SH"),
)
_IS_PROPYL = (
    re.compile(r"(?:O|NH?)$"),
    re.compile(
        r"O(?=H|Ac|Me|Et|Ph|Na|K|Li)|2O(?![0-9])|(?:Cl|Br|I)(?![0-9a-z])|NH|2NH|[34](?:N|P|B|Si|Sn)(?![a-z])|SH|MgCl|MgBr"
    ),
)


def with_two_meanings(symbol: str, part: str, start: int, end: int) -> str | None:
    """Decides whether the symbol at part[start:end] is an element or a group, and gives its atoms; None if it may be either.

    NaOAc contains acetyl, Pr4NBr propyl and PrCl3 praseodymium; NaAc and Ac2O3 do not tell actinium from acetyl.
    """
    before, after = part[:start], part[end:]
    if symbol == "Ar":
        # Ar alone is argon; in a compound it would be aryl, which stands for many groups.
        return symbol if part == symbol else None
    if symbol == "Ac":
        left, right = _IS_ACETYL
        return "C2H3O" if left.search(before) or (not before and right.match(after)) else None
    if symbol == "Pr":
        left, right = _IS_PROPYL
        if left.search(before) or (not before and right.match(after)):
            return PREFIXED["Pr"]
    return symbol if _OF_A_METAL.fullmatch(part) else None


TWO_MEANINGS = MappingProxyType(
    {
        "Ac": "acetyl or actinium",
        "Pr": "propyl or praseodymium",
        "Am": "amyl or americium",
        "Np": "neopentyl or neptunium",
        "Ar": "aryl or argon",
    }
)
