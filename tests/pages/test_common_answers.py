"""The pages know the API's answers by their types: mypy sees each field that a page reads, if each type is the right one."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from jinja2 import Environment, nodes

import release
from local import page_types

if TYPE_CHECKING:
    pass

PAGES = sorted(path for path in Path("pages").glob("*/*.py") if path.parent.name != "common")
DOCUMENT = page_types.openapi()
ANSWERS = {
    (method, re.sub(r"\{[^}]*\}", "{}", path)): name for (method, path), name in page_types.answers(DOCUMENT).items()
}
METHODS = {"get": "get", "post": "post", "put": "put", "patch": "patch", "delete": "delete", "upload": "post"}


def test_the_types_are_those_of_the_api() -> None:
    """If this fails: python -m local.page_types"""
    assert page_types.FILE.read_text() == page_types.written(DOCUMENT)


def _path(node: ast.expr, names: dict[str, str]) -> str:
    """The path in an expression: `f"/labs/{lab}/chemicals"` gives "/labs/{}/chemicals"; a variable gives the path assigned to it above."""
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.Name(id=name):
            return names.get(name, "{}")
        case ast.JoinedStr(values=parts):
            return "".join(_path(part.value if isinstance(part, ast.FormattedValue) else part, names) for part in parts)
    return "{}"


def _answers_read(tree: ast.Module) -> Iterator[tuple[int, str, str, str | None]]:
    """Each answer that a module reads, as (line, method, path, annotated type). A call whose result is not used is left out."""
    for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
        names: dict[str, str] = {}
        types: dict[str, str] = {}
        said: dict[ast.expr, str | None] = {}
        for node in ast.walk(function):
            match node:
                case ast.Assign(targets=[ast.Name(id=name)], value=ast.JoinedStr() as value):
                    names[name] = _path(value, names)
                case ast.AnnAssign(target=ast.Name(id=name), annotation=kind, value=ast.expr() as value):
                    types[name] = ast.unparse(kind).removesuffix(" | None")
                    said[value.body if isinstance(value, ast.IfExp) else value] = types[name]
                case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call() as value):
                    said[value] = types.get(name)
                case ast.Expr(value=ast.Call() as value):
                    said[value] = "nothing"
        for node in ast.walk(function):
            match node:
                case ast.Call(func=ast.Attribute(value=ast.Name(id="api"), attr=method), args=[first, *_]):
                    if method in METHODS and said.get(node) != "nothing":
                        yield node.lineno, METHODS[method], _path(first, names), said.get(node)


@pytest.mark.parametrize("module", PAGES, ids=str)
def test_each_answer_has_the_type_of_its_route(module: Path) -> None:
    wrong = []
    for line, method, path, kind in _answers_read(ast.parse(module.read_text())):
        if kind != (wanted := f"answers.{ANSWERS.get((method, path))}"):
            wrong.append(f"line {line}: {method} {path} answers {wanted}, not {kind}")
    assert wrong == []


def test_the_pages_read_many_answers() -> None:
    found = [read for module in PAGES for read in _answers_read(ast.parse(module.read_text()))]
    assert len(found) > 70


OF_PYTHON = {name for kind in (str, dict, list, date) for name in dir(kind)}
OF_JINJA = {"first", "last", "index", "index0", "length"}
OF_IMPORTS = {  # fields of summary, outcome and problems, which the OpenAPI document describes as objects with any fields
    *(
        "absent",
        "answers",
        "becomes",
        "by_cells",
        "by_row",
        "changes",
        "date_order",
        "examples",
        "explanation",
        "joined",
        "means",
        "newer",
        "newer_fields",
        "unit_unknown",
        "unit_words",
        "word",
    ),
    *("left_aside", "loaded", "makes", "price_without_currency"),
    *("present", "ready", "says", "severity"),
}


def _names_of_python() -> set[str]:
    """The names in the pages' own code that a template may read: attributes, functions, keywords, keys."""
    found: set[str] = set()
    for module in (path for path in Path("pages").rglob("*.py") if path != page_types.FILE.relative_to(Path.cwd())):
        for node in ast.walk(ast.parse(module.read_text())):
            match node:
                case ast.FunctionDef(name=str(name)) | ast.keyword(arg=str(name)) | ast.Attribute(attr=name):
                    found.add(name)
                case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
                    found.add(name)
                case ast.Dict(keys=keys):
                    found |= {key.value for key in keys if isinstance(key, ast.Constant) and isinstance(key.value, str)}
    return found


def test_templates_read_only_fields_that_are_there() -> None:
    """mypy does not read templates, so this test finds a field there whose name the API no longer has and nothing else has."""
    fields = set(re.findall(r'^ +"?(\w+)"?: ', page_types.FILE.read_text(), re.MULTILINE))
    trees = {path: Environment().parse(path.read_text()) for path in Path("pages").glob("*/templates/**/*.html")}
    macros = {macro.name for tree in trees.values() for macro in tree.find_all(nodes.Macro)}
    known = fields | macros | OF_PYTHON | OF_JINJA | OF_IMPORTS | _names_of_python() | set(vars(release))
    unknown = [
        f"{path}:{node.lineno}: {node.attr}"
        for path, tree in trees.items()
        for node in tree.find_all(nodes.Getattr)
        if node.attr not in known
    ]
    assert unknown == []
