"""The optional stack sessions: DynamoDB keeps the web sessions, the cookie only an id."""

import base64
import importlib
import json
import re
import time
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from flask import Flask

from tests.aws.templates import Stack
from tests.installation import PASSWORD, Installation, PageClient

TABLE = Stack("sessions")["Table"]
HOURS = 3600


@pytest.fixture(scope="module")
def dynamodb(aws: str) -> Any:
    """moto's DynamoDB with the table that the template describes."""
    client: Any = boto3.client("dynamodb")
    create = ("TableName", "BillingMode", "AttributeDefinitions", "KeySchema")
    client.create_table(**{name: TABLE[name] for name in create})
    client.update_time_to_live(TableName=TABLE["TableName"], TimeToLiveSpecification=TABLE["TimeToLiveSpecification"])
    return client


@pytest.fixture(scope="module")
def page(installation: Installation, dynamodb: Any) -> Flask:
    """The login page, told to keep sessions in that table."""
    settings = importlib.import_module("pages.common.config").PageSettings(
        api_url=installation.api_url,
        service_token=installation.service_token,
        cookie_key=installation.cookie_key,
        cookie_secure=False,
        sessions_table=TABLE["TableName"],
    )
    app: Flask = importlib.import_module("pages.login.page").create_app(settings)
    app.testing = True
    app.test_client_class = PageClient
    return app


@pytest.fixture
def browser(page: Flask, dynamodb: Any) -> Iterator[PageClient]:
    """A browser that has never been here, and an empty table afterwards."""
    client = page.test_client()
    assert isinstance(client, PageClient)
    yield client
    for item in items(dynamodb):
        dynamodb.delete_item(TableName=TABLE["TableName"], Key={"id": item["id"]})


def items(dynamodb: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = dynamodb.scan(TableName=TABLE["TableName"])["Items"]
    return found


def sign_in(browser: PageClient) -> str:
    """Sign Ada in; gives her cookie."""
    answer = browser.submit("/login", "form:has([name=password])", follow=False, username="ada", password=PASSWORD)
    assert answer.status_code in (302, 303)
    return cookie(browser)


def cookie(browser: PageClient) -> str:
    held = browser.get_cookie("chemtrack")
    assert held
    return held.value


def test_the_cookie_holds_only_an_id(browser: PageClient, dynamodb: Any) -> None:
    assert len(base64.urlsafe_b64decode(sign_in(browser) + "==")) == 32
    [item] = items(dynamodb)
    assert "Ada Lind" in item["val"]["S"]
    assert cookie(browser) not in json.dumps(item)
    assert "Ada Lind" in browser.get("/account").text


def test_a_session_carries_its_end_where_dynamodb_looks_for_it(browser: PageClient, dynamodb: Any) -> None:
    sign_in(browser)
    said = dynamodb.describe_time_to_live(TableName=TABLE["TableName"])["TimeToLiveDescription"]
    assert said["TimeToLiveStatus"] == "ENABLED"
    [item] = items(dynamodb)
    seconds = item[said["AttributeName"]]["N"]  # a number; DynamoDB never deletes by anything else
    assert seconds.isdigit(), "DynamoDB reads whole seconds since 1970"
    assert abs(int(seconds) - (time.time() + 12 * HOURS)) < 60


def test_a_session_past_its_end_counts_as_none_although_dynamodb_still_has_it(
    browser: PageClient, dynamodb: Any
) -> None:
    sign_in(browser)
    [item] = items(dynamodb)
    item["expiry"] = {"N": str(int(time.time()) - 1)}
    dynamodb.put_item(TableName=TABLE["TableName"], Item=item)
    assert browser.get("/account").status_code == 302


def test_signing_out_leaves_nothing_of_ada_in_the_table(browser: PageClient, dynamodb: Any) -> None:
    sign_in(browser)
    browser.submit("/logout", "form[action='/logout']")
    assert not re.search(r"\bada\b", json.dumps(items(dynamodb)))  # random signs may hold the letters by chance


def test_an_id_that_was_planted_before_sign_in_opens_nothing(browser: PageClient, page: Flask) -> None:
    browser.get("/login")
    planted = cookie(browser)
    assert sign_in(browser) != planted
    thief = page.test_client()
    thief.set_cookie("chemtrack", planted)
    assert thief.get("/account").status_code == 302


@pytest.mark.parametrize("value", ["x", "é" * 40, "a" * 3900, "../../etc", "%00", '{"login": 1}'])
def test_a_cookie_that_is_none_of_ours_is_nobody(browser: PageClient, value: str) -> None:
    browser.set_cookie("chemtrack", value)
    assert browser.get("/account").status_code == 302


def test_without_the_table_the_cookie_holds_the_session(installation: Installation, dynamodb: Any) -> None:
    assert len(installation.cookie("ada")) > 100
    assert items(dynamodb) == []
