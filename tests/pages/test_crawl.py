"""Every link of every page, followed as each person: nothing is broken, and nobody reads a word of another lab."""

import json
import re
from collections import deque
from pathlib import Path
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest
from bs4 import BeautifulSoup

from tests.api.test_every_route import MARK as CURIES
from tests.api.test_every_route import stock
from tests.installation import Installation, PageClient

HODGKINS = "Thaumatin"
PREFIXES = {
    pattern.rstrip("*").rstrip("/") or "/": page
    for page, entry in json.loads((Path(__file__).parents[2] / "cloudformation" / "pages.json").read_text()).items()
    for pattern in entry["paths"]
}
LINKS = {"a": "href", "img": "src", "link": "href", "script": "src", "use": "href", "form": "action"}
MOST_PAGES = 400
# Different figures in a query are the same page to a reader: one of a kind is followed.
FIGURES = re.compile(r"(?<=[=/-])\d+|(?<==)[\w-]{30,}|(?<=CT-)\d+|cursor=[^&]*")


class Crawler:
    """Follows links as one person, over all pages as the load balancer would route them."""

    def __init__(self, installation: Installation, who: str) -> None:
        self.installation, self.who = installation, who
        self.clients: dict[str, PageClient] = {}

    def get(self, path: str) -> tuple[int, str, str]:
        """Status, content type and text of a page, redirects followed on this site."""
        for _ in range(5):
            answer = self.client_for(urlsplit(path).path).get(path)
            if answer.status_code not in (301, 302, 303, 307, 308):
                return answer.status_code, answer.content_type or "", answer.get_data().decode("utf-8", "replace")
            path = urljoin(path, answer.location)
        raise AssertionError(f"{path} leads in a circle")

    def client_for(self, path: str) -> PageClient:
        prefix = max(
            (known for known in PREFIXES if path == known or path.startswith(known.rstrip("/") + "/")), key=len
        )
        page = PREFIXES[prefix]
        if page not in self.clients:
            self.clients[page] = self.installation.page(page, self.who)
        return self.clients[page]

    def crawl(self, *starts: str) -> dict[str, tuple[int, str]]:
        """What every page that can be reached answers: path → status and text."""
        seen: dict[str, tuple[int, str]] = {}
        kinds, waiting = set(), deque(starts)
        while waiting and len(seen) < MOST_PAGES:
            path = waiting.popleft()
            kind = FIGURES.sub("N", path)
            if kind in kinds or path.startswith("/logout"):
                continue
            kinds.add(kind)
            status, content_type, text = self.get(path)
            seen[path] = status, text
            if "html" in content_type:
                waiting.extend(links_of(path, text))
        return seen


def links_of(path: str, text: str) -> list[str]:
    found = []
    for tag in BeautifulSoup(text, "html.parser").select(", ".join(LINKS)):
        if tag.name == "form" and str(tag.get("method", "get")).lower() != "get":
            continue
        target = urldefrag(urljoin(path, str(tag.get(LINKS[tag.name], "")))).url
        if target.startswith("/") and not target.startswith("//"):
            found.append(target)
    return found


@pytest.fixture(scope="module", autouse=True)
def stocked(installation: Installation) -> None:
    for _ in range(3):
        stock(installation.as_user("ada"), "curie")
    eve = installation.as_user("eve")
    chemical = eve.post("/labs/hodgkin/chemicals", json={"name": f"{HODGKINS} I"}).json()["id"]
    place = eve.post("/labs/hodgkin/locations", json={"kind": "room", "name": f"{HODGKINS} room"}).json()["id"]
    line = {"chemical_id": chemical, "count": 2, "amount": "5", "unit": "mg", "location_id": place, "lot": HODGKINS}
    assert eve.post("/labs/hodgkin/receipts", json={"order_number": HODGKINS, "lines": [line]}).status_code == 201


@pytest.mark.timeout(600)
@pytest.mark.parametrize(
    ("who", "starts", "reads", "never"),
    [
        ("ada", ["/", "/home/curie"], CURIES, HODGKINS),
        ("cleo", ["/", "/home/curie"], CURIES, HODGKINS),
        ("eve", ["/", "/home/hodgkin"], HODGKINS, CURIES),
        ("root", ["/", "/admin", "/admin/isolation?lab=curie&other=hodgkin"], None, f"{CURIES}|{HODGKINS}"),
    ],
)
def test_every_link_leads_somewhere_and_never_to_another_lab(
    installation: Installation, who: str, starts: list[str], reads: str | None, never: str
) -> None:
    seen = Crawler(installation, who).crawl(*starts)
    # A form of which nothing was chosen is refused with a sentence.
    broken = {path: status for path, (status, _) in seen.items() if status >= 400 and status != 422}
    leaks = [path for path, (_, text) in seen.items() if re.search(never, text)]
    assert broken == {}
    assert leaks == []
    if reads:
        assert any(reads in text for _, text in seen.values())
        assert len(seen) > 30


@pytest.mark.timeout(600)
def test_ben_who_is_in_both_labs_never_reads_one_on_a_page_of_the_other(installation: Installation) -> None:
    seen = Crawler(installation, "ben").crawl("/home/curie", "/home/hodgkin")
    for path, (status, text) in seen.items():
        assert status < 400 or status == 422, path
        if "/hodgkin" in path:
            assert CURIES not in text, path
        if "/curie" in path:
            assert HODGKINS not in text, path


@pytest.mark.parametrize("who", ["ada", "root"])
def test_pages_of_another_lab_are_not_there(installation: Installation, who: str) -> None:
    """The addresses that Eve can reach, tried by somebody else: as if there were no such lab."""
    eves = [
        path
        for path in Crawler(installation, "eve").crawl("/home/hodgkin")
        if "/hodgkin" in path and HODGKINS not in path
    ]
    crawler = Crawler(installation, who)
    assert len(eves) > 15
    for path in eves:
        status, _, text = crawler.get(path)
        assert status in (403, 404), path
        assert HODGKINS not in text, path
        assert "Hodgkin" not in text, path
