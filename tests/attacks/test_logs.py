"""What ChemTrack and its database log: lines of JSON with the request's number, and nothing that was secret."""

import hashlib
import json
import logging
import re
import sys
import uuid
from pathlib import Path

import pytest
import requests
from bs4 import BeautifulSoup

from logs import JsonLines, request_number
from tests.faults.services import DURABLE, Database, running
from tests.installation import Client, fields_of

PASSWORD = "a password of everybody here"
SECRETS = {
    "wrong password": "hunter2-hunter2",
    "search": "zirconocene-dichloride",
    "purpose": "for the patent nobody may know of",
    "note": "kept behind the false wall",
    "barcode": "XQ-998877",
    "name of nobody": "tr0ub4dor-in-the-wrong-field",
}


def test_a_strangers_text_makes_no_line_of_its_own() -> None:
    told = logging.LogRecord(
        "chemtrack.api", logging.INFO, "", 0, "a%s", ('\n{"level": "info"}\r\x1b[2J\u2028b',), None
    )
    line = JsonLines().format(told)
    assert len(line.splitlines()) == 1
    assert line.isascii()
    assert json.loads(line)["message"].startswith("a\n")


def test_an_error_says_where_it_came_from_and_not_what_it_says() -> None:
    try:
        raise ValueError("the user's own words")
    except ValueError:
        record = logging.LogRecord("chemtrack.api", logging.ERROR, "", 0, "unexpected fault", (), sys.exc_info())
    token = request_number.set("0123-4567")
    line = json.loads(JsonLines().format(record))
    request_number.reset(token)
    assert (line["error"], line["request"]) == ("ValueError", "0123-4567")
    assert "test_logs.py" in line["where"][0]
    assert "own words" not in json.dumps(line)


@pytest.fixture
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("logs")
    folder.chmod(0o755)
    return folder


def test_no_log_of_a_whole_run_holds_what_was_secret(kept: Path) -> None:
    """Services as processes, each statement of the database logged: signing in, searching, taking, faults and all."""
    database = Database(kept, DURABLE | {"log_min_duration_statement": "0"})
    with running(kept, database, ["ada", "root"], PASSWORD) as chemtrack:
        browser = requests.Session()
        form = fields_of(BeautifulSoup(browser.get(f"{chemtrack.gateway.url}/login").text, "html.parser").select_one("form:has([name=password])"))  # type: ignore[arg-type]  # fmt: skip
        for username, password, status in (
            (SECRETS["name of nobody"], SECRETS["wrong password"], 401),
            ("ada", SECRETS["wrong password"], 401),
            ("ada", PASSWORD, 302),
        ):
            answer = browser.post(
                f"{chemtrack.gateway.url}/login",
                data={**form, "username": username, "password": password},
                headers={"X-Request-Id": "dead-beef", "User-Agent": 'x\n{"level":"error"}'.replace("\n", " ")},
                allow_redirects=False,
            )
            assert answer.status_code == status, answer.text
        cookie = browser.cookies["chemtrack"]
        browser.get(f"{chemtrack.gateway.url}/checkout/curie", params={"scan": SECRETS["barcode"]})
        browser.get(f"{chemtrack.gateway.url}/checkout/curie/{SECRETS['search']}")

        api = Client(chemtrack.api.url, chemtrack.service_token)
        token = api.post("/sessions", json={"username": "ada", "password": PASSWORD}).json()["token"]
        api.headers["Authorization"] = f"Bearer {token}"
        api.get("/labs/curie/chemicals", params={"q": SECRETS["search"]})
        api.get(f"/labs/curie/containers/by-barcode/{SECRETS['barcode']}")
        chemical = api.post("/labs/curie/chemicals", json={"name": "Salt", "notes": SECRETS["note"]})
        assert chemical.status_code == 201, chemical.text
        line = {
            "chemical_id": chemical.json()["id"],
            "count": 1,
            "amount": "5",
            "unit": "g",
            "barcodes": [SECRETS["barcode"]],
        }
        [container] = api.post("/labs/curie/deliveries", json={"lines": [line]}).json()["containers"]
        for amount in ("1", "99"):  # the second is refused by the database, with DETAIL
            api.post(
                "/labs/curie/check-outs",
                json={
                    "purpose": SECRETS["purpose"],
                    "lines": [{"container_id": container["id"], "amount": amount, "unit": "g"}],
                },
                headers={"Idempotency-Key": str(uuid.uuid4())},
            )
        api.post("/labs/curie/deliveries", json={"lines": [line]})  # refused: the barcode is taken
        api.get("/labs/curie/chemicals", headers={"X-Request-Id": 'x"}, {"level": "error'})

    lines: dict[str, list[dict[str, object]]] = {}
    for name in ("api", "login", "checkout", "gateway"):
        text = (kept / f"{name}.log").read_text()
        lines[name] = [json.loads(line) for line in text.splitlines()]
        assert lines[name], f"{name} logged nothing, so nothing was looked at"
        assert "\\u001b" not in text

    everything = chemtrack.logs()
    assert "enter_session" in everything, "the database logged nothing"
    hashed = hashlib.sha256(token.encode()).hexdigest()
    secret = {**SECRETS, "password": PASSWORD, "token": token, "its hash": hashed, "cookie": cookie}
    secret |= {"service token": chemtrack.service_token, **database.server.passwords}
    assert [name for name, value in secret.items() if value in everything] == []

    # The lines of gateway, page and API for one request are connected by numbers, which no client can choose.
    [signed_in] = [line for line in lines["login"] if line.get("status") == 302 and line.get("method") == "POST"]
    assert re.fullmatch(r"[0-9a-f]{4}-[0-9a-f]{4}", str(signed_in["request"]))
    assert signed_in["gateway"] in {line.get("request") for line in lines["gateway"]}
    assert "dead-beef" not in everything
    [issued] = [line for line in lines["api"] if line.get("request") == signed_in["request"]]
    assert (issued["method"], issued["route"], issued["status"]) == ("POST", "/sessions", 201)
    assert isinstance(signed_in["user"], int), "who it was, by number"
    assert "sign-in refused" in {line["message"] for line in lines["api"]}, "an alarm can be made of that line"
