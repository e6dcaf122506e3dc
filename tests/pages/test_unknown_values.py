"""No page fails when every value that may be unknown is unknown, and each field of the API that may be null was null in some answer.

The values of a lab's rows that may be null are set to null; then every page is read. The answers that the pages got are compared with
the OpenAPI document: a field that may be null but never was is named here, with the reason.
"""

import re
from typing import Any

import psycopg
import pytest
import requests
from bs4 import BeautifulSoup

from tests.api.test_every_route import ok, stock
from tests.installation import Installation
from tests.pages.test_crawl import Crawler

STATES = {
    ("containers", "disposed_at"), ("containers", "missing_since"), ("containers", "holder_id"), ("containers", "held_since"),
    ("chemicals", "retired_at"), ("locations", "archived_at"), ("locations", "parent_id"), ("locations", "count_period_days"),
    ("stocktakes", "posted_at"), ("stocktakes", "posted_by"), ("stocktakes", "cancelled_at"), ("stocktakes", "outcome"),
    ("disposals", "outcome"), ("disposals", "decided_at"), ("disposals", "decided_by"), ("disposals", "container_id"),
    ("movements", "refers_to_id"), ("movements", "stocktake_id"), ("movements", "delivery_id"),
}  # fmt: skip
"""Columns where null means another state of the row, not an unknown value. The first round keeps their values, the second empties them."""

LEFT_OUT = {"requests", "imports", "import_rows"}
"""Tables that only programs write, where several nulls together are a state of the row; they are left as they are."""
ONLY = {
    "movements": "WHERE kind IN ('receive', 'dispose')",  # the trigger accepts only these kinds without an amount
    "transfers": "WHERE kind <> 'take' OR to_holder_id IS NULL",  # somebody takes a bottle
}

NEVER_NULL = {
    "Chemical.made_by_name": "NOT NULL, and a member's user is never erased",
    "Chemical.changed_by_name": "the same",
    "ChemicalList.facets": "the page asks for them each time",
    "History.facets": "the page asks for them each time",
    "Past.location": "the whole lab: counted in test_crawl",
    "Past.location_id": "the same",
    "Drift.location": "the same",
    "api__resources__summary__Stocktake.location": "the same",
    "BalanceLine.total": "null where an amount was not known; the lines of the example are of known amounts",
    "ContainerDetail.mark": "the container of the example is marked; tests/pages/test_chemicals.py has others",
    "Event.lab": "a lab reads the trace of its own acts only; administrators read the others",
}

NEVER_NULL |= {
    f"{model}.{field}": "lines of a known amount, except disposals of what nobody knows: the tests of the history have those"
    for model in ("Referred", "Since", "Correction")
    for field in ("amount", "unit", "typed_amount", "typed_unit")
}


def empty(installation: Installation, lab: str, states: bool) -> None:
    """Sets columns to NULL where the lab's tables allow it. If a CHECK refuses that for all columns together, each is tried alone."""
    with psycopg.connect(installation.dsn(), autocommit=True) as owner:
        owner.execute("SELECT set_config('app.lab_id', %s, false)", [str(installation.lab_id(lab))])
        owner.execute("SET ROLE chemowner")
        owner.execute(
            "SELECT set_config('app.user_id', (SELECT id::text FROM control.users WHERE username = 'ada'), false)"
        )
        columns: dict[str, list[str]] = {}
        for table, column in owner.execute(
            """SELECT c.relname, a.attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
                WHERE c.relnamespace = 'inventory'::regnamespace AND c.relkind = 'r' AND a.attnum > 0
                  AND NOT a.attnotnull AND NOT a.attisdropped AND a.attgenerated = '' ORDER BY 1, 2"""
        ).fetchall():
            if states or (table, column) not in STATES:
                columns.setdefault(table, []).append(column)
        for table, names in columns.items():
            if table in LEFT_OUT:
                continue
            owner.execute(f"ALTER TABLE inventory.{table} DISABLE TRIGGER USER".encode())
            for part in (names, *([name] for name in names)):
                try:
                    nulls = ", ".join(f"{name} = NULL" for name in part)
                    owner.execute(f"UPDATE inventory.{table} SET {nulls} {ONLY.get(table, '')}".encode())
                except (psycopg.errors.CheckViolation, psycopg.errors.UniqueViolation):
                    continue
                if part is names:
                    break
            if table == "movements":
                owner.execute("UPDATE inventory.movements SET reason = NULL")
            owner.execute(f"ALTER TABLE inventory.{table} ENABLE TRIGGER USER".encode())


def furnish(installation: Installation) -> None:
    """A lab in which every page has something to show."""
    ada = installation.as_user("ada")

    def post(path: str, body: object = None) -> Any:
        return ok(ada.post(f"/labs/curie{path}", json=body or {}))

    one, two, three = stock(ada, "curie"), stock(ada, "curie"), stock(ada, "curie")
    post("/holdings", {"container_ids": [one.container]})
    post("/returns", {"lines": [{"movement_id": one.movement, "amount": "1", "unit": "g"}]})
    post("/corrections", {"lines": [{"movement_id": two.movement, "amount": "2", "unit": "g"}]})
    post(
        f"/stocktakes/{two.stocktake}/counts",
        {"lines": [{"container_id": two.container, "counted": "5", "unit": "g", "location_id": two.location}]},
    )
    post(f"/stocktakes/{two.stocktake}/post")
    post(f"/stocktakes/{three.stocktake}/cancel")
    post("/disposals/confirmations", {"disposal_ids": [three.disposal], "container_ids": [three.container]})
    for result in ("not_found", "there"):
        other = stock(ada, "curie")
        body = {"lines": [{"container_id": other.container, "result": result}]}
        post(f"/stocktakes/{other.stocktake}/counts", body)
        if result == "not_found":
            post(f"/stocktakes/{other.stocktake}/post")
    post("/stocktakes", {"location_id": None})
    sheet = b"Name,CAS,Amount,Location\nSalt,7647-14-5,5 g,Room 1\nNobody knows,,,\n"
    uploaded = ok(ada.post("/labs/curie/imports", files={"file": ("list.csv", sheet, "text/csv")}))
    assert uploaded["id"]


class Answers:
    """Records the answers that pages got: the fields of the OpenAPI's models that may be null, and which of them were null."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.document = document
        self.met: set[str] = set()
        self.null: set[str] = set()
        self.routes = [
            (re.compile(re.sub(r"\{\w+\}", "[^/]+", path)), item["get"]["responses"]["200"])
            for path, item in document["paths"].items()
            if "200" in item.get("get", {}).get("responses", {})  # what answers without content has no fields
        ]

    def note(self, answer: requests.Response, **_: Any) -> None:
        """A hook of the pages' HTTP client."""
        if answer.request.method != "GET" or not answer.ok or "json" not in answer.headers.get("Content-Type", ""):
            return
        path = (answer.request.path_url or "").partition("?")[0]
        for route, described in self.routes:
            if route.fullmatch(path):
                self.walk(described["content"]["application/json"]["schema"], answer.json(), "")
                return

    def walk(self, schema: dict[str, Any], value: Any, name: str) -> None:
        if "$ref" in schema:
            name = schema["$ref"].rpartition("/")[2]
            return self.walk(self.document["components"]["schemas"][name], value, name)
        options = schema.get("anyOf", [])
        if {"type": "null"} in options:
            [other] = [option for option in options if option != {"type": "null"}][:1]
            return None if value is None else self.walk(other, value, name)
        if isinstance(value, list):
            for item in value:
                self.walk(schema.get("items", {}), item, name)
        elif isinstance(value, dict):
            for field, described in schema.get("properties", {}).items():
                if {"type": "null"} in described.get("anyOf", []):
                    self.met.add(f"{name}.{field}")
                    if value.get(field) is None:
                        self.null.add(f"{name}.{field}")
                self.walk(described, value.get(field), name)
        return None


@pytest.fixture(scope="module")
def answers(installation: Installation) -> Answers:
    furnish(installation)
    return Answers(installation.service.get("/openapi.json").json())


class Listener(Crawler):
    """A Crawler that also records the API's answers to the pages."""

    def __init__(self, installation: Installation, who: str, answers: Answers) -> None:
        super().__init__(installation, who, every=True)
        self.answers = answers

    def client_for(self, path: str) -> Any:
        client = super().client_for(path)
        api = client.application.extensions.get("chemtrack-api")
        if api:  # the page for programs has none: it passes requests on
            api.session.hooks["response"] = [self.answers.note]
        return client


def spilled(text: str) -> list[str]:
    """The attributes and texts of a page that contain Python's None. “None” as the hazards of a chemical that was checked is no fault."""
    if not text.lstrip().startswith("<!"):
        return []
    soup = BeautifulSoup(text, "html.parser")
    values = [str(value) for tag in soup.find_all(True) for value in tag.attrs.values()]
    for meant in soup.select(".none, option, label, script"):
        meant.decompose()
    texts = (text for text in soup.stripped_strings if not text.startswith("None of what you take"))
    return [found for found in (*values, *texts) if re.search(r"\bNone\b", found)]


@pytest.mark.timeout(600)
@pytest.mark.parametrize("states", [False, True], ids=["values", "states too"])
def test_no_page_fails_on_what_is_unknown(installation: Installation, answers: Answers, states: bool) -> None:
    empty(installation, "curie", states)
    seen = Listener(installation, "ada", answers).crawl("/home/curie")
    broken = {path: status for path, (status, _) in seen.items() if status >= 400 and status not in (404, 422)}
    assert broken == {}
    assert len(seen) > 60
    found = {f"{path}: {said}" for path, (_, text) in seen.items() for said in spilled(text)}
    assert not found, "\n".join(sorted(found))


def test_every_field_that_may_be_null_was_null_on_the_way(answers: Answers) -> None:
    assert not (never := answers.met - answers.null - set(NEVER_NULL)), "\n".join(sorted(never))
