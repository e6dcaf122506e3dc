"""Types of Pulumi's program, read in its own environment, whose packages the other checks do not have."""

import subprocess
import sys
from pathlib import Path

from tests.lib.conftest import LIB


def test_the_program_passes_the_type_checks(python: Path) -> None:
    mypy = [sys.executable, "-m", "mypy", "--python-executable", str(python), "--cache-dir", "../.local/mypy_lib"]
    told = subprocess.run([*mypy, ".", "../tests/lib/build.py"], cwd=LIB, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stdout
