"""Sentences are for people: no machinery in them, each is said once, and what is cut off is never what tells things apart."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pages.chemicals.listing import narrow_location
from pages.chemicals.plots import stock_plot
from pages.common.filters import short_location
from tests.installation import Installation, words

ROOT = Path(__file__).parents[2]
MACHINERY = re.compile(
    r"Idempotency|UUID|\bnull\b|\bNULL\b|\bHTTP\b|\bSQL\b|\bboolean\b|\bconstraint\b|\bforeign key\b|\bJSON\b"
)
FOR_OPERATORS = {
    *("api/core/login_directory.py", "api/core/database.py", "api/core/validation.py"),
    *("pages/programs/passing.py", "pages/programs/describing.py"),
}
"""Their sentences with such words go into logs, or to those who write a client of the API."""
A_FILE_OF_ITS_KIND = "This is JSON, not a spreadsheet."


def sentences() -> Iterator[tuple[str, str]]:
    """Each text in the code that ends like a sentence, with its file; docstrings and SQL left out."""
    for file in [*(ROOT / "api").rglob("*.py"), *(ROOT / "pages").glob("*/*.py")]:
        tree = ast.parse(file.read_text())
        said_of_code = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        said_of_code |= {
            id(keyword.value)
            for node in ast.walk(tree)
            if isinstance(node, ast.Call)
            for keyword in node.keywords
            if keyword.arg == "description"
        }
        texts = [node for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in said_of_code]
        for text in (str(node.value) for node in texts if isinstance(node.value, str)):
            if re.search(r"[a-z] [a-z]+[^\n]*[.?!]$", text) and "SELECT" not in text and "|" not in text:
                yield str(file.relative_to(ROOT)), text


def test_no_sentence_speaks_of_machinery() -> None:
    found = list(sentences())
    assert len(found) > 300, "the sentences are read"
    assert [
        (file, text)
        for file, text in found
        if MACHINERY.search(text) and file not in FOR_OPERATORS and not text.startswith(A_FILE_OF_ITS_KIND)
    ] == []


@pytest.mark.parametrize(
    ("page", "path", "form", "press", "typed", "sentence"),
    [
        ("chemicals", "/chemicals/curie/new", "#chemical", "", {"name": "A", "low_stock_amount": "1,5"}, "Write the decimal point as a point: 1.5"),
        ("checkin", "/checkin/curie?chemical={chemical}", "#work form", "[value=receive]", {"lines-0-amount": "1,5", "lines-0-unit": "g"}, "Write the decimal point as a point: 1.5"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_once(
    installation: Installation, page: str, path: str, form: str, press: str, typed: dict[str, Any], sentence: str
) -> None:
    chemical = installation.as_user("ada").post("/labs/curie/chemicals", json={"name": "Salt"}).json()["id"]
    answer = installation.page(page, "ada").submit(path.format(chemical=chemical), form, press=press, **typed)
    assert answer.status_code in (400, 409, 422)
    assert words(answer).count(sentence) == 1


def test_of_a_long_path_the_end_stays() -> None:
    path = "Building of Chemistry › Room 2.14 › Cabinet 1 › Shelf 2"
    assert short_location(path) == "Cabinet 1 › Shelf 2"
    assert narrow_location(path) == "Cabinet 1 › Shelf 2"
    assert narrow_location("Building › Cabinet for flammable liquids, left › Shelf 2") == "Shelf 2"
    assert (short_location(None), narrow_location(None), short_location("Room")) == ("", "", "Room")


def test_the_plot_of_a_chemicals_stock_says_what_it_shows() -> None:
    weeks: list[Any] = [
        {"monday": f"2026-01-{day:02}", "amount": amount, "unit": "g"}
        for day, amount in ((5, "1500"), (12, "500"), (19, "750"))
    ]
    plot = stock_plot(weeks)
    assert plot is not None
    assert plot["spec"]["sets"][0]["data"] == [1.5, 0.5, 0.75]
    assert plot["finding"].endswith("0.75 kg now, at most 1.5 kg, at least 0.5 kg")
    assert stock_plot(weeks[:1]) is None, "one week is no line"
