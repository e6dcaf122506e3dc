"""No regular expression takes work like the square of a text's length: each one in the API, the pages and the SQL is found and tried.

Patterns are read from the code, so a new one is tried without being named here. One that is made while a request runs cannot be
read: it has its case in MADE_ON_THE_WAY.
"""

import ast
import importlib
import re
import time
from collections.abc import Callable, Iterator

import psycopg
import pytest

from api.chemistry import hazards
from api.chemistry.properties import PROPERTIES, ShortText
from tests.conftest import ROOT
from tests.installation import Installation

RUNS = (" ", "a", "1", ",", ".", "-", "(", "H", "1,", "1 ", "a ", "H2 ", "C2", "/", " /", "\n", "'", "CAS ", "no-", "0.", "[", "+", " + ", "_",
        "*", "oe", "\u0301", "0", "LOC-0", "http://a/c/", "lines-1")  # fmt: skip
SHORT, LONG = 750, 3000
NOT_JUDGED = 0.004  # seconds: shorter times are too uncertain to be compared
MADE_ON_THE_WAY: dict[str, Callable[[str], object]] = {
    # A pattern made of a text that was cut to 200 characters; it is matched against codes.
    "api/chemistry/hazards.py: re.escape(folded) + '[a-z]{0,2}'": lambda text: [
        re.fullmatch(re.escape(text[:200]) + "[a-z]{0,2}", code) for code in ("h300", "h301")
    ],
    "api/chemistry/properties.py: self.form": lambda text: [
        one.fits(text) for one in PROPERTIES if isinstance(one, ShortText)
    ],
    # Patterns that are made when the module is read, of the words of a table.
    "api/chemistry/hazards.py: f'(?:{words})(?: (?:liquid|solid|gas|material|substance)s?)?'": lambda text: [
        pattern.fullmatch(text) for _, pattern in hazards._WORD_PATTERNS
    ],
}
METHODS = ("compile", "search", "match", "fullmatch", "sub", "subn", "split", "findall", "finditer")


def in_python() -> Iterator[tuple[str, str, ast.expr, ast.expr | None, str]]:
    """Each call of the module re: file, method, the pattern's and the flags' expressions, and the pattern as it is written.

    The methods of a compiled pattern are those by which its file uses its name. Cells of spreadsheets are read in a process of their
    own, by functions that tests/api/test_long_texts.py tries as a whole.
    """
    for file in sorted([*ROOT.glob("api/**/*.py"), *ROOT.glob("pages/[!n]*/**/*.py"), *ROOT.glob("pages/*.py")]):
        name = str(file.relative_to(ROOT))
        if name.startswith("api/spreadsheets/"):
            continue
        tree = ast.parse(file.read_text())
        names = {
            id(node.value): ast.unparse(node.targets[0]) for node in ast.walk(tree) if isinstance(node, ast.Assign)
        }
        for node in ast.walk(tree):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in METHODS):
                continue
            if not (isinstance(node.func.value, ast.Name) and node.func.value.id == "re"):
                continue
            flags = [word.value for word in node.keywords if word.arg == "flags"]
            place = {"compile": 1, "sub": 4, "subn": 4, "split": 3}.get(node.func.attr, 2)
            flags += node.args[place : place + 1]
            used = {node.func.attr}
            if node.func.attr == "compile":
                named = names.get(id(node), "")
                used = set(re.findall(rf"\b{named}\.(\w+)\(", file.read_text())) if named else {"search"}
                used = used or {"search"}
            for method in sorted({"fullmatch" if method in ("match", "fullmatch") else "search" for method in used}):
                yield name, method, node.args[0], next(iter(flags), None), ast.unparse(node.args[0])


def evaluated(file: str, expression: ast.expr | None) -> object:
    """The value of an expression in its module. Raises NameError if it depends on the arguments of a function."""
    if expression is None:
        return 0
    module = importlib.import_module(file.removesuffix(".py").replace("/", "."))
    return eval(compile(ast.Expression(expression), file, "eval"), vars(module) | {"re": re})


def python_patterns() -> Iterator[tuple[str, Callable[[str], object] | None]]:
    for file, method, pattern, flags, written in in_python():
        try:
            found = re.compile(str(evaluated(file, pattern)), evaluated(file, flags))  # type: ignore[call-overload]
        except NameError:
            found = None
        name = f"{file}: {written}"
        if found is None:
            yield name, None
        elif method == "fullmatch":
            yield name, found.fullmatch
        else:
            yield f"{name}, anywhere", found.findall


def seconds(act: Callable[[str], object], text: str) -> float:
    start = time.process_time()
    act(text)
    return time.process_time() - start


def runs_that_take_too_long(seconds_of: Callable[[str], float]) -> list[str]:
    """Texts, each a repeated run of signs, for which four times the length takes more than ten times as long."""

    def shortest(text: str) -> float:  # other programs on this machine can only make a time longer
        return min(seconds_of(text) for _ in range(3))

    found = []
    for run in RUNS:
        for ending in ("", "!"):
            long, short = (run * (length // len(run)) + ending for length in (LONG, SHORT))
            if seconds_of(long) > NOT_JUDGED and shortest(long) > max(NOT_JUDGED, 10 * shortest(short)):
                found.append(run)
    return found


PYTHON = dict(python_patterns())


@pytest.mark.parametrize("written", PYTHON)
def test_a_pattern_of_the_code_takes_work_like_the_length_of_its_text(written: str) -> None:
    act = PYTHON[written] or MADE_ON_THE_WAY[written]
    assert runs_that_take_too_long(lambda text: seconds(act, text)) == []


def test_no_pattern_is_hidden_from_this_test() -> None:
    """Patterns are found by the module's name `re`, so no file may import its functions or give it another name."""
    for file in [*ROOT.glob("api/**/*.py"), *ROOT.glob("pages/[!n]*/**/*.py")]:
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.ImportFrom):
                assert node.module != "re", file
            if isinstance(node, ast.Import):
                assert all(name.asname is None for name in node.names if name.name == "re"), file
    assert {written for written, pattern in PYTHON.items() if pattern is None} == set(MADE_ON_THE_WAY)


LITERAL = r"E?'((?:[^']|'')+)'"
COMPARED = re.compile(rf"(?:!?~\*?|\bfrom)\s+{LITERAL}")
CALLED = re.compile(r"regexp_\w+\(")


def sql_patterns() -> set[str]:
    """The texts of all regular expressions in sql/ and in the SQL of the API. Other texts among a call's arguments are included."""
    found: set[str] = set()
    for file in [*ROOT.glob("sql/**/*.sql"), *ROOT.glob("api/**/*.py")]:
        if {"reference", "seed", "tests"} & set(file.relative_to(ROOT).parts):
            continue
        text = file.read_text()
        found |= {literal.replace("''", "'") for literal in COMPARED.findall(text)}
        for call in CALLED.finditer(text):
            arguments = text[call.end() : call.end() + 300].split(";")[0]
            found |= {literal.replace("''", "'") for literal in re.findall(LITERAL, arguments)}
    return found


def test_the_patterns_of_the_sql_are_found() -> None:
    assert {r"\s+", "sulp\\M", "^https?://([^/]+)/c/([^/]+)/([^/?#]+)$", "[[:cntrl:]]"} <= sql_patterns()


def test_a_pattern_of_the_sql_takes_work_like_the_length_of_its_text(installation: Installation) -> None:
    with psycopg.connect(installation.dsn(), autocommit=True) as connection:
        connection.execute(
            """CREATE FUNCTION pg_temp.seconds(pattern text, typed text) RETURNS float LANGUAGE plpgsql AS $$
               DECLARE start timestamptz := clock_timestamp();
               BEGIN
                 PERFORM regexp_replace(typed, pattern, '', 'g');
                 RETURN extract(epoch FROM clock_timestamp() - start);
               END $$"""
        )

        def slow(pattern: str) -> list[str]:
            def seconds_of(text: str) -> float:
                [(took,)] = connection.execute("SELECT pg_temp.seconds(%s, %s)", [pattern, text]).fetchall()
                return float(took)

            try:
                return runs_that_take_too_long(seconds_of)
            except psycopg.errors.InvalidRegularExpression:
                return []  # another argument of the call

        assert {pattern: runs for pattern in sorted(sql_patterns()) if (runs := slow(pattern))} == {}


def test_the_measure_sees_a_pattern_that_is_quadratic() -> None:
    pattern = re.compile(r"\s*;")
    assert " " in runs_that_take_too_long(lambda text: seconds(pattern.findall, text))
