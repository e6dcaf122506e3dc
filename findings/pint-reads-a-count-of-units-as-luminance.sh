#!/usr/bin/env bash
# Pint 0.25.3 gives words of a stock list another meaning without an error, because prefixes are tried before a word is refused:
#
#   "10 units"  10 micronits, a luminance (u + nit + s), where a list means ten pieces
#   "500 gr"    500 grains, 32.4 g, where German, Turkish and Spanish lists mean grams
#   "1 fl oz"   1 femtolitre-ounce, where a bottle means a fluid ounce (29.57 mL); "fluid_ounce" is right
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check pint==0.25.3 2>/dev/null
cd "$folder"
venv/bin/python - <<'PYTHON'
import pint

registry = pint.UnitRegistry()
for words, dimensions, unit in (
    ("10 units", "[luminosity] / [length] ** 2", "micronit"),
    ("500 gr", "[mass]", "grain"),
    ("1 fl oz", "[length] ** 3 * [mass]", "femtoliter * ounce"),
):
    quantity = registry.Quantity(words)
    print(f"{words!r} is {quantity}, {quantity.dimensionality}")
    assert str(quantity.units) == unit
    assert quantity.dimensionality == registry.get_dimensionality(registry.parse_units(unit))
assert round(registry.Quantity("500 gr").to("g").magnitude, 1) == 32.4
PYTHON
