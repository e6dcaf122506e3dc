"""The scripts of docs/programs.md do what the document says, on a real API behind the local gateway."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.api.test_tokens import made
from tests.behind_gateway import behind_gateway
from tests.conftest import ROOT
from tests.installation import Installation

DOCUMENT = (ROOT / "docs" / "programs.md").read_text()


def block(beginning: str) -> str:
    [found] = re.findall(rf"```{beginning}.*?```", DOCUMENT, re.DOTALL)
    return str(found).partition("\n")[2].removesuffix("```")


@pytest.fixture(scope="module")
def environment(installation: Installation) -> Iterator[dict[str, str]]:
    ada = installation.as_user("ada")
    acetone = ada.post("/labs/curie/chemicals", json={"name": "Acetone", "cas_number": "67-64-1"}).json()["id"]
    line = {"chemical_id": acetone, "count": 1, "amount": "500", "unit": "mL"}
    received = ada.post("/labs/curie/deliveries", json={"lines": [line]})
    assert received.status_code == 201
    container = str(received.json()["containers"][0]["id"])
    with behind_gateway(installation) as url:
        yield os.environ | {
            "CHEMTRACK": url,
            "LAB": "curie",
            "TOKEN": made(ada, "write")["token"],
            "CONTAINER": container,
        }


def test_the_script_reads_stock_and_checks_out_once(environment: dict[str, str]) -> None:
    command = [sys.executable, "-c", block("python")]
    told = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=120)
    assert told.stderr == ""
    assert told.stdout.splitlines() == ["before: CT-000001 500 mL", "after: CT-000001 495 mL"]


def test_the_script_ends_with_a_sentence_where_it_is_refused(environment: dict[str, str]) -> None:
    command = [sys.executable, "-c", block("python")]
    told = subprocess.run(
        command,
        env=environment | {"TOKEN": "chemtrack_" + "a" * 43},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert (told.returncode, told.stdout) == (1, "")
    assert told.stderr == "This access token is not known, was revoked or has expired.\n"


@pytest.mark.skipif(not shutil.which("curl"), reason="there is no curl")
def test_curl_finds_the_same(environment: dict[str, str]) -> None:
    told = subprocess.run(
        ["bash", "-c", block("sh\ncurl")], env=environment, capture_output=True, text=True, check=False, timeout=60
    )
    assert '"name":"Acetone"' in told.stdout, told.stderr


@pytest.mark.skipif(not shutil.which("curl"), reason="there is no curl")
def test_curl_changes_what_it_has_read_and_nothing_else(
    installation: Installation, environment: dict[str, str]
) -> None:
    def run(script: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["bash", "-c", script], env=environment, capture_output=True, text=True, check=False, timeout=60
        )

    def lot() -> object:
        return installation.as_user("ada").get(f"/labs/curie/containers/{environment['CONTAINER']}").json()["lot"]

    script = block("sh\nplace=")
    done = run(script)
    assert (done.returncode, lot()) == (0, "A-17"), done.stdout + done.stderr
    late = run(re.sub(r"(?m)^etag=.*$", "etag='\"1\"'", script).replace("A-17", "B-18"))
    assert (late.returncode, lot()) == (22, "A-17")
    assert "Somebody else changed this" in late.stdout
