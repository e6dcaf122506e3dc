"""Takes out of a lock file the hashes of wheels that nothing here installs: narrow.py LOCK PYLOCK

PyPI has wheels for Windows, musl, 32 bits, PyPy and many Pythons, so that two hashes in three are of no use on a machine that ChemTrack
runs on. What stays are the hashes of sources and of wheels for Python 3.11 to 3.13 on Linux with glibc and on macOS, both x86-64 and ARM.
PYLOCK is the same resolution as pylock.toml, which names the file of each hash; a hash that it does not name stays.
"""

import re
import sys
import tomllib
from pathlib import Path

PLATFORM = re.compile(r"any|manylinux.*_(x86_64|aarch64)|macosx_.*_(x86_64|arm64|universal2)")
PYTHON = re.compile(r"py3(\d|1[0-3])?|cp31[123]")
STABLE = re.compile(r"cp3(\d|1[0-3])")
"""The oldest Python of a wheel for the stable ABI, which all later ones install too."""


def is_of_use(file: str) -> bool:
    """Whether a machine that ChemTrack runs on can install the wheel with this name."""
    python, abi, platform = file.removesuffix(".whl").split("-")[-3:]
    known = STABLE if abi == "abi3" else PYTHON
    return (
        any(known.fullmatch(tag) for tag in python.split("."))
        and not abi.endswith("t")  # a Python without the global lock
        and any(PLATFORM.fullmatch(tag) for tag in platform.split("."))
    )


def narrow(lock: str, pylock: str) -> str:
    """The text of the lock file without the hashes that are of no use."""
    wheels = [wheel for package in tomllib.loads(pylock)["packages"] for wheel in package.get("wheels", ())]
    names = {wheel["hashes"]["sha256"]: wheel.get("name") or wheel["url"].rpartition("/")[2] for wheel in wheels}
    return "\n".join(_narrowed(entry, names) for entry in re.split(r"\n(?=\S)", lock)) + "\n"


def _narrowed(entry: str, names: dict[str, str]) -> str:
    head, *hashes = entry.rstrip("\n").split(" \\\n    --hash=sha256:")
    kept = [one for one in hashes if one not in names or is_of_use(names[one])]
    return " \\\n    --hash=sha256:".join([head, *(kept or hashes)])


if __name__ == "__main__":
    file = Path(sys.argv[1])
    file.write_text(narrow(file.read_text(), Path(sys.argv[2]).read_text()))
