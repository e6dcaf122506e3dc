"""Made-up requests of two labs, which Schemathesis generates from the API's OpenAPI document.

For every request: no 500, the answer fits its schema, and Eve never reads a text of curie's.
"""

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.api.test_every_route import MARK, OPERATIONS, Ids, stock
from tests.installation import Installation

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
TRIES = settings(
    max_examples=8, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True, database=None
)


@pytest.fixture(scope="module")
def curies(installation: Installation) -> Ids:
    return stock(installation.as_user("ada"), "curie")


@pytest.mark.parametrize("route", OPERATIONS)
def test_made_up_requests_get_sentences(installation: Installation, curies: Ids, route: str) -> None:
    schema = schemathesis.openapi.from_dict(installation.service.get("/openapi.json").json())
    method, path = route.split(" ", 1)
    operation = schema["/labs/{lab}" + path][method.lower()]

    @TRIES
    @given(case=operation.as_strategy())
    def answers_fit(case: schemathesis.Case[Any]) -> None:
        for who, lab in (("ada", "curie"), ("eve", "hodgkin"), ("eve", "curie")):
            case.path_parameters["lab"] = lab
            headers = dict(installation.as_user(who).headers)
            answer = case.call(base_url=installation.api_url, headers=headers, timeout=20)
            case.validate_response(answer, checks=CHECKS)
            if who == "eve":
                assert MARK.encode() not in answer.content
            if (who, lab) == ("eve", "curie"):
                assert answer.status_code in (404, 422), answer.text

    answers_fit()


def test_each_resource_has_an_example(installation: Installation) -> None:
    """Each example is a request that a reader of the OpenAPI document can copy."""
    spec = installation.service.get("/openapi.json").json()
    text = {name: str(model) for name, model in spec["components"]["schemas"].items()}
    without = []
    for path, methods in spec["paths"].items():
        for method, operation in methods.items():
            body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
            name = body.get("$ref", "").rsplit("/", 1)[-1]
            if name and "example" not in text[name]:
                without.append(f"{method.upper()} {path}: {name}")
    assert without == []


def test_each_schema_has_a_name_of_its_own(installation: Installation) -> None:
    """If two models had one name, OpenAPI would name them after their modules, such as api__resources__moves__Moved."""
    spec = installation.service.get("/openapi.json").json()
    assert [name for name in spec["components"]["schemas"] if "__" in name] == []
