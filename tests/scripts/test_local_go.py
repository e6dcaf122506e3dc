"""How local_go.sh reads its arguments, before it starts anything."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent


def local_go(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run it where neither Docker nor Python is found, so that nothing can start."""
    return subprocess.run(
        [ROOT / "local_go.sh", *arguments],
        env={"PATH": "/usr/bin:/bin", "DOCKER_HOST": "tcp://127.0.0.1:1", **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_help_says_every_option() -> None:
    told = local_go("--help")
    assert told.returncode == 0
    for option in ("NAME", "--stop", "--fresh", "--processes", "--offline", "--reload", "--debug", "CHEMTRACK_PORT"):
        assert option in told.stdout
    assert "set -euo" not in told.stdout


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--purge"], "There is no option --purge."),
        (["nosuch"], "There is no nosuch. There are: db aws api gateway"),
        (["../pages/login"], "There is no ../pages/login."),
        (["api", "db"], "One NAME at a time, not api and db."),
        (["--stop", "api"], "--stop is for all of ChemTrack: leave out api."),
        (["--fresh", "api"], "--fresh is for all of ChemTrack: leave out api."),
        (["--reload", "api"], "--reload is for all of ChemTrack: leave out api."),
        (["--debug"], "--debug takes api or a page."),
        (["--debug", "db"], "--debug takes api or a page."),
    ],
)
def test_a_wrong_argument_is_answered_with_a_sentence(arguments: list[str], sentence: str) -> None:
    told = local_go(*arguments)
    assert told.returncode == 1
    assert sentence in told.stderr


@pytest.mark.parametrize("port", ["0", "http", "80 80", "65536", "-1", "8080;ls"])
def test_a_port_that_is_none_is_refused(port: str) -> None:
    told = local_go("--processes", CHEMTRACK_PORT=port)
    assert told.returncode == 1
    assert f'not "{port}"' in told.stderr


def test_every_script_runs_from_any_folder(tmp_path: Path) -> None:
    told = subprocess.run(
        [ROOT / "local_go.sh", "--help"], cwd=tmp_path, env=os.environ, capture_output=True, text=True, check=False
    )
    assert told.stdout.startswith("Runs ChemTrack on this machine")


def test_psql_without_a_database_says_what_to_start(tmp_path: Path) -> None:
    (tmp_path / "local").mkdir()
    shutil.copy(ROOT / "local/psql.sh", tmp_path / "local")
    told = subprocess.run(
        [tmp_path / "local/psql.sh"],
        env={"PATH": "/usr/bin:/bin", "DOCKER_HOST": "tcp://127.0.0.1:1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (told.returncode, told.stderr) == (
        1,
        "The database of this machine does not run: start it with ./local_go.sh.\n",
    )
