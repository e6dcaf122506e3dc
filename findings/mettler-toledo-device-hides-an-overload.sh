#!/usr/bin/env bash
# mettler-toledo-device 1.5.0: get_weight_stable() answers None both for "not stable yet" (try again) and for an overloaded or
# underloaded pan (take the bottle off), although get_weight() tells them apart with a MettlerToledoError.
#
# MT-SICS answers "S I" (not stable), "S +" (overload), "S -" (underload). The library raises for each and then swallows
# every exception, so a program that waits for a stable weight waits for ever beneath a bottle that is too heavy.
# A pseudo-terminal plays the balance here. (serial-interface is held at 2.2.0: the library no longer imports with 2.4.4, which
# pip brings by itself.)
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check mettler-toledo-device==1.5.0 serial-interface==2.2.0 2>/dev/null
cd "$folder"
timeout 60 venv/bin/python - <<'PYTHON'
import os
import pty
import threading
import tty

from mettler_toledo_device import MettlerToledoDevice
from mettler_toledo_device.mettler_toledo_device import MettlerToledoError

balance, computer = pty.openpty()
tty.setraw(balance)
tty.setraw(computer)
answers = {}


def weigh():
    asked = b""
    while True:
        asked += os.read(balance, 64)
        while b"\r\n" in asked:
            command, asked = asked.split(b"\r\n", 1)
            os.write(balance, answers[command.decode()] + b"\r\n")


threading.Thread(target=weigh, daemon=True).start()
device = MettlerToledoDevice(port=os.ttyname(computer))
for meaning, sign in (("stable", b"S     100.00 g"), ("not stable", b"I"), ("overload", b"+"), ("underload", b"-")):
    answers["S"], answers["SI"] = b"S " + sign, b"S " + sign
    try:
        at_once = device.get_weight()
    except MettlerToledoError as error:
        at_once = f"MettlerToledoError: {error}"
    stable = device.get_weight_stable()
    print(f"{meaning}: get_weight_stable() {stable}; get_weight() {at_once}")
    if meaning == "stable":
        assert stable == [100.0, "g"]
    else:
        assert stable is None, f"{meaning} is told apart now"
        assert at_once.startswith("MettlerToledoError")
PYTHON
