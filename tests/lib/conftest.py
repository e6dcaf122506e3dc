"""Pulumi's program, run once with mocks of AWS (build.py) in an environment of its own."""

import functools
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT
from tests.lib.program import Program

LIB = ROOT / "lib"
LOCK = LIB / "requirements.txt"
CONFIGURATION = {
    "environmentSuffix": "test",
    "certificateArn": "arn:aws:acm:us-east-2:123456789012:certificate/1",
    "tag": "1a2b3c4d5e6f",
}


@pytest.hookimpl(tryfirst=True)  # before tests/conftest.py skips what is slow
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.parent == Path(__file__).parent:
            item.add_marker(pytest.mark.slow(ci=True))
            item.add_marker(pytest.mark.timeout(900))


@pytest.fixture(scope="session")
def python() -> Path:
    """The Python of the environment of lib/ (360 MB), made once: a minute, and seconds where uv has kept the packages."""
    venv = ROOT / ".local" / "pulumi"
    stamp = venv / "lib.lock"
    if not stamp.exists() or stamp.read_text() != LOCK.read_text():
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(venv)], check=True)
        install = [sys.executable, "-m", "uv", "pip", "install", "--quiet", "--python", str(venv / "bin" / "python")]
        subprocess.run([*install, "--require-hashes", "--requirement", str(LOCK)], check=True)
        stamp.write_text(LOCK.read_text())
    return venv / "bin" / "python"


@functools.cache
def told(python: Path, configuration: str) -> subprocess.CompletedProcess[str]:
    """What build.py says to a configuration, which is JSON."""
    command = [str(python), "-B", str(ROOT / "tests" / "lib" / "build.py"), str(LIB), configuration]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.fixture(scope="session")
def program(python: Path) -> Program:
    """What the program makes when images have been pushed."""
    return build(python)


def build(python: Path, **configuration: Any) -> Program:
    """What the program makes with another configuration; None leaves a setting out."""
    chosen = {name: value for name, value in (CONFIGURATION | configuration).items() if value is not None}
    result = told(python, json.dumps(chosen))
    assert result.returncode == 0, result.stderr[-3000:]
    return Program(json.loads(result.stdout))


def refusal(python: Path, **configuration: Any) -> str:
    """The sentence with which the program refuses a configuration."""
    result = told(python, json.dumps(CONFIGURATION | configuration))
    assert result.returncode, "the program accepts it"
    [sentence] = [line for line in result.stderr.splitlines() if line.startswith("settings.Misconfigured: ")]
    return sentence.removeprefix("settings.Misconfigured: ")
