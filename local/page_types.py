"""Writes pages/common/answers.py, the API's answers as types for the pages: python -m local.page_types

Run it after a model in api/ changed. A page that reads a field which is gone, or which may be null now, then fails mypy;
tests/pages/test_common_answers.py fails while the file is older than the API.
"""

import warnings
from keyword import iskeyword
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from pydantic.warnings import UnsupportedFieldAttributeWarning

from api.app import ROUTERS

FILE = Path(__file__).parents[1] / "pages/common/answers.py"
HEAD = '''"""What the API answers, as types. Written by `python -m local.page_types` from the API's OpenAPI: do not edit.

    labs: answers.Labs = api.get("/labs")

The types are for mypy and editors only: nothing is checked or converted when a page runs. Decimals and dates are texts.
"""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypedDict
'''
PLAIN = {"string": "str", "integer": "int", "number": "float", "boolean": "bool", "null": "None"}
Schema = dict[str, Any]


def openapi() -> Schema:
    """The OpenAPI document of all resources."""
    app = FastAPI(title="ChemTrack", version="1")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UnsupportedFieldAttributeWarning)  # as api/app.py says
        for router in ROUTERS:
            app.include_router(router)
        return app.openapi()


def answers(document: Schema) -> dict[tuple[str, str], str]:
    """The name of what each route answers with: {("get", "/labs/{lab}/chemicals"): "ChemicalList"}; no entry where none is."""
    found = {}
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            for status, response in operation["responses"].items():
                schema = response.get("content", {}).get("application/json", {}).get("schema", {})
                if status.startswith("2") and (references := _references(schema)):
                    found[method, path] = _name(references[0])  # the only schema, perhaps with null as an alternative
    return found


def written(document: Schema) -> str:
    """The text of pages/common/answers.py: a TypedDict for each schema that an answer is made of."""
    schemas = document["components"]["schemas"]
    wanted, waiting = set(), list(answers(document).values())
    while waiting:
        if (name := waiting.pop()) not in wanted:
            wanted.add(name)
            waiting += [_name(reference) for reference in _references(schemas[name])]
    return HEAD + "".join(_class(name, schemas[name]) for name in sorted(wanted))


def _class(name: str, schema: Schema) -> str:
    """A TypedDict as a class; by a call where a field is called like a word of Python, such as `import`."""
    fields = {field: _type(its) for field, its in schema["properties"].items()}
    required = schema.get("required", ())
    kinds = {field: kind if field in required else f"NotRequired[{kind}]" for field, kind in fields.items()}
    if any(map(iskeyword, kinds)):
        lines = [f'        "{field}": {_quoted(kind)},' for field, kind in kinds.items()]
        return "\n".join([f'\n\n{name} = TypedDict(\n    "{name}",\n    {{', *lines, "    },\n)\n"])
    return (
        "\n".join([f"\n\nclass {name}(TypedDict):", *(f"    {field}: {kind}" for field, kind in kinds.items())]) + "\n"
    )


def _type(schema: Schema) -> str:
    """A schema as Python writes its type: `list[int] | None`."""
    if "$ref" in schema:
        return _name(schema["$ref"])
    if "anyOf" in schema:
        return " | ".join(dict.fromkeys(_type(option) for option in schema["anyOf"]))
    if "enum" in schema or "const" in schema:
        choices = schema.get("enum") or [schema["const"]]
        return f"Literal[{', '.join(map(_quoted, choices))}]"
    match schema.get("type"):
        case None:
            return "Any"
        case "array":
            return f"list[{_type(schema['items'])}]"
        case "object":
            values = schema.get("additionalProperties", True)
            return f"dict[str, {_type(values) if isinstance(values, dict) else 'Any'}]"
        case kind:
            return PLAIN[kind]


def _references(schema: Any) -> list[str]:
    """All names of other schemas in a schema, at any depth."""
    if isinstance(schema, dict):
        own = [schema["$ref"]] if "$ref" in schema else []
        return own + [found for value in schema.values() for found in _references(value)]
    return [found for value in schema for found in _references(value)] if isinstance(schema, list) else []


def _quoted(choice: str) -> str:
    return f'"{choice}"'


def _name(reference: str) -> str:
    return reference.rsplit("/", 1)[-1]


if __name__ == "__main__":
    FILE.write_text(written(openapi()), encoding="utf-8")
