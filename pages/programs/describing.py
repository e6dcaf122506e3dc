"""The OpenAPI document of what is published, narrowed from the API's own, and what the page /api/docs shows of it."""

import json
import shlex
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import requests

from pages.common.api import CONNECT, READ, Client
from pages.common.problems import Problem
from pages.programs.published import PUBLISHED

Document = dict[str, Any]
ANSWERS = {
    "401": "No access token, or one that opens nothing",
    "429": "Too many requests; Retry-After says when to go on",
}
ABOUT = (
    "Chemical inventory of a lab, for programs. An access token is made on the page My account, for chosen labs, to read or to write. "
    "Send it as Authorization: Bearer. Errors are problem details (RFC 9457), with a sentence for each wrong field. A POST with an "
    "Idempotency-Key may be sent again: it acts once. Lists go on with the cursor that `next` gives."
)


@lru_cache(maxsize=1)
def published(client: Client) -> Document:
    """The document of what is published. Raises Problem 503 while the API does not answer; asks it once."""
    try:
        answer = client.session.get(f"{client.url}/openapi.json", timeout=(CONNECT, READ))
        answer.raise_for_status()
        whole: Document = answer.json()
    except (requests.RequestException, ValueError) as error:
        raise Problem(503, "Not available", "ChemTrack does not answer just now.", retry_after=2) from error
    return narrowed(whole)


def narrowed(whole: Document) -> Document:
    """The published operations under their published addresses, with the schemas that they refer to and no others."""
    paths: Document = {}
    for operation in PUBLISHED:
        method, path = operation.split(" ")
        described = whole["paths"]["/labs/{lab}" + path][method.lower()]
        answers = {status: _problem(words) for status, words in ANSWERS.items()}
        described = described | {"security": [{"token": []}], "responses": described["responses"] | answers}
        paths.setdefault("/labs/{lab}" + path, {})[method.lower()] = described
    schemas = whole["components"]["schemas"]
    names: set[str] = set()
    waiting = _references(paths)
    while waiting:
        name = waiting.pop()
        if name not in names:
            names.add(name)
            waiting |= _references(schemas[name])
    return {
        "openapi": whole["openapi"],
        "info": {"title": "ChemTrack", "version": whole["info"]["version"], "description": ABOUT},
        "servers": [{"url": "/api/v1"}],
        "paths": paths,
        "components": {
            "schemas": {name: schemas[name] for name in sorted(names)},
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer", "description": "An access token."}},
        },
    }


def _problem(words: str) -> Document:
    schema = {"$ref": "#/components/schemas/ProblemDetails"}
    return {"description": words, "content": {"application/problem+json": {"schema": schema}}}


def _references(part: Any) -> set[str]:
    """The names of the schemas to which a part of the document refers."""
    if isinstance(part, dict):
        here = {str(part["$ref"]).rsplit("/", 1)[-1]} if isinstance(part.get("$ref"), str) else set()
        return here.union(*map(_references, part.values()))
    return set().union(*map(_references, part)) if isinstance(part, list) else set()


@dataclass(frozen=True)
class Operation:
    """An operation as the page shows it."""

    method: str
    path: str
    about: str
    id: str
    parameters: list[Document]
    body: str
    curl: str
    python: str


def groups(document: Document) -> dict[str, list[Operation]]:
    """The operations by the resource that they belong to."""
    found: dict[str, list[Operation]] = {}
    for path, methods in document["paths"].items():
        for method, described in methods.items():
            found.setdefault(described["tags"][0], []).append(_operation(document, method.upper(), path, described))
    return found


def _operation(document: Document, method: str, path: str, described: Document) -> Operation:
    parameters = [parameter for parameter in described.get("parameters", []) if parameter["in"] != "path"]
    schema = described.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
    body = json.dumps(example_of(schema, document), ensure_ascii=False) if schema else ""
    place = f"/api/v1{path}".replace("{lab}", "curie").replace("{code}", "CT-000001").replace("{cas_number}", "67-64-1")
    for name in ("chemical", "container", "delivery", "stocktake", "movement"):
        place = place.replace(f"{{{name}}}", "1")
    return Operation(
        method=method,
        path=f"/api/v1{path}",
        about=described.get("description") or described.get("summary", ""),
        id=described["operationId"],
        parameters=parameters,
        body=body,
        curl=_curl(method, place, body),
        python=_python(method, place, body),
    )


def _curl(method: str, place: str, body: str) -> str:
    parts = ['curl -H "Authorization: Bearer $TOKEN"']
    if method != "GET":
        parts.append(f"-X {method}")
    if method == "POST":
        parts.append('-H "Idempotency-Key: $(uuidgen)"')
    if body:
        parts.append(f"-H 'Content-Type: application/json' -d {shlex.quote(body)}")
    return " \\\n  ".join([*parts, f'"$CHEMTRACK{place}"'])


def _python(method: str, place: str, body: str) -> str:
    more = f",\n    json={json.loads(body)!r}" if body else ""
    key = ' | {"Idempotency-Key": str(uuid.uuid4())}' if method == "POST" else ""
    return f'requests.{method.lower()}(\n    CHEMTRACK + "{place}",\n    headers={{"Authorization": f"Bearer {{TOKEN}}"}}{key}{more},\n    timeout=30,\n)'


def example_of(schema: Document, document: Document) -> Any:
    """A value that fits the schema, made of the examples in it; fields that may be left out and have no example are left out."""
    if "$ref" in schema:
        return example_of(document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[-1]], document)
    for key in ("example", "default", "const"):
        if key in schema:
            return schema[key]
    for key in ("examples", "enum"):
        if schema.get(key):
            return schema[key][0]
    if choices := schema.get("anyOf") or schema.get("oneOf") or schema.get("allOf"):
        return example_of(choices[0], document)
    kind = schema.get("type")
    if kind == "object":
        required = schema.get("required", [])
        fields = schema.get("properties", {})
        return {
            name: example_of(field, document)
            for name, field in fields.items()
            if name in required or "example" in str(field)
        }
    if kind == "array":
        return [example_of(schema.get("items", {}), document)]
    return {"integer": 1, "number": 1, "boolean": True, "null": None}.get(str(kind), "text")
