"""Writes what is known of some 76,000 substances, for load.sql, from the data files of the PyPI package `chemicals`.

    pip install --no-deps --require-hashes --target package -r requirements/reference.txt
    python -m sql.reference.write_substances package substances.tsv

Output: COPY's text format with a head, one substance a line, the more usual ones first; what is not known is \\N. The
package is read, none of it is run. docs/reference.md says where the package has the data from, and what is known to be wrong in them.
"""

import argparse
import csv
import html
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from sql.reference.substance_figures import read_figures
from sql.reference.substance_names import CAS_NUMBER, INCHIKEY, choose_names, is_drawn_whole, is_formula_of

# The first file that has a CAS RN is believed: the smaller ones were looked at by people, and hold what is usual.
FILES = (
    "chemical identifiers pubchem small.tsv",
    "chemical identifiers example user db.tsv",
    "Inorganic db.tsv",
    "chemical identifiers pubchem large.tsv",
)
# The columns of the written file: those of reference.substances in their order, which COPY checks, and then the synonyms.
COLUMNS = (
    "cas_number", "name", "formula", "molar_mass_g_per_mol", "smiles", "inchikey", "physical_state", "density_g_per_ml", "rank",
    "melting_point_celsius", "boiling_point_celsius", "flash_point_celsius", "autoignition_celsius", "lower_explosion_limit_percent",
    "upper_explosion_limit_percent", "twa_ppm", "twa_mg_per_m3", "stel_ppm", "stel_mg_per_m3", "ceiling_ppm", "ceiling_mg_per_m3",
    "absorbed_by_skin", "iarc_group", "iarc_agent", "ntp_listing", "sources", "synonyms",
)  # fmt: skip
# CAS RN → a name that the files give to it, but that is the name of another substance.
WRONG_NAMES = {"71-43-2": "benzine", "50-00-0": "paraform"}
# These numbers were given to polymers, proteins and natural products. The file draws one unit of a polymer, under the unit's name.
MACROMOLECULE = re.compile("90[0-9]{2}-")
FIRST_RANK = 1001
"""The rank of the first substance of the file: smaller ranks are for the substances that we wrote ourselves."""


def write_substances(folder: Path, output: Path) -> int:
    """Writes the file from the package's `folder`; returns its number of substances."""
    weights = read_weights(folder / "Misc" / "Element data.csv")
    figures = read_figures(folder)
    seen: set[str] = set()
    half = output.with_name(f"{output.name}.half")
    with half.open("w", encoding="utf-8", newline="\n") as stream:
        stream.write("\t".join(COLUMNS) + "\n")
        for name in FILES:
            with (folder / "Identifiers" / name).open(encoding="utf-8") as lines:
                for row in read_substances(lines, weights):
                    if row["cas_number"] in seen:
                        continue
                    row |= {"rank": str(FIRST_RANK + len(seen)), "sources": "{}"} | figures.get(row["cas_number"], {})
                    seen.add(row["cas_number"])
                    stream.write("\t".join(copy_field(row.get(column, "")) for column in COLUMNS) + "\n")
                    if len(seen) % 20_000 == 0:
                        print(f"  {len(seen):,} substances", flush=True)
    half.rename(output)
    return len(seen)


def read_substances(lines: Iterable[str], weights: Mapping[str, float]) -> Iterator[dict[str, str]]:
    """The rows of one file: PubChem's number, CAS RN, formula, molar mass, SMILES, InChI, InChIKey, names.

    A substance without a name is left out. Formula, mass and structure are empty where they contradict each other or the name.
    """
    for line in lines:
        fields = html.unescape(line).rstrip("\n").split("\t")
        _, cas_number, formula, mass, smiles, _, inchikey, systematic, *names = fields
        names = [said for said in names if said != WRONG_NAMES.get(cas_number)]
        if MACROMOLECULE.match(cas_number):
            names.sort(key=lambda said: not said.startswith("poly"))
        name, synonyms = choose_names(names, systematic)
        if not has_check_digit(cas_number) or not name:
            continue
        row = {"cas_number": cas_number, "name": name, "synonyms": "; ".join(synonyms)}
        shown = (names[0], name)
        if (
            not MACROMOLECULE.match(cas_number)
            and all(is_drawn_whole(smiles, said) for said in shown)
            and is_formula_of(formula, float(mass), smiles, shown, weights)
        ):
            row |= {
                # A charge is written as the API reads it: C7H16NO3^+, O6S3^2-.
                "formula": re.sub(r"([+-])([0-9]*)$", r"^\2\1", formula),
                "molar_mass_g_per_mol": f"{float(mass):.2f}",
                "smiles": smiles,
                "inchikey": inchikey if INCHIKEY.fullmatch(inchikey) else "",
            }
        yield row


def read_weights(file: Path) -> dict[str, float]:
    """The atomic weights (g/mol) by element."""
    with file.open(encoding="utf-8") as lines:
        return {row["element symbol"]: float(row["atomic mass"]) for row in csv.DictReader(lines, delimiter="\t")}


def has_check_digit(cas_number: str) -> bool:
    """Whether it is a CAS RN: the last digit is the sum of the others times their places from the right, modulo 10."""
    *digits, check = (int(digit) for digit in cas_number if digit.isdigit())
    total = sum(place * digit for place, digit in enumerate(reversed(digits), 1))
    return CAS_NUMBER.fullmatch(cas_number) is not None and total % 10 == check


def copy_field(value: str) -> str:
    return value.replace("\\", "\\\\").replace("\t", " ") or "\\N"


def main() -> None:
    arguments = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    arguments.add_argument("package", type=Path, help="the folder into which the package was installed")
    arguments.add_argument("output", type=Path)
    given = arguments.parse_args()
    folder = given.package / "chemicals"
    if not folder.is_dir():
        sys.exit(f"{folder} is missing: see the head of this file.")
    print(f"{write_substances(folder, given.output):,} substances are written into {given.output}")


if __name__ == "__main__":
    main()
