"""SQL is composed of fixed fragments only: every text that is put into a statement comes from a literal or a module's constant, never
from a request. Values are sent beside the statement, as parameters.

The test reads the source code instead of running it. A function that takes or returns SQL is annotated with `LiteralString`; the
arguments of each call and the returned expressions are checked in turn.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SQL = re.compile(r"\b(SELECT|INSERT INTO|DELETE FROM|FROM|WHERE|ORDER BY|JOIN|LIMIT|VALUES|AND|IN \()")
FIXED = re.compile(r"_?[A-Z][A-Z0-9_]*")
Function = ast.FunctionDef | ast.AsyncFunctionDef


def text_of(node: ast.AST) -> str:
    """All literal text inside an expression."""
    return " ".join(
        part.value for part in ast.walk(node) if isinstance(part, ast.Constant) and isinstance(part.value, str)
    )


def is_sql_type(annotation: ast.expr | None) -> bool:
    return annotation is not None and re.search("LiteralString|Statement$", ast.unparse(annotation)) is not None


class Source:
    """The functions and constants of some modules, and the faults of the SQL that they compose."""

    def __init__(self, modules: dict[str, str]) -> None:
        self.trees = {name: ast.parse(text) for name, text in modules.items()}
        everything = [node for tree in self.trees.values() for node in ast.walk(tree)]
        self.functions: dict[str, list[Function]] = {}
        for node in everything:
            if isinstance(node, Function):
                self.functions.setdefault(node.name, []).append(node)
        self.fields = {  # class name → the fields of the class that hold SQL
            node.name: [part for part in node.body if isinstance(part, ast.AnnAssign)]
            for node in everything
            if isinstance(node, ast.ClassDef)
            and any(is_sql_type(getattr(part, "annotation", None)) for part in node.body)
        }
        self.sql_fields = {
            part.target.id
            for fields in self.fields.values()
            for part in fields
            if isinstance(part.target, ast.Name) and is_sql_type(part.annotation)
        }
        self.constants = {
            target.id
            for node in everything
            if isinstance(node, ast.Assign | ast.AnnAssign) and node.value and SQL.search(text_of(node.value))
            for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
            if isinstance(target, ast.Name) and FIXED.fullmatch(target.id)
        }

    def faults(self) -> Iterator[str]:
        """Each expression that is put into SQL and is not known to be fixed: module, line, what it is."""
        for name, tree in self.trees.items():
            for scope in [tree, *(node for node in ast.walk(tree) if isinstance(node, Function))]:
                for node in inside(scope):
                    for put_in in self.put_into_sql(node, scope):
                        if not self.is_fixed(put_in, scope, set()):
                            yield f"{name}:{put_in.lineno}: {ast.unparse(put_in)}"

    def put_into_sql(self, node: ast.AST, scope: ast.AST) -> list[ast.expr]:
        """The expressions that a node puts into SQL, passes to a function as SQL, or returns from a function as SQL."""
        if isinstance(node, ast.JoinedStr) and SQL.search(text_of(node)):
            return [part.value for part in node.values if isinstance(part, ast.FormattedValue)]
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add) and self.is_sql(node):
            return [node.left, node.right]
        if isinstance(node, ast.Return) and node.value and isinstance(scope, Function) and is_sql_type(scope.returns):
            # The last element of a tuple holds the parameters.
            return node.value.elts[:-1] if isinstance(node.value, ast.Tuple) else [node.value]
        if not isinstance(node, ast.Call):
            return []
        arguments = [*node.args, *(keyword.value for keyword in node.keywords)]
        if isinstance(node.func, ast.Attribute):
            if node.func.attr == "format" and self.is_sql(node.func.value):
                return [node.func.value, *arguments]
            if node.func.attr in ("join", "replace") and self.is_sql(node.func.value):
                return arguments
        return [
            argument
            for function in self.called(node)
            for annotation, argument in bound(function, node)
            if is_sql_type(annotation)
        ] + [
            argument
            for field, argument in zip(self.fields.get(name_of(node), []), node.args, strict=False)
            if is_sql_type(field.annotation)
        ]

    def called(self, call: ast.Call) -> list[Function]:
        """The functions that have the name that is called."""
        return self.functions.get(name_of(call), [])

    def is_sql(self, node: ast.expr) -> bool:
        """Whether the text of an expression, or of a constant in it, is SQL."""
        named = {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}
        return bool(SQL.search(text_of(node)) or named & self.constants)

    def is_fixed(self, node: ast.AST | None, scope: ast.AST, seen: set[str]) -> bool:
        """Whether an expression is made of literals and constants alone, whatever a request says."""

        def fixed(*nodes: ast.AST | None) -> bool:
            return all(self.is_fixed(part, scope, seen) for part in nodes)

        match node:
            case ast.Constant():
                return True
            case ast.Name(id=name):
                return bool(FIXED.fullmatch(name)) or self.variable_is_fixed(name, scope, seen)
            case ast.Attribute(value=ast.Name(id=of)) if of != "self" and fixed(node.value):
                return True  # a part of a constant
            case ast.Attribute(attr=name):  # the names of a model's fields stand in the source
                gives = any(is_sql_type(function.returns) for function in self.functions.get(name, []))
                return bool(FIXED.fullmatch(name)) or gives or name in self.sql_fields or name == "model_fields"
            case ast.Subscript(value=value) | ast.Starred(value=value) | ast.FormattedValue(value=value):
                return fixed(value)
            case ast.JoinedStr(values=parts) | ast.List(elts=parts) | ast.Tuple(elts=parts) | ast.BoolOp(values=parts):
                return fixed(*parts)
            case ast.BinOp(op=ast.Add() | ast.Sub(), right=ast.Constant(value=int())):
                return True  # a number
            case ast.BinOp(op=ast.Add(), left=left, right=right):
                return fixed(left, right)
            case ast.IfExp(body=body, orelse=other):
                return fixed(body, other)
            case ast.ListComp(elt=element) | ast.GeneratorExp(elt=element) | ast.DictComp(key=element):
                return fixed(element)  # looping over a mapping gives its keys
            case ast.Call(func=ast.Attribute(attr="format" | "join" | "replace" | "get" | "lstrip", value=of)):
                return fixed(of, *node.args, *(k.value for k in node.keywords)) or (
                    node.func.attr == "get" and fixed(of, *node.args[1:])  # type: ignore[attr-defined]
                )
            case ast.Call(func=ast.Attribute(attr="items" | "values", value=of)):
                return fixed(of)
            case ast.Call():
                called = self.called(node)
                return bool(called) and all(is_sql_type(function.returns) for function in called)
        return False

    def variable_is_fixed(self, name: str, scope: ast.AST, seen: set[str]) -> bool:
        """Whether every value that the function assigns to a variable is fixed."""
        if name in seen:
            return True
        seen = seen | {name}
        given: list[ast.AST | None] = []
        if isinstance(scope, Function):
            for parameter in [*scope.args.args, *scope.args.kwonlyargs]:
                if parameter.arg == name:
                    return (
                        is_sql_type(parameter.annotation)
                        or ast.unparse(parameter.annotation or ast.Constant("")) == "int"
                    )
        for node in inside(scope):
            match node:
                case ast.Assign(targets=targets, value=value) if any(name in names(target) for target in targets):
                    given.append(paired(targets[0], value, name))
                case ast.AnnAssign(target=ast.Name(id=one), value=ast.expr() as value) if one == name:
                    given.append(value)
                case ast.AugAssign(target=ast.Name(id=one), value=value) if one == name:
                    given.append(value)
                case ast.For(target=target, iter=over) | ast.comprehension(target=target, iter=over) if name in names(
                    target
                ):
                    given.append(paired(target, over, name))
                case ast.Call(func=ast.Attribute(attr="append", value=ast.Name(id=one)), args=[value]) if one == name:
                    given.append(value)
        return bool(given) and all(self.is_fixed(value, scope, seen) for value in given)


def name_of(call: ast.Call) -> str:
    if isinstance(call.func, ast.Attribute):
        return "" if ast.unparse(call.func.value) == "subprocess" else call.func.attr
    return getattr(call.func, "id", "")


def bound(function: Function, call: ast.Call) -> list[tuple[ast.expr | None, ast.expr]]:
    """The arguments of a call, each with the annotation of the parameter that it is for."""
    positional = [parameter for parameter in function.args.args if parameter.arg not in ("self", "cls")]
    by_name = {parameter.arg: parameter.annotation for parameter in [*positional, *function.args.kwonlyargs]}
    pairs = [(parameter.annotation, argument) for parameter, argument in zip(positional, call.args, strict=False)]
    return pairs + [(by_name[part.arg], part.value) for part in call.keywords if part.arg in by_name]


def inside(scope: ast.AST) -> Iterator[ast.AST]:
    """The nodes of a scope, without those of functions inside it."""
    for child in ast.iter_child_nodes(scope):
        if not isinstance(child, Function):
            yield child
            yield from inside(child)


def names(target: ast.AST) -> set[str]:
    """The variables that get a value: of `found[name] = sql` it is `found`, not `name`."""
    match target:
        case ast.Name(id=name):
            return {name}
        case ast.Subscript(value=value) | ast.Starred(value=value):
            return names(value)
        case ast.Tuple(elts=parts) | ast.List(elts=parts):
            return {name for part in parts for name in names(part)}
    return set()


def paired(target: ast.AST, value: ast.AST, name: str) -> ast.AST:
    """The expression that a name gets in `a, b = x, y` or `for a, b in [(x, y), …]`; the whole value if that cannot be told."""
    if isinstance(target, ast.Tuple):
        place = next(number for number, part in enumerate(target.elts) if name in names(part))
        width = len(target.elts)
        if isinstance(value, ast.Call) and name_of(value) == "enumerate":
            return value.args[0] if place else ast.Constant(0)
        if isinstance(value, ast.Tuple | ast.List):
            rows = [part.elts for part in value.elts if isinstance(part, ast.Tuple) and len(part.elts) == width]
            if len(rows) == len(value.elts):
                return ast.List(elts=[row[place] for row in rows])
            if len(value.elts) == width:
                return value.elts[place]
    return value


def test_no_statement_of_the_api_holds_text_of_a_request() -> None:
    modules = {str(path.relative_to(ROOT)): path.read_text() for path in (ROOT / "api").rglob("*.py")}
    assert list(Source(modules).faults()) == []


UNSAFE = {
    "f-string": "def find(name: str): return f\"SELECT id FROM t WHERE name = '{name}'\"",
    "format": 'FIND = "SELECT id FROM t WHERE {where}"\ndef find(asked): return FIND.format(where=asked.where)',
    "sum": 'FIND = "SELECT id FROM t"\ndef find(order: str): return FIND + " ORDER BY " + order',
    "join": 'def find(names): return "SELECT id FROM t WHERE " + " AND ".join(names)',
    "variable": 'def find(asked):\n    part = "true"\n    part += asked.more\n    return f"SELECT id FROM t WHERE {part}"',
    "append": 'def find(asked):\n    parts = []\n    parts.append(asked.q)\n    return f"SELECT id FROM t WHERE {parts}"',
    "argument": "from typing import LiteralString\ndef a(b: LiteralString): ...\ndef c(asked): a(asked.sort)",
    "answer": "from typing import LiteralString\ndef a(asked) -> LiteralString: return asked.sort",
    "class": "from typing import LiteralString\nclass A:\n    b: LiteralString\ndef c(asked): A(asked.sort)",
    "element": 'def find(asked):\n    parts = []\n    parts[0] = asked.q\n    return f"SELECT id FROM t WHERE {parts}"',
    "loop": 'def find(asked):\n    for name in asked:\n        yield f"SELECT {name} FROM t"',
}


@pytest.mark.parametrize("code", UNSAFE.values(), ids=UNSAFE)
def test_text_of_a_request_is_noticed(code: str) -> None:
    assert list(Source({"module": code}).faults()) != []


SAFE = {
    "constant": 'T = "t"\nFIND = f"SELECT id FROM {T}"',
    "choice": 'SORTS = {"a": "x", "b": "y"}\ndef find(asked): return f"SELECT id FROM t ORDER BY {SORTS[asked.sort]}"',
    "condition": "def find(asked): return f\"SELECT id FROM t ORDER BY id {'DESC' if asked.back else 'ASC'}\"",
    "number": 'def find(limit: int): return f"SELECT id FROM t LIMIT {limit}"',
}


@pytest.mark.parametrize("code", SAFE.values(), ids=SAFE)
def test_fixed_text_is_let_through(code: str) -> None:
    assert list(Source({"module": code}).faults()) == []
