#!/usr/bin/env bash
# ghs-hazard-pictogram 0.1.0: the pictogram of GHS01 (exploding bomb) is the file of GHS02 (flame), and GHS05 (corrosion) is
# called "Compressed Gas", the name of GHS04.
#
# Seen: Hazard("GHS01").get_pictogram() ends in ghs02.svg, although ghs01.svg is in the package, with another picture. A label
# for picric acid shows the flame alone, and one for sodium hydroxide says "Compressed Gas". The other seven have their own file.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check ghs-hazard-pictogram==0.1.0 2>/dev/null
cd "$folder"
venv/bin/python - <<'PYTHON'
from pathlib import Path

from ghs_hazard_pictogram import Hazard

for number in range(1, 10):
    hazard = Hazard(f"GHS0{number}")
    picture = Path(hazard.get_pictogram())
    print(hazard.code, hazard.name, picture.name)
    if number != 1:
        assert picture.name == f"ghs0{number}.svg"
explosive = Path(Hazard("GHS01").get_pictogram())
assert explosive.name == "ghs02.svg", "explosives have another picture now"
assert explosive.read_bytes() != explosive.with_name("ghs01.svg").read_bytes()
assert Hazard("GHS05").name == Hazard("GHS04").name == "Compressed Gas", "GHS05 has a name of its own now"
PYTHON
