#!/usr/bin/env bash
# chemicals 1.5.2 (PyPI): safety.T_flash says of its source "Serat DIPPR (2017)" that it "provides third hand experimental but evaluated
# data", and that "the predicted values [...] are not included". 380 of its 870 values have up to twelve decimals and are results of a
# model: ethanol -13 °C (measured 12), methanol -31 °C (9), formic acid -3 °C (42). The look-up gives them without a word where IEC and NFPA
# have none: acetanilide 120 °C (measured 173), di(2-ethylhexyl) phthalate 184 °C (216).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check chemicals==1.5.2 pandas 2>/dev/null
cd "$folder"
venv/bin/python - <<'PYTHON'
from chemicals.safety import DIPPR_SERAT_data, T_flash

SERAT, IEC, WIKIDATA = "Serat DIPPR (2017)", "IEC 60079-20-1 (2010)", "WIKIDATA"
SEEN = {
    "ethanol": ("64-17-5", SERAT, -13.1, IEC, 12.0),
    "methanol": ("67-56-1", SERAT, -31.0, IEC, 9.0),
    "formic acid": ("64-18-6", SERAT, -3.1, IEC, 42.0),
    "acetanilide": ("103-84-4", None, 119.9, WIKIDATA, 173.0),
    "di(2-ethylhexyl) phthalate": ("117-81-7", None, 183.8, WIKIDATA, 215.6),
}
for name, (cas_number, method, computed, other, measured) in SEEN.items():
    told, beside = (T_flash(cas_number, method=one) - 273.15 for one in (method, other))
    print(f"{name}: {told:.1f} °C, measured {beside:.1f} °C")
    assert (round(told, 1), round(beside, 1)) == (computed, measured), f"{name} is answered otherwise now"
long = sum(len(repr(float(value)).partition(".")[2]) > 5 for value in DIPPR_SERAT_data["T_flash"])
print(f"{long} of {len(DIPPR_SERAT_data)} values have more than five decimals")
assert long == 380
assert "predicted values" in T_flash.__doc__
PYTHON
