"""What 240 labels cost, beside the drawing of version 1.0 in the same run."""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from bench.result import Result
from bench.stand import ROOT, Stand

BEFORE = "6570ee6"
"""The last commit that drew each module of a QR code as a rectangle of its own."""
TIMES = 3
DRAW = """
import resource
from datetime import date
from api.labels import Label
from api.labels.drawing import draw_labels
labels = [
    Label(f"2-(4-Nitrophenyl)-{n} ethanol", f"CT-{n:06}", "Curie lab", "64-17-5", "500 mL", "Danger", ["GHS02", "GHS07"], "Main › 204 A",
          "K1234", date(2027, 6, 30)) for n in range(240)]
draw_labels(labels)
used = resource.getrusage(resource.RUSAGE_SELF)
print(used.ru_utime + used.ru_stime)
"""


def cost(folder: Path) -> float:
    """Seconds of a processor, the start of the process included."""
    drawn = subprocess.run([sys.executable, "-c", DRAW], cwd=folder, capture_output=True, text=True, check=True)
    return float(drawn.stdout)


def measure(_: Stand) -> Iterator[Result]:
    """Draws with both versions in turn, so that other work of the machine slows both alike."""
    with tempfile.TemporaryDirectory() as folder:
        archive = subprocess.run(["git", "archive", BEFORE, "api"], cwd=ROOT, capture_output=True, check=True).stdout
        subprocess.run(["tar", "x", "-C", folder], input=archive, check=True)
        pairs = [(cost(Path(folder)), cost(ROOT)) for _ in range(TIMES)]
    before, now = (median(each) for each in zip(*pairs, strict=True))
    yield Result(
        "240 labels as a PDF",
        f"commit {BEFORE}",
        before / now,
        "at least",
        3,
        detail=f"{before:.2f} s and {now:.2f} s of a processor",
    )
