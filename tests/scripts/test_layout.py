"""The facts about the project's files on which the scripts, the gateway and the stacks rely."""

import json
import re
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest

from local import gateway
from pages.common import navigation
from tests.installation import PAGES

ROOT = Path(__file__).parent.parent.parent
TABLE: dict[str, Any] = json.loads((ROOT / "cloudformation" / "pages.json").read_text())
RULES = gateway.read_rules(TABLE)


@pytest.mark.parametrize("page", PAGES)
def test_every_page_has_its_paths(page: str) -> None:
    assert page in TABLE
    assert gateway.find_page(RULES, f"/{page}") == page
    assert gateway.find_page(RULES, f"/{page}/curie") == page
    assert gateway.find_page(RULES, f"/{page}/static/0123/chemtrack.css") == page


def test_every_entry_is_a_rule_that_the_load_balancer_takes() -> None:
    priorities = [entry["priority"] for entry in TABLE.values()]
    assert len(set(priorities)) == len(priorities), "two rules of one priority"
    for page, entry in TABLE.items():
        assert 1 <= entry["priority"] <= 50_000, page
        assert 1 <= len(entry["paths"]) <= 5, f"{page}: a rule takes at most five patterns"
        for path in entry["paths"]:
            assert re.fullmatch(r"/[A-Za-z0-9_.$/~\"'@:+&*?-]{0,127}", path), f"{page}: {path}"


def test_no_page_takes_another_ones_paths() -> None:
    for page, entry in TABLE.items():
        for path in entry["paths"]:
            assert gateway.find_page(RULES, path.replace("*", "x")) == page


def test_health_is_nobodys_path() -> None:
    assert gateway.find_page(RULES, "/health") is None


@pytest.mark.parametrize("page", PAGES)
def test_every_page_is_in_the_menu(page: str) -> None:
    assert page in ("login", "programs") or page in navigation.PAGE_TITLES


def tracked(*patterns: str) -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z", *patterns], cwd=ROOT, capture_output=True, text=True, check=True)
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


@pytest.mark.parametrize("lock", [*tracked("*requirements*.txt", "*package-lock.json")], ids=lambda lock: lock.name)
def test_lock_files_name_no_host(lock: Path) -> None:
    assert not re.search(r"--(extra-)?index-url|--find-links|@ https?:|\"resolved\"", lock.read_text())


@pytest.mark.parametrize("lock", tracked("*requirements*.txt"), ids=lambda lock: lock.name)
def test_every_locked_package_has_a_hash(lock: Path) -> None:
    entries = re.split(r"\n(?=\S)", lock.read_text().strip())
    for entry in entries:
        assert entry.startswith("#") or "--hash=sha256:" in entry, entry


def test_every_group_is_locked() -> None:
    groups = tomllib.loads((ROOT / "pyproject.toml").read_text())["dependency-groups"]
    locks = {name: (ROOT / "requirements" / f"{name}.txt").read_text() for name in ("lock", "checkov", "reference")}
    locks["lib"] = (ROOT / "lib" / "requirements.txt").read_text()
    for group, requirements in groups.items():
        for requirement in requirements:
            if isinstance(requirement, str):
                name = re.split(r"[\[<>=!~ ;]", requirement)[0].lower().replace("_", "-")
                assert re.search(rf"^{re.escape(name)}==", locks.get(group, locks["lock"]), re.M), (
                    f"{requirement}: run requirements/lock.sh"
                )


def test_scripts_can_be_run() -> None:
    for name in (
        "local_go.sh",
        "tests/run",
        "tests/deployed",
        ".ci/run",
        "sql/database.sh",
        "requirements/install.sh",
        "requirements/lock.sh",
    ):
        assert (ROOT / name).stat().st_mode & 0o111, name


def test_nothing_large_or_foreign_is_tracked() -> None:
    for file in tracked():
        assert file.stat().st_size < 300 * 1024, file
        assert not re.search(r"\.min\.(js|css)$|node_modules/|\.wasm$|\.woff2?$", str(file)), file
