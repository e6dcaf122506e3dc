#!/usr/bin/env bash
# ucumvert 0.3.2 (PyPI), which gives UCUM codes to pint, converts some codes otherwise than UCUM's own table says, which the package
# carries with it (ucum-essence.xml), and without an error.
#
# Seen: g%, gram percent, is 1 g/dL in UCUM, the strength of a solution; ucumvert makes a mass of 0.01 g of the code. [Cal], the calorie
# of food labels, is 1 kcal; ucumvert makes 1 cal. [cft_i], a cubic foot, becomes a hundredth of a foot, a length. ' is a minute of
# arc; ucumvert makes a minute of time. g/dL, kcal and [ft_i]3, which mean the same as the first three, are right.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check ucumvert==0.3.2 Pint==0.25.3 2>/dev/null
cd "$folder"
venv/bin/python - <<'PYTHON'
import pint
from ucumvert import PintUcumRegistry

units = PintUcumRegistry()
pint.set_application_registry(units)
SEEN = {  # a code: what ucumvert makes of it in base units, and what is right
    "g%": (1e-5, "kilogram", "10 kg/m³"),
    "g/dL": (10, "kilogram / meter ** 3", "10 kg/m³"),
    "[Cal]": (4.184, "kilogram * meter ** 2 / second ** 2", "4184 J"),
    "kcal": (4184, "kilogram * meter ** 2 / second ** 2", "4184 J"),
    "[cft_i]": (0.003048, "meter", "0.0283168 m³"),
    "[ft_i]3": (0.0283168, "meter ** 3", "0.0283168 m³"),
    "'": (60, "second", "0.000290888 rad"),
}
for code, seen in SEEN.items():
    made = units.from_ucum(code).to_base_units()
    print(f"{code}: {made.magnitude:.6g} {made.units}, right is {seen[2]}")
    assert abs(made.magnitude / seen[0] - 1) < 1e-4 and str(made.units) == seen[1], f"{code} is converted otherwise now"
PYTHON
