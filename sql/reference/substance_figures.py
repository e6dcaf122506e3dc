"""Measured figures of substances, by CAS RN, from the data files of the PyPI package `chemicals`.

The files are read, not the package's own look-up, which answers for a number that it lacks with another substance. Files that hold
results of models are left out: Joback's and Crowl's estimates, Yaws' collection, the NIST WebBook's averages.
"""

import csv
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

Rows = dict[str, str]
KELVIN = 273.15
ROOM = 25
"""A temperature in °C. What is a gas there has no density in g/mL by which anybody would measure it out."""

MELTING, BOILING = "melting_point_celsius", "boiling_point_celsius"
LOWER, UPPER = "lower_explosion_limit_percent", "upper_explosion_limit_percent"

# How far two sources may be apart and still confirm each other.
DEGREES = 10.0
SAME = {
    MELTING: DEGREES,
    BOILING: DEGREES,
    "flash_point_celsius": DEGREES,
    "autoignition_celsius": DEGREES,
    LOWER: 0.3,
    UPPER: 2.0,
    "density_g_per_ml": 0.05,
}


def celsius(kelvin: str) -> float | None:
    """A temperature in °C to a tenth, because most were measured so, and some come from °F. None for 0 K and less, which is a mistake."""
    degrees = float(kelvin) - KELVIN
    return round(degrees, 1) if degrees > -KELVIN else None


def measured_celsius(kelvin: str) -> float | None:
    """A flash point as `celsius` gives it, if it was measured: in the list of DIPPR, results of a model have up to twelve decimals."""
    return celsius(kelvin) if len(kelvin.partition(".")[2]) <= 2 else None


def percent(share: str) -> float | None:
    """A share of 1 in per cent by volume."""
    value = round(float(share) * 100, 2)
    return value if 0 < value <= 100 else None


def grams_per_ml(kilograms: str) -> float | None:
    """A density of kg/m³ in g/mL; None where it is so small that it is that of a gas."""
    value = round(float(kilograms) / 1000, 4)
    return value if value >= 0.05 else None


Taken = tuple[str, str, str, Callable[[str], float | None]]
# The code of the source in reference.sources, its file, then which column is taken and how. The first source is preferred.
SOURCES: dict[str, tuple[Taken, ...]] = {
    MELTING: (
        ("OPEN_NOTEBOOK", "Phase Change/OpenNotebook Melting Points.tsv", "Tm", celsius),
        ("CRC", "Misc/Physical Constants of Inorganic Compounds.csv", "Tm", celsius),
        ("CRC", "Misc/Physical Constants of Organic Compounds.csv", "Tm", celsius),
        ("COMMON_CHEMISTRY", "Misc/common_chemistry_data.tsv", "Tm", celsius),
        ("WIKIDATA", "Misc/wikidata_properties.tsv", "Tm", celsius),
    ),
    BOILING: (
        ("CRC", "Misc/Physical Constants of Inorganic Compounds.csv", "Tb", celsius),
        ("CRC", "Misc/Physical Constants of Organic Compounds.csv", "Tb", celsius),
        ("COMMON_CHEMISTRY", "Misc/common_chemistry_data.tsv", "Tb", celsius),
        ("WIKIDATA", "Misc/wikidata_properties.tsv", "Tb", celsius),
    ),
    "density_g_per_ml": (
        ("CRC", "Misc/Physical Constants of Inorganic Compounds.csv", "rho", grams_per_ml),
        ("CRC", "Misc/Physical Constants of Organic Compounds.csv", "rho", grams_per_ml),
    ),
    "flash_point_celsius": (
        ("IEC", "Safety/IS IEC 60079-20-1 2010.tsv", "T_flash", celsius),
        ("NFPA", "Safety/NFPA 497 2008.tsv", "T_flash", celsius),
        ("DIPPR", "Safety/DIPPR T_flash Serat.csv", "T_flash", measured_celsius),
        ("WIKIDATA", "Misc/wikidata_properties.tsv", "T_flash", celsius),
    ),
    "autoignition_celsius": (
        ("IEC", "Safety/IS IEC 60079-20-1 2010.tsv", "T_autoignition", celsius),
        ("NFPA", "Safety/NFPA 497 2008.tsv", "T_autoignition", celsius),
        ("WIKIDATA", "Misc/wikidata_properties.tsv", "T_autoignition", celsius),
    ),
    LOWER: (
        ("IEC", "Safety/IS IEC 60079-20-1 2010.tsv", "LFL", percent),
        ("NFPA", "Safety/NFPA 497 2008.tsv", "LFL", percent),
        ("WIKIDATA", "Misc/wikidata_properties.tsv", "LFL", percent),
    ),
    UPPER: (
        ("IEC", "Safety/IS IEC 60079-20-1 2010.tsv", "UFL", percent),
        ("NFPA", "Safety/NFPA 497 2008.tsv", "UFL", percent),
        ("WIKIDATA", "Misc/wikidata_properties.tsv", "UFL", percent),
    ),
}
ONTARIO = {
    "twa": "Time-Weighted Average Limit (TWA)",
    "stel": "Short-Term Exposure Limit (STEL)",
    "ceiling": "Ceiling Limit (C)",
}
IARC_GROUPS = {"1": "1", "11": "2A", "12": "2B", "3": "3", "4": "4"}
NTP_LISTINGS = {"1": "known", "2": "reasonably anticipated"}
# Lines of a list of carcinogens that are about a drink, not about the substance in a laboratory's bottle.
NOT_THE_SUBSTANCE = re.compile("alcoholic beverages")


def read_figures(folder: Path) -> dict[str, Rows]:
    """The figures by CAS RN, as texts, each with its source in `sources` (JSON)."""
    found: dict[str, Rows] = {}
    sources: dict[str, dict[str, str]] = {}

    def add(cas_number: str, source: str, **values: str) -> None:
        found.setdefault(cas_number, {}).update(values)
        sources.setdefault(cas_number, {}).update(dict.fromkeys(values, source))

    for figure, taken in SOURCES.items():
        values: dict[str, list[tuple[float, str]]] = {}
        for source, file, column, convert in taken:
            for row in _rows(folder / file):
                if row[column] and (value := convert(row[column])) is not None:
                    values.setdefault(_cas_number(row["CAS"]), []).append((value, source))
        for cas_number, said in values.items():
            if chosen := agreed(said, SAME[figure]):
                add(cas_number, chosen[1], **{figure: f"{chosen[0]:g}"})
    for cas_number, row in found.items():
        for figure in contradicting(row):
            del row[figure], sources[cas_number][figure]
    for cas_number, limits in _exposure_limits(folder / "Safety" / "Ontario Exposure Limits.tsv"):
        add(cas_number, "ONTARIO", **limits)
    for row in _rows(folder / "Safety" / "IARC Carcinogen Database.tsv"):
        if not NOT_THE_SUBSTANCE.search(row["description"]):
            add(row["CAS"], "IARC", iarc_group=IARC_GROUPS[row["group"]], iarc_agent=row["description"])
    for row in _rows(folder / "Safety" / "National Toxicology Program Carcinogens.tsv"):
        add(row["CAS"], "NTP", ntp_listing=NTP_LISTINGS[row["Listing"]])
    for cas_number, row in found.items():
        row["sources"] = json.dumps(sources[cas_number], sort_keys=True)
    return found


def agreed(said: list[tuple[float, str]], apart: float) -> tuple[float, str] | None:
    """The first value that another source confirms, or the only one; None where the sources contradict each other."""
    if len(said) == 1:
        return said[0]
    return next(
        (
            one
            for n, one in enumerate(said)
            if any(abs(one[0] - other[0]) <= apart for m, other in enumerate(said) if m != n)
        ),
        None,
    )


def contradicting(row: Rows) -> list[str]:
    """The figures that cannot be true together, and the density of a gas."""
    values = {figure: float(row[figure]) for figure in SAME if figure in row}
    wrong = [figure for figure in ("density_g_per_ml",) if figure in values and values.get(BOILING, ROOM + 1) <= ROOM]
    for below, above in ((MELTING, BOILING), (LOWER, UPPER)):
        if below in values and above in values and values[below] >= values[above]:
            wrong += [below, above]
    return wrong


def _exposure_limits(file: Path) -> Iterator[tuple[str, Rows]]:
    """Ontario's limits in the unit that the regulation has; a row may be for several substances."""
    for row in _rows(file):
        limits: Rows = {}
        for name, column in ONTARIO.items():
            if limit := re.fullmatch(r"([0-9.]+) ?(ppm|mg/m3)", row[column].strip()):
                limits[f"{name}_{'ppm' if limit[2] == 'ppm' else 'mg_per_m3'}"] = limit[1]
        if limits and row["Notations"].strip() == "Skin":
            limits["absorbed_by_skin"] = "true"
        for cas_number in row["CASRN"].split(";") if limits else ():
            yield cas_number.strip(), limits


def _rows(file: Path) -> Iterator[Rows]:
    with file.open(encoding="utf-8") as lines:
        yield from csv.DictReader(lines, delimiter="\t", restval="")


def _cas_number(text: str) -> str:
    """Some files write CAS numbers without hyphens."""
    return text if "-" in text else f"{text[:-3]}-{text[-3:-1]}-{text[-1]}"
