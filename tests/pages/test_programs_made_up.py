"""Made-up requests of programs of two labs, which Schemathesis generates from the published document.

For every request: no 500, the answer fits its schema, and no program of hodgkin ever reads a text of curie's.
"""

from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import given

from pages.programs.published import PUBLISHED
from tests.api.test_every_route import MARK, Ids, stock
from tests.api.test_openapi import CHECKS, TRIES
from tests.installation import Client, Installation
from tests.pages.test_programs import Program
from tests.pages.test_programs import ada as ada  # fixtures
from tests.pages.test_programs import address as address
from tests.pages.test_programs import eves as eves
from tests.pages.test_programs import writer as writer


@pytest.fixture(scope="module")
def curies(ada: Client) -> Ids:
    return stock(ada, "curie")


@pytest.fixture(scope="module")
def document(address: str) -> dict[str, Any]:
    return dict(requests.get(f"{address}/api/v1/openapi.json", timeout=20).json())


@pytest.mark.parametrize("route", PUBLISHED)
def test_made_up_requests_of_programs_get_sentences(
    installation: Installation,
    address: str,
    document: dict[str, Any],
    curies: Ids,
    writer: Program,
    eves: Program,
    route: str,
) -> None:
    method, path = route.split(" ", 1)
    operation = schemathesis.openapi.from_dict(document)["/labs/{lab}" + path][method.lower()]

    @TRIES
    @given(case=operation.as_strategy())
    def answers_fit(case: schemathesis.Case[Any]) -> None:
        for program, lab in ((writer, "curie"), (eves, "hodgkin"), (eves, "curie")):
            case.path_parameters["lab"] = lab
            case.headers.pop("X-Forwarded-For", None)
            answer = case.call(base_url=f"{address}/api/v1", headers=dict(program.headers), timeout=20)
            case.validate_response(answer, checks=CHECKS)
            if program is eves:
                assert MARK.encode() not in answer.content
            if (program, lab) == (eves, "curie"):
                assert answer.status_code in (404, 405, 422), answer.text

    answers_fit()


@pytest.mark.parametrize("route", PUBLISHED)
def test_made_up_requests_without_a_token_get_nothing(address: str, document: dict[str, Any], route: str) -> None:
    method, path = route.split(" ", 1)
    operation = schemathesis.openapi.from_dict(document)["/labs/{lab}" + path][method.lower()]

    @TRIES
    @given(case=operation.as_strategy())
    def nothing(case: schemathesis.Case[Any]) -> None:
        case.path_parameters["lab"] = "curie"
        case.headers.pop("Authorization", None)
        answer = case.call(base_url=f"{address}/api/v1", timeout=20)
        assert answer.status_code in (401, 404, 405), answer.text
        assert MARK.encode() not in answer.content

    nothing()
