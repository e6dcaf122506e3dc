"""How many chemicals of a list the reference knows. It reads the database of libpq's variables, and writes nothing.

    PGHOST=… PGDATABASE=… PGUSER=… PGPASSWORD=… python -m bench.coverage LIST.csv --cas cas --name name

Prints what is found by CAS RN and by the name as written, each name that means another substance, and how many figures are known.
"""

import argparse
import csv
from collections import Counter
from pathlib import Path

import psycopg

from api.chemistry.cas_numbers import parse_cas_number

FIGURES = (
    "formula", "molar_mass_g_per_mol", "smiles", "melting_point_celsius", "boiling_point_celsius", "density_g_per_ml", "flash_point_celsius",
    "autoignition_celsius", "lower_explosion_limit_percent", "iarc_group",
)  # fmt: skip
ASK = """
SELECT s.cas_number, to_jsonb(s), EXISTS (SELECT FROM reference.hazard_classifications h WHERE h.cas_number = s.cas_number),
       ARRAY(SELECT n.cas_number FROM reference.substances_named(%(name)s) AS n WHERE n.meant)
  FROM (SELECT) AS one LEFT JOIN reference.substances s ON s.cas_number = %(cas_number)s"""


def main() -> None:
    arguments = argparse.ArgumentParser(prog="python -m bench.coverage", description=(__doc__ or "").partition("\n")[0])
    arguments.add_argument("list", type=Path, help="a CSV with a head")
    arguments.add_argument("--cas", default="cas", help="the head of the column of CAS RNs")
    arguments.add_argument("--name", default="name", help="the head of the column of names")
    given = arguments.parse_args()
    listed: dict[tuple[str, str], None] = {}
    with given.list.open(encoding="utf-8-sig") as lines:
        for row in csv.DictReader(lines):
            try:
                listed[parse_cas_number(row[given.cas]), row[given.name].strip()] = None
            except ValueError:
                continue
    numbers, known, by_name, other = {cas_number for cas_number, _ in listed}, Counter[str](), 0, []
    seen: set[str] = set()
    with psycopg.connect("") as connection:
        for cas_number, name in listed:
            [[found, facts, hazards, meant]] = connection.execute(
                ASK, {"cas_number": cas_number, "name": name}
            ).fetchall()
            by_name += meant == [cas_number]
            if meant and cas_number not in meant:
                other.append(f"  {name}: {cas_number} in the list, {', '.join(meant)} in the reference")
            if found and cas_number not in seen:
                seen.add(cas_number)
                known.update([figure for figure in FIGURES if facts[figure] is not None] + ["hazards"] * hazards)
    print(
        f"{len(seen)} of {len(numbers)} CAS RNs are known; {by_name} of {len(listed)} names mean their CAS RN, {len(other)} another one:"
    )
    print("\n".join(sorted(other)))
    for figure in (*FIGURES, "hazards"):
        print(f"{figure:32} {known[figure]:6} {known[figure] / len(numbers):6.1%}")


if __name__ == "__main__":
    main()
