"""checkov reads the templates. checkov.yaml lists the findings that we keep, each with its reason."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.conftest import ROOT

CONFIG = Path(__file__).parent / "checkov.yaml"
LOCK = ROOT / "requirements" / "checkov.txt"


@pytest.fixture(scope="module")
def checkov() -> Path:
    """The path of the program checkov, in an environment of its own (290 MB), installed once in half a minute."""
    venv = ROOT / ".local" / "checkov"
    stamp = venv / "checkov.lock"
    if not stamp.exists() or stamp.read_text() != LOCK.read_text():
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(venv)], check=True)
        pip = [str(venv / "bin" / "python"), "-m", "pip", "install", "-qq", "--no-input", "--require-hashes"]
        subprocess.run([*pip, "--requirement", str(LOCK)], check=True)
        stamp.write_text(LOCK.read_text())
    return venv / "bin" / "checkov"


@pytest.mark.slow(ci=True)
@pytest.mark.timeout(600)
def test_checkov_finds_only_what_is_explained(checkov: Path) -> None:
    command = [str(checkov), "--directory", "cloudformation", "--framework", "cloudformation", "--skip-download"]
    told = subprocess.run([*command, "--output", "json"], cwd=ROOT, capture_output=True, text=True, check=False)
    report = json.loads(told.stdout)
    assert report["results"]["parsing_errors"] == []
    assert report["summary"]["passed"] > 100
    found = {finding["check_id"] for finding in report["results"]["failed_checks"]}
    assert found == set(yaml.safe_load(CONFIG.read_text())["skip-check"])


def test_each_exception_has_its_reason() -> None:
    lines = [line for line in CONFIG.read_text().splitlines() if line.startswith("  - ")]
    assert lines
    for line in lines:
        assert re.fullmatch(r"  - CKV2?_AWS_\d+ # .{20,}", line), line
