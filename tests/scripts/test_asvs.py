"""docs/asvs.md: every requirement has one verdict, and what a verdict names is there."""

import re
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
PAGE = (ROOT / "docs" / "asvs.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| (\d+\.\d+\.\d+(?:, \d+\.\d+\.\d+)*) \| ([^|]+) \| ([^|]+) \|$", PAGE, re.MULTILINE)
REQUIREMENTS = {
    1: 27, 2: 11, 3: 19, 4: 10, 5: 9, 6: 47, 7: 19, 8: 13, 9: 7, 10: 29, 11: 14, 12: 9, 13: 13, 14: 9, 15: 13, 16: 16, 17: 7,
}  # fmt: skip
"""Chapter of ASVS 5.0.0 → its requirements of levels 1 and 2; of chapters 6 to 8 also those of level 3."""


def test_every_requirement_has_one_verdict() -> None:
    numbers = [number for row in ROWS for number in row[0].split(", ")]
    assert [number for number, times in Counter(numbers).items() if times > 1] == []
    assert Counter(int(number.split(".")[0]) for number in numbers) == REQUIREMENTS


def test_a_verdict_is_met_not_applicable_or_open() -> None:
    assert [row for row in ROWS if not row[2].startswith(("met: ", "n/a: ", "open: "))] == []
    assert len(ROWS) == len(re.findall(r"^\| \d", PAGE, re.MULTILINE)), "a row that is not of three cells"


def test_every_file_that_is_named_is_there() -> None:
    quoted = re.findall(r"`([\w.][\w./-]*)`", PAGE)
    links = re.findall(r"\]\(([\w./-]+)(?:#[\w-]+)?\)", PAGE)
    files = {ROOT / name for name in quoted if "/" in name or name.endswith((".py", ".toml", ".md", "ignore"))}
    files |= {ROOT / "docs" / name for name in links}
    assert len(files) > 80
    assert sorted(str(file.relative_to(ROOT)) for file in files if not file.is_file()) == []


def test_every_setting_that_is_named_is_there() -> None:
    """Settings of the API and of pages, parameters of the stacks, constraints, columns and functions: a name without its code is a promise."""
    code = "".join(
        file.read_text(encoding="utf-8")
        for folder in ("api", "pages", "sql", "cloudformation")
        for file in (ROOT / folder).rglob("*")
        if file.suffix in (".py", ".sql", ".yaml") and "node_modules" not in file.parts
    ).lower()
    settings = set(re.findall(r"`CHEMTRACK_([A-Z_]+)(?:=\w+)?`", PAGE))
    parameters = set(re.findall(r"`([A-Z][a-z]+[A-Z]\w+)(?:=\w+)?`", PAGE))
    functions = set(re.findall(r"`(?:control|inventory)\.(\w+)`", PAGE))
    assert {"SESSION_HOURS", "PASSWORD_MINUTES", "EVERYBODY_NEEDS_SECOND_FACTOR"} <= settings
    assert {"AccessLog", "ExistingListenerArn", "OutboundCidr"} <= parameters
    assert [name for name in sorted(settings | parameters | functions) if name.lower() not in code] == []
