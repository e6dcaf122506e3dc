#!/usr/bin/env bash
# OPSIN 2.9.0 (in py2opsin 1.2.0; needs Java): names of inorganic chemicals as they stand on bottles become another substance,
# without a warning. For "xylene" the same call warns that the name is ambiguous.
#
#   disodium tetraborate decahydrate  four borates of one boron each instead of one of four: 471 g/mol instead of 381
#   copper(I) oxide                   CuO with a charge of -1 instead of Cu2O: 79.5 g/mol instead of 143
#   ammonium iron(II) sulfate         one ammonium and one sulfate: not neutral, and 170 g/mol instead of 284
#   bromine, iodine                   one atom instead of Br2 and I2: half the molar mass
# "dibromine" and "copper(II) oxide" are right.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
java -version 2>/dev/null || { echo "Java is needed"; exit 1; }
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check py2opsin==1.2.0 2>/dev/null
cd "$folder"
venv/bin/python - <<'PYTHON'
import warnings

from py2opsin import py2opsin

SEEN = {
    "disodium tetraborate decahydrate": "O." * 10 + "B([O-])([O-])O.B(O)(O)O.B(O)(O)O.B(O)(O)O.[Na+].[Na+]",
    "copper(I) oxide": "[Cu-]=O",
    "ammonium iron(II) sulfate": "S(=O)(=O)([O-])[O-].[Fe+2].[NH4+]",
    "bromine": "[Br]",
    "iodine": "[I]",
    "dibromine": "BrBr",
    "copper(II) oxide": "[Cu]=O",
}
with warnings.catch_warnings(record=True) as warned:
    warnings.simplefilter("always")
    for name, structure in zip(SEEN, py2opsin(list(SEEN)), strict=True):
        print(f"{name}: {structure}")
        assert structure == SEEN[name], f"{name} is read otherwise now"
    assert not warned, "OPSIN warns now"
    py2opsin(["xylene"])
    assert "AMBIGUOUS" in str(warned[0].message)
PYTHON
