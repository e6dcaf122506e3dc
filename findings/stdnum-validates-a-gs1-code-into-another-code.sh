#!/usr/bin/env bash
# python-stdnum 2.2, stdnum.gs1_128: validate() answers another code than the one that is printed where a date has day 00.
#
# GS1 General Specifications, 3.4: an expiry date whose day is not known is written with day 00 and means the last day of the
# month. validate("(01)09501101530003(17)270200") reads that rightly, and then answers 010950110153000317270228: day 28.
# A program that stores what validate() gives no longer finds the label, and the next scan of it is "unknown".
# info() keeps years from 69 on in the last century ("700131" is 1970), while GS1's rule (7.12: 51 years back, 49 ahead)
# makes it 2070 in the years 2021 to 2120.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check python-stdnum==2.2 2>/dev/null
cd "$folder"
venv/bin/python - <<'PYTHON'
from datetime import date

from stdnum import gs1_128

printed = "(01)09501101530003(17)270200"
print(printed, "is validated as", gs1_128.validate(printed), "and read as", gs1_128.info(printed))
assert gs1_128.info(printed)["17"] == date(2027, 2, 28)
assert gs1_128.compact(printed) == "010950110153000317270200"
assert gs1_128.validate(printed) == "010950110153000317270228", "the printed day is kept now"
assert gs1_128.info("(01)09501101530003(17)700131")["17"] == date(1970, 1, 31)
PYTHON
