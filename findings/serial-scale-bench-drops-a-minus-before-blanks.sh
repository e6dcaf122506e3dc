#!/usr/bin/env bash
# serial-scale-bench 0.2.5: a weight below zero is read as one above it if blanks stand between the sign and the digits, as in
# the fixed columns of many balances (Sartorius SBI: sign, blanks, digits, unit). Whole numbers are not read at all.
#
# The library knows such lines: its detection of the protocol allows for the blanks. Seen: "-     0.512 g", what a tared balance
# shows when half a gram is taken out of the bottle, is 0.512, and so is "+     0.512 g"; "-0.512 g" is -0.512.
# "+      1500 g" is None, the answer for a balance that says nothing. A pseudo-terminal plays the balance.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check serial-scale-bench==0.2.5 pyserial==3.5 2>/dev/null
cd "$folder"
timeout 60 venv/bin/python - <<'PYTHON'
import os
import pty
import threading
import tty

from serial_scale_bench import SerialScale

balance, computer = pty.openpty()
tty.setraw(balance)
tty.setraw(computer)
display = "+     0.000 g  "


def weigh():
    asked = b""
    while True:
        asked += os.read(balance, 64)
        while b"\r\n" in asked:
            _, asked = asked.split(b"\r\n", 1)
            os.write(balance, f"{display}\r\n".encode())


threading.Thread(target=weigh, daemon=True).start()
scale = SerialScale(os.ttyname(computer), timeout=0.2)
assert scale.protocol == 2
for display, weight in (("+     0.512 g  ", 0.512), ("-     0.512 g  ", 0.512), ("-0.512 g", -0.512), ("+      1500 g  ", None)):
    seen = scale.get_weight()
    print(f"{display!r} is read as {seen}")
    assert seen == weight, "the line is read otherwise now"
PYTHON
