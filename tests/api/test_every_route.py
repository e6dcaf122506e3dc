"""Every route in the API's OpenAPI document is called by a stranger, without a session, by a viewer, and with another lab's ids.

A new route fails here until somebody adds a request that works to `requests_of`.
"""

import itertools
from typing import Any, NamedTuple

import pytest
import requests

from tests.installation import Client, Installation

MARK = "Zirkelit"  # stands in every text that curie enters; no other lab may ever read it
LISTED = "107-87-9"  # in the published list of the fixture `published`
pytestmark = pytest.mark.usefixtures("published")
numbers = itertools.count(1)


class Ids(NamedTuple):
    """The ids of one of each thing that a lab has."""

    chemical: int
    location: int
    shelf: int
    container: int
    barcode: str
    movement: int
    stocktake: int
    disposal: int
    delivery: int
    transfer: int
    enrichment: int = 1
    merger: int = 1
    other: int = 1
    search: int = 1
    classifications: int = 1
    account: int = 1
    token: int = 1


def ok(answer: requests.Response) -> Any:
    assert answer.status_code < 300, f"{answer.request.method} {answer.url}: {answer.status_code} {answer.text}"
    return answer.json() if answer.content else None


def stock(client: Client, lab: str) -> Ids:
    """Makes one of everything in the lab."""
    n = next(numbers)

    def post(path: str, body: object) -> Any:
        return ok(client.post(f"/labs/{lab}{path}", json=body))

    chemical = post("/chemicals", {"name": f"{MARK} {n}", "smiles": "O", "peroxide_class": "B"})["id"]
    location = post("/locations", {"kind": "room", "name": f"{MARK} room {n}"})["id"]
    shelf = post("/locations", {"kind": "shelf", "name": f"{MARK} shelf {n}", "parent_id": location})["id"]
    line = {"chemical_id": chemical, "count": 1, "amount": "100", "unit": "g", "location_id": location, "lot": MARK}
    received = post("/deliveries", {"order_number": MARK, "lines": [line]})
    [container] = received["containers"]
    taken = post(
        "/check-outs", {"purpose": MARK, "lines": [{"container_id": container["id"], "amount": "10", "unit": "g"}]}
    )
    stocktake = post("/stocktakes", {"location_id": location})["id"]
    mark = post("/disposals", {"reason": MARK, "lines": [{"container_id": container["id"]}]})
    post("/moves", {"location_id": shelf, "container_ids": [container["id"]]})
    moved = post("/moves", {"location_id": location, "container_ids": [container["id"]]})
    return Ids(
        chemical=chemical,
        location=location,
        shelf=shelf,
        container=container["id"],
        barcode=container["barcode"],
        movement=taken["items"][0]["movement_id"],
        stocktake=stocktake,
        disposal=mark["disposal_ids"][0],
        delivery=received["id"],
        transfer=moved["items"][0]["transfer_id"],
    )


def requests_of(i: Ids) -> dict[str, tuple[dict[str, Any], Any]]:
    """For each route of a lab: query and body of a request that works with the lab's own ids."""
    line = {"container_id": i.container, "amount": "1", "unit": "g"}
    return {
        "GET /chemicals": ({"location": i.location, "q": MARK}, None),
        "POST /chemicals": ({}, {"name": "Plain salt"}),
        "POST /chemicals/searches": ({}, {"name": f"{MARK} {i.search}", "query": "state=solid"}),
        "DELETE /chemicals/searches/{search}": ({}, None),
        "PUT /chemicals/columns": ({}, {"columns": ["stock", "expiry"]}),
        "GET /chemicals.csv": ({"location": i.location}, None),
        "GET /chemicals.xlsx": ({"location": i.location, "column": ["stock"]}, None),
        "GET /chemicals.sdf": ({"location": i.location}, None),
        "GET /containers.csv": ({"location": i.location}, None),
        "GET /chemicals/{chemical}": ({}, None),
        "GET /chemicals/{chemical}/structure": ({}, None),
        "PATCH /chemicals/{chemical}": ({}, {"notes": MARK}),
        "POST /chemicals/{chemical}/take-back": ({}, None),
        "GET /enrichments/new": ({"q": MARK}, None),
        "POST /enrichments": ({}, {"cas_number": "67-63-0"}),
        "POST /enrichments/{enrichment}/undo": ({}, None),
        "GET /adoptions/new": ({"q": MARK}, None),
        "POST /adoptions": ({}, {"cas_number": LISTED}),
        "GET /adoptions/{chemical}": ({}, None),
        "POST /adoptions/{chemical}": ({}, {"list_id": i.classifications, "place": 1}),
        "GET /mergers/new": ({"chemical": i.chemical}, None),
        "POST /mergers": ({}, {"kept_id": i.chemical, "merged_id": i.other}),
        "POST /mergers/{merger}/undo": ({}, None),
        "GET /locations": ({}, None),
        "POST /locations": ({}, {"kind": "shelf", "name": "Lower", "parent_id": i.location}),
        "PATCH /locations/{location}": ({}, {"count_period_days": 30}),
        "GET /stocktakes": ({}, None),
        "POST /stocktakes": ({}, {"location_id": i.shelf}),
        "GET /stocktakes/{stocktake}": ({}, None),
        "GET /stocktakes/{stocktake}/lines": ({"at": i.location}, None),
        "GET /stocktakes/{stocktake}/report.csv": ({}, None),
        "POST /stocktakes/{stocktake}/counts": (
            {},
            {"lines": [{"container_id": i.container, "result": "as_expected"}]},
        ),
        "PATCH /stocktakes/{stocktake}/counts": ({}, {"lines": [{"container_id": i.container, "recount": True}]}),
        "POST /stocktakes/{stocktake}/counts/rest": ({}, {"result": "as_expected", "at": i.location}),
        "DELETE /stocktakes/{stocktake}/counts/{container}": ({}, None),
        "POST /stocktakes/{stocktake}/post": ({}, None),
        "POST /stocktakes/{stocktake}/cancel": ({}, None),
        "GET /containers": ({"chemical": i.chemical, "location": i.location}, None),
        "GET /containers/by-barcode/{code}": ({}, None),
        "GET /containers/scanned": ({"code": ["CT-000001"]}, None),
        "GET /containers/{container}": ({}, None),
        "PATCH /containers/{container}": ({}, {"notes": MARK}),
        "POST /containers/extensions": (
            {},
            {"container_ids": [i.container], "expires_on": "2031-01-31", "reason": MARK},
        ),
        "GET /labels/preview": ({"container": [i.container]}, None),
        "GET /location-labels": ({"inside": i.location}, None),
        "GET /location-labels/preview": ({"inside": i.location}, None),
        "GET /location-labels/picture": ({"inside": i.location}, None),
        "GET /labels/picture": ({"container": [i.container]}, None),
        "PUT /labels/settings": ({}, {"sheet": "roll-62", "fields": ["lot"]}),
        "GET /check-out-rules": ({}, None),
        "PUT /check-out-rules": ({}, {"expired": "warn", "marked": "warn", "peroxides": "warn"}),
        "POST /containers/{container}/peroxide-tests": ({}, {"ppm": "25"}),
        "GET /labels": ({"container": [i.container]}, None),
        "GET /check-outs/new": ({"container": [i.container], "movement": [i.movement]}, None),
        "POST /check-outs": ({}, {"purpose": MARK, "lines": [line]}),
        "POST /returns": ({}, {"lines": [{"movement_id": i.movement, "amount": "1", "unit": "g"}]}),
        "GET /holdings": ({"container": [i.container]}, None),
        "POST /holdings": ({}, {"container_ids": [i.container]}),
        "POST /holdings/returns": ({}, {"lines": [{"container_id": i.container, "unchanged": True}]}),
        "POST /corrections": ({}, {"reason": MARK, "lines": [{"movement_id": i.movement, "amount": "2", "unit": "g"}]}),
        "GET /summary": ({}, None),
        "GET /membership": ({}, None),
        "GET /summary/counts": ({}, None),
        "GET /deliveries": ({}, None),
        "GET /deliveries/new": ({"chemical": [i.chemical]}, None),
        "GET /deliveries/{delivery}": ({}, None),
        "POST /deliveries/{delivery}/take-back": ({}, None),
        "POST /deliveries": (
            {},
            {"lines": [{"chemical_id": i.chemical, "count": 1, "amount": "1", "unit": "g", "location_id": i.location}]},
        ),
        "GET /disposals": ({"id": [i.disposal]}, None),
        "GET /disposals/new": ({"container": [i.container], "chemical": [i.chemical]}, None),
        "POST /disposals": ({}, {"reason": MARK, "lines": [{"chemical_id": i.chemical}]}),
        "POST /disposals/confirmations": ({}, {"disposal_ids": [i.disposal], "container_ids": [i.container]}),
        "POST /disposals/withdrawals": ({}, {"disposal_ids": [i.disposal]}),
        "GET /history": ({"chemical": i.chemical, "container": i.container, "facets": "true"}, None),
        "GET /history.csv": ({"chemical": i.chemical}, None),
        "GET /history/{movement}": ({}, None),
        "GET /everything.xlsx": ({}, None),
        "GET /everything.zip": ({}, None),
        "GET /events": ({"person": "ada", "kind": ["exported"], "from": "2026-01-01"}, None),
        "GET /events.csv": ({"kind": ["exported"]}, None),
        "GET /service-accounts": ({}, None),
        "POST /service-accounts": ({}, {"name": f"{MARK} balances"}),
        "POST /service-accounts/{account}/tokens": ({}, {"name": "Balance", "access": "read"}),
        "DELETE /service-accounts/{account}/tokens/{token}": ({}, None),
        "DELETE /service-accounts/{account}": ({}, None),
        "GET /moves/new": ({"container": [i.container]}, None),
        "POST /moves": ({}, {"location_id": i.shelf, "container_ids": [i.container]}),
        "GET /product-codes/scanned": ({"code": "4006381333931"}, None),
        "GET /product-codes/new": ({"code": "4006381333931", "q": MARK}, None),
        "POST /product-codes": ({}, {"code": "4006381333931", "container_ids": [i.container]}),
        "DELETE /product-codes/{container}": ({}, None),
        "POST /undo": ({}, {"movement_ids": [i.movement], "transfer_ids": [i.transfer]}),
        "GET /substances": ({"q": "acetone"}, None),
        "GET /substances/{cas_number}": ({}, None),
        "GET /molar-mass": ({"formula": "C2H6O"}, None),
    }


ADMINISTRATION = {"/labs/{lab}", "/labs/{lab}/members", "/labs/{lab}/members/{user}"}

FOR_MANAGERS = ("GET /events", "GET /service-accounts")

IMPORTS = "/imports"  # spreadsheets have tests of their own: tests/api/test_imports.py


def path_of(lab: str, operation: str, i: Ids) -> tuple[str, str]:
    """Method and path with the ids in their places."""
    method, path = operation.split(" ", 1)
    ids = i._asdict() | {"code": i.barcode, "cas_number": "67-64-1"}
    return method, f"/labs/{lab}{path.format(**ids)}"


def send(client: Client, lab: str, operation: str, i: Ids) -> requests.Response:
    method, path = path_of(lab, operation, i)
    query, body = requests_of(i)[operation]
    return client.request(method, path, params=query, json=body)


def prepare(client: Client, operation: str, i: Ids) -> Ids:
    """Does what must happen before the operation makes sense; returns the ids for its path and body."""
    if operation in ("PATCH /stocktakes/{stocktake}/counts", "DELETE /stocktakes/{stocktake}/counts/{container}"):
        ok(
            client.post(
                f"/labs/curie/stocktakes/{i.stocktake}/counts",
                json={"lines": [{"container_id": i.container, "result": "as_expected"}]},
            )
        )
    if operation == "DELETE /product-codes/{container}":
        ok(client.post("/labs/curie/product-codes", json={"code": "4006381333931", "container_ids": [i.container]}))
    if operation == "DELETE /chemicals/searches/{search}":
        saved = {"name": "To be removed", "query": "state=solid"}
        return i._replace(search=ok(client.post("/labs/curie/chemicals/searches", json=saved))["id"])
    if operation == "POST /holdings/returns":
        ok(client.post("/labs/curie/holdings", json={"container_ids": [i.container]}))
    if operation == "POST /chemicals/{chemical}/take-back":
        return i._replace(chemical=ok(client.post("/labs/curie/chemicals", json={"name": "Listed by mistake"}))["id"])
    if operation in ("POST /enrichments", "POST /enrichments/{enrichment}/undo"):
        ok(
            client.post(
                "/labs/curie/chemicals",
                json={"name": "To be filled in", "cas_number": "67-63-0", "belong_together": True},
            )
        )
    if operation == "POST /enrichments/{enrichment}/undo":
        return i._replace(enrichment=ok(client.post("/labs/curie/enrichments", json={"cas_number": "67-63-0"}))["id"])
    if operation in ("POST /adoptions", "POST /adoptions/{chemical}"):
        listed = {"name": "Hazards to be adopted", "cas_number": LISTED, "belong_together": True}
        i = i._replace(chemical=ok(client.post("/labs/curie/chemicals", json=listed))["id"])
        [entry] = ok(client.get(f"/labs/curie/adoptions/{i.chemical}"))["items"]
        return i._replace(classifications=entry["list_id"])
    if operation in ("POST /mergers", "POST /mergers/{merger}/undo"):
        i = i._replace(other=ok(client.post("/labs/curie/chemicals", json={"name": "The same salt"}))["id"])
    if operation == "POST /mergers/{merger}/undo":
        both = {"kept_id": i.chemical, "merged_id": i.other}
        return i._replace(merger=ok(client.post("/labs/curie/mergers", json=both))["id"])
    if "{account}" in operation:
        account = ok(client.post("/labs/curie/service-accounts", json={"name": "Balances"}))["id"]
        wanted = {"name": "Balance", "access": "read"}
        token = ok(client.post(f"/labs/curie/service-accounts/{account}/tokens", json=wanted))["id"]
        return i._replace(account=account, token=token)
    if operation == "POST /deliveries/{delivery}/take-back":
        line = {"chemical_id": i.chemical, "amount": "1", "unit": "g"}
        return i._replace(delivery=ok(client.post("/labs/curie/deliveries", json={"lines": [line]}))["id"])
    return i


OPERATIONS = sorted(requests_of(Ids(1, 1, 1, 1, "X", 1, 1, 1, 1, 1)))


@pytest.fixture(scope="module")
def curies(installation: Installation) -> Ids:
    return stock(installation.as_user("ada"), "curie")


def state_of(installation: Installation, lab: str) -> object:
    """The rows of the lab's tables and their versions, to show that a request changed nothing."""
    tables = installation.psql(
        "SELECT tablename FROM pg_tables WHERE schemaname = 'inventory' AND tablename <> 'container_numbers'"
    )
    return {
        name: installation.psql(
            f"SELECT count(*), md5(string_agg(t::text, '|' ORDER BY t::text)) FROM inventory.{name} t",
            as_="dba",
            lab=lab,
        )
        for (name,) in sorted(tables)
    }


def test_every_route_of_a_lab_is_tried_here(installation: Installation) -> None:
    paths = installation.service.get("/openapi.json").json()["paths"]
    routes = sorted(
        f"{method.upper()} {path.removeprefix('/labs/{lab}')}"
        for path, methods in paths.items()
        if path.startswith("/labs/{lab}")
        and path not in ADMINISTRATION
        and not path.startswith("/labs/{lab}" + IMPORTS)
        for method in methods
    )
    assert routes == OPERATIONS


@pytest.mark.parametrize("operation", OPERATIONS)
def test_with_its_own_ids_a_manager_is_answered(installation: Installation, operation: str) -> None:
    """Without this test, the refusals below would prove nothing: any broken request is refused."""
    ada = installation.as_user("ada")
    i = prepare(ada, operation, stock(ada, "curie"))
    ok_text = send(ada, "curie", operation, i)
    assert ok_text.status_code < 300, ok_text.text


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize("who", ["eve", "root"])
def test_a_stranger_cannot_tell_the_lab_from_one_that_is_not_there(
    installation: Installation, curies: Ids, who: str, operation: str
) -> None:
    client = installation.as_user(who)
    here, nowhere = (send(client, lab, operation, curies) for lab in ("curie", "nowhere"))
    assert here.status_code == 404
    assert (here.status_code, here.json()) == (nowhere.status_code, nowhere.json())


@pytest.mark.parametrize("operation", OPERATIONS)
def test_without_a_session_no_route_answers(installation: Installation, curies: Ids, operation: str) -> None:
    assert send(installation.service, "curie", operation, curies).status_code == 401
    assert send(Client(installation.api_url, "wrong"), "curie", operation, curies).status_code == 403
    forged = Client(installation.api_url, installation.service_token)
    forged.headers["Authorization"] = "Bearer forged"
    assert send(forged, "curie", operation, curies).status_code == 401


@pytest.mark.parametrize("operation", OPERATIONS)
def test_a_viewer_reads_everything_and_writes_nothing(installation: Installation, curies: Ids, operation: str) -> None:
    answer = send(installation.as_user("cleo"), "curie", operation, curies)
    if operation.startswith("GET ") and not operation.startswith(FOR_MANAGERS):
        assert answer.status_code == (204 if operation == "GET /membership" else 200), answer.text
    else:
        assert answer.status_code == 403, answer.text


@pytest.mark.parametrize("operation", OPERATIONS)
def test_ids_of_another_lab_reach_nothing(installation: Installation, curies: Ids, operation: str) -> None:
    """Eve, manager of hodgkin, sends curie's ids to her own lab. They are refused as if they did not exist, and no text of curie returns."""
    before = state_of(installation, "curie")
    answer = send(installation.as_user("eve"), "hodgkin", operation, curies)
    if "{" in operation and "{cas_number}" not in operation:
        assert answer.status_code == 404, answer.text
    elif any(kind in str(requests_of(curies)[operation][1]) for kind in ("_id", "_ids")):
        assert answer.status_code >= 400, answer.text
    assert answer.status_code < 500
    if operation.startswith("GET "):
        assert MARK not in answer.text.replace(f"q={MARK}", "")
    assert curies.barcode not in answer.text or "hodgkin" in answer.text or operation.startswith("GET ") is False
    assert state_of(installation, "curie") == before


@pytest.mark.parametrize(
    "cursor_of", ["/chemicals", "/containers", "/history", "/deliveries", "/stocktakes", "/disposals"]
)
def test_a_cursor_of_another_lab_shows_nothing_of_it(installation: Installation, curies: Ids, cursor_of: str) -> None:
    ada, eve = installation.as_user("ada"), installation.as_user("eve")
    stock(ada, "curie")
    for _ in range(2):  # so many that the list of past stocktakes has two pages
        started = ada.post("/labs/curie/stocktakes", json={"location_id": None})
        assert ada.post(f"/labs/curie/stocktakes/{started.json()['id']}/cancel").status_code == 200
    cursor = ada.get(f"/labs/curie{cursor_of}", params={"limit": 1}).json()["next"]
    assert cursor
    answer = eve.get(f"/labs/hodgkin{cursor_of}", params={"limit": 5, "cursor": cursor})
    assert answer.status_code == 200
    assert MARK not in answer.text
