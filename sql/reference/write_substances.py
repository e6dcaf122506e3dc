#!/usr/bin/env python3
"""Writes the identities of some 70,000 substances, for load.sql, from the data files of the PyPI package `chemicals`.

    pip install --no-deps --require-hashes -r requirements/reference.txt
    sql/reference/write_substances.py substances.tsv

Output: COPY's text format, one substance a line: CAS RN, name, synonyms (parted by "; ", at most 8), formula,
molar mass in g/mol, SMILES, InChIKey; what is not known is \\N. The package is read, none of it is run.
Source: chemicals by Caleb Bell and contributors (MIT), which took the identities from PubChem.
"""

import argparse
import html
import importlib.util
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

# The first file that has a CAS RN is believed: the smaller ones were looked at by people.
FILES = (
    "chemical identifiers pubchem small.tsv",
    "chemical identifiers example user db.tsv",
    "Inorganic db.tsv",
    "chemical identifiers pubchem large.tsv",
)
MOST_SYNONYMS = 8
LONGEST_NAME = 100
CAS_NUMBER = re.compile(r"[1-9][0-9]{1,6}-[0-9]{2}-[0-9]")
INCHIKEY = re.compile(r"[A-Z]{14}-[A-Z]{10}-[A-Z]")
# What nobody would look for: numbers of other registries, InChIKeys, index names ("benzene, chloro-"), remarks.
ODD_NAME = re.compile(
    r"[0-9]{2,7}-[0-9]{2}-[0-9]\b|[a-z]{14}-[a-z]{10}-|[0-9]{5}|:[a-z]|^(einecs|nsc|hsdb|ccris|unii|caswell|fema|ai3|ec|un)\b.*[0-9]"
    r"|^(schembl|chembl|akos|mfcd|dtx|zinc|agn-pc)|, |,[a-z]{4}|-$|[;\\\t|]|\[[a-z: -]+\]$|inverted|\(sup"
    r"|\b(8ci|9ci|usan|usp|parent)\b|\.(alpha|beta|gamma|delta|omega|psi)\.|(oxid|chlor|brom|iod|fluor|az)anyl"
)
WORD = re.compile(r"[a-z]{4}|^[b-df-hj-np-tv-z]{3}$")
SHORT_FORM = re.compile(r"[b-df-hj-np-tv-z]{3,4}")  # dmf, thf: no vowel
# Where the first word of a name begins, behind locants and descriptors.
START = re.compile(
    r"^((?:[-0-9,'′()\[\]{}+±.]|[0-9]+[a-h](?=[,-])"
    r"|(?:alpha|beta|gamma|delta|omega|tert|sec|cis|trans|meso|[nosmpdlrez]|dl|rs)(?=[-,)\]0-9]))*)([a-z])",
    re.IGNORECASE,
)
UPPER_LOCANT = re.compile(
    r"\b(?:n,n|[rsez](?=[,)])|[0-9]+[rsezh](?=[,)-]))|^(?:d|l|dl)-"
    r"|\((?:i{1,3}|i?v|vi{1,3})\)|^n-(?=\(|m?ethyl|phenyl|acet|benz|bromo|chloro|iodo|form|hydr|nitroso|vinyl)"
)
WATERS = ["", "mono", "di", "tri", "tetra", "penta", "hexa", "hepta", "octa", "nona", "deca", "undeca", "dodeca"]
HYDRATE = re.compile(rf"\b({'|'.join(WATERS[1:])})hydrate\b|hydrate \((?:[0-9]+:)+([0-9]+)\)")


def write_substances(folder: Path, output: Path) -> int:
    """Writes the file; returns its number of substances."""
    seen: set[str] = set()
    with output.open("w", encoding="utf-8", newline="\n") as stream:
        for name in FILES:
            with (folder / name).open(encoding="utf-8") as lines:
                for row in read_substances(lines):
                    if row[0] not in seen:
                        seen.add(row[0])
                        stream.write("\t".join(copy_field(value) for value in row) + "\n")
    return len(seen)


def read_substances(lines: Iterable[str]) -> Iterator[list[str]]:
    """The rows of one file: PubChem's number, CAS RN, formula, molar mass, SMILES, InChI, InChIKey, names."""
    for line in lines:
        fields = html.unescape(line).rstrip("\n").split("\t")
        _, cas_number, formula, mass, smiles, _, inchikey, systematic, *names = fields
        if not has_check_digit(cas_number):
            continue
        name, synonyms = choose_names(names, systematic)
        # A charge is written as the API reads it: C7H16NO3^+, O6S3^2-.
        formula = re.sub(r"([+-])([0-9]*)$", r"^\2\1", formula)
        identity = [formula, f"{float(mass):.2f}", smiles, inchikey if INCHIKEY.fullmatch(inchikey) else ""]
        if not is_drawn_whole(smiles, names[0]):
            identity = [""] * 4
        yield [cas_number, name, "; ".join(synonyms), *identity]


def has_check_digit(cas_number: str) -> bool:
    """Whether it is a CAS RN: the last digit is the sum of the others times their places from the right, modulo 10."""
    *digits, check = (int(digit) for digit in cas_number if digit.isdigit())
    total = sum(place * digit for place, digit in enumerate(reversed(digits), 1))
    return CAS_NUMBER.fullmatch(cas_number) is not None and total % 10 == check


def is_drawn_whole(smiles: str, name: str) -> bool:
    """Whether formula and mass can be believed: some salts are drawn as acid and metal, some hydrates with one water.

    "O=[N+]([O-])O.O.[Cd]" stands for Cd(NO3)2·4H2O.
    """
    parts = smiles.split(".")
    bare = [part for part in parts if re.fullmatch(r"\[[A-Z][a-z]?\]", part)]
    if 0 < len(bare) < len(parts):
        return False
    charge = sum(int(sign + (size or "1")) for sign, size in re.findall(r"([+-])([0-9]?)\]", smiles))
    if len(parts) > 1 and charge:
        return False
    hydrate = HYDRATE.search(name.lower())
    return hydrate is None or parts.count("O") == (int(hydrate[2]) if hydrate[2] else WATERS.index(hydrate[1]))


def choose_names(names: list[str], systematic: str) -> tuple[str, list[str]]:
    """The name to show (the most common one; the systematic one is the last resort) and at most 8 others."""
    good: dict[str, str] = {}
    for name in [*names, systematic]:
        name = " ".join(name.split())
        folded = name.lower()
        if WORD.search(folded) and not ODD_NAME.search(folded) and len(name) <= LONGEST_NAME:
            good.setdefault(re.sub(r"[^a-z0-9]", "", folded), name)
    shown = [capitalise(name) for name in good.values()] or [capitalise(systematic or names[0])]
    return shown[0], shown[1 : MOST_SYNONYMS + 1]


def capitalise(name: str) -> str:
    """Most names are all lower case: "n,n-dimethylaniline" becomes "N,N-Dimethylaniline", "dmf" "DMF"."""
    if SHORT_FORM.fullmatch(name):
        return name.upper()
    if name == name.lower():
        name = UPPER_LOCANT.sub(lambda found: found[0].upper(), name)
    return START.sub(lambda found: found[1] + found[2].upper(), name)


def copy_field(value: str) -> str:
    return value.replace("\\", "\\\\").replace("\t", " ") or "\\N"


def main() -> None:
    arguments = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    arguments.add_argument("output", type=Path)
    output = arguments.parse_args().output
    package = importlib.util.find_spec("chemicals")
    if package is None or package.origin is None:
        sys.exit("Missing: pip install --no-deps --require-hashes -r requirements/reference.txt")
    print(write_substances(Path(package.origin).parent / "Identifiers", output), "substances")


if __name__ == "__main__":
    main()
