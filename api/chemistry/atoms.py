"""The elements and nuclides that exist, and the masses of their atoms."""

from collections import Counter
from decimal import Decimal
from types import MappingProxyType

_ELEMENTS = (
    "H He Li Be B C N O F Ne Na Mg Al Si P S Cl Ar K Ca Sc Ti V Cr Mn Fe Co Ni Cu Zn Ga Ge As Se Br Kr Rb Sr Y Zr Nb "
    "Mo Tc Ru Rh Pd Ag Cd In Sn Sb Te I Xe Cs Ba La Ce Pr Nd Pm Sm Eu Gd Tb Dy Ho Er Tm Yb Lu Hf Ta W Re Os Ir Pt Au "
    "Hg Tl Pb Bi Po At Rn Fr Ra Ac Th Pa U Np Pu Am Cm Bk Cf Es Fm Md No Lr Rf Db Sg Bh Hs Mt Ds Rg Cn Nh Fl Mc Lv Ts "
    "Og"
)
PROTONS = {symbol: number for number, symbol in enumerate(_ELEMENTS.split(), start=1)}
ELEMENTS = frozenset(PROTONS) | {"D"}

# Radioactive nuclides that laboratories buy and molmass does not have; g/mol. Source: AME2020, Chinese Physics C 45 (2021)
# 030003.
_NUCLIDES = MappingProxyType(
    {
        "3H": "3.01604928",
        "14C": "14.00324199",
        "18F": "18.00093733",
        "22Na": "21.99443742",
        "32P": "31.97390764",
        "33P": "32.97172569",
        "35S": "34.96903232",
        "36Cl": "35.96830682",
        "45Ca": "44.95618627",
        "51Cr": "50.94476639",
        "55Fe": "54.93829205",
        "57Co": "56.93628981",
        "59Fe": "58.93487279",
        "60Co": "59.93381554",
        "63Ni": "62.92966902",
        "65Zn": "64.92924076",
        "75Se": "74.92252287",
        "86Rb": "85.91116737",
        "90Sr": "89.90772788",
        "90Y": "89.90714175",
        "99Tc": "98.90625",
        "109Cd": "108.90498665",
        "111In": "110.90510716",
        "123I": "122.90558977",
        "125I": "124.90462961",
        "129I": "128.90498360",
        "131I": "130.90612600",
        "137Cs": "136.90708929",
    }
)


def mass_of(atoms: Counter[str]) -> Decimal:
    """The mass in g/mol of atoms such as {"C": 2, "13C": 1}. Raises KeyError with a name for the atom whose mass is not known."""
    from molmass.elements import (
        ELEMENTS as WEIGHTS,
    )  # imported with the first formula, because it would make the start of the API slower

    mass = Decimal(0)
    for name, count in atoms.items():
        symbol = name.lstrip("0123456789")
        number = name[: -len(symbol)]
        if symbol == "D":
            symbol, number = "H", "2"
        try:
            element = WEIGHTS[symbol]
            known = _NUCLIDES.get(name) or repr(float(element.isotopes[int(number)].mass if number else element.mass))
        except KeyError as error:
            of = f"{symbol} of mass number {number}" if number else symbol
            raise KeyError(of) from error
        mass += count * Decimal(known)
    return mass
