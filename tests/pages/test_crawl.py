"""Every link of every page, followed as each person: nothing is broken, and nobody reads a word of another lab."""

import json
import re
from collections import deque
from pathlib import Path
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest
from bs4 import BeautifulSoup

from tests.api.test_every_route import MARK as CURIES
from tests.api.test_every_route import ok, stock
from tests.installation import Installation, PageClient, confirmation
from tests.pages.test_common_assets import lost

HODGKINS = "Thaumatin"
PREFIXES = {
    pattern.rstrip("*").rstrip("/") or "/": page
    for page, entry in json.loads((Path(__file__).parents[2] / "cloudformation" / "pages.json").read_text()).items()
    for pattern in entry["paths"]
}
LINKS = {"a": "href", "img": "src", "link": "href", "script": "src", "use": "href", "form": "action"}
MOST_PAGES = 400
# Addresses that differ only in numbers of their query show the same kind of page: one of each kind is followed.
FIGURES = re.compile(r"(?<=[=/-])\d+|(?<==)[\w-]{30,}|(?<=CT-)\d+|cursor=[^&]*")


class Crawler:
    """Follows links as one person, over all pages as the load balancer would route them."""

    def __init__(self, installation: Installation, who: str, every: bool = False) -> None:
        """`every`: read all pages, also those whose addresses differ only in numbers."""
        self.installation, self.who, self.every = installation, who, every
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
        """The answers of all pages that can be reached: path → status and text."""
        seen: dict[str, tuple[int, str]] = {}
        kinds, waiting = set(), deque(starts)
        while waiting and len(seen) < MOST_PAGES:
            path = waiting.popleft()
            kind = path if self.every else FIGURES.sub("N", path)
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
    location = eve.post("/labs/hodgkin/locations", json={"kind": "room", "name": f"{HODGKINS} room"}).json()["id"]
    line = {"chemical_id": chemical, "count": 2, "amount": "5", "unit": "mg", "location_id": location, "lot": HODGKINS}
    assert eve.post("/labs/hodgkin/deliveries", json={"order_number": HODGKINS, "lines": [line]}).status_code == 201


@pytest.mark.timeout(600)
@pytest.mark.usefixtures("assets")
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
    # The link sends a form in which nothing was chosen, which is refused with a sentence.
    broken = {path: status for path, (status, _) in seen.items() if status >= 400 and status != 422}
    leaks = [path for path, (_, text) in seen.items() if re.search(never, text)]
    classes = {
        name for _, text in seen.values() for found in re.findall(r'class="([^"]*)"', text) for name in found.split()
    }
    assert broken == {}
    assert leaks == []
    assert lost(classes) == set(), "a class is put together of parts, which pages/lighten.mjs does not find"
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
    """Somebody from another lab tries the addresses that Eve can reach, and is answered as if there were no such lab."""
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


ODD_LABS = (
    "empty",
    "no-locations",
    "all-unknown",
    "all-disposed",
    "archived-locations",
    "one-member",
    "many-locations",
)


@pytest.fixture(scope="module")
def odd_labs(installation: Installation) -> None:
    """Labs in unusual states, such as new or nearly empty ones. Ada manages each, and is the only member of all but curie."""
    root, ada = installation.as_user("root"), installation.as_user("ada")
    for slug in ODD_LABS:
        ok(root.post("/labs", json={"slug": slug, "name": f"Lab {slug}", "time_zone": "Europe/London"}))
        ok(root.post(f"/labs/{slug}/members", json={"usernames": ["ada"], "role": "manager"}))

    def furnish(lab: str, amount: str | None, location: int | None) -> list[int]:
        lines = [
            {
                "chemical": {"name": f"Salt {n}"},
                "count": 2,
                "location_id": location,
                "unit": "g",
                **({"amount": amount} if amount else {"amount_unknown": True}),
            }
            for n in range(3)
        ]
        received = ok(ada.post(f"/labs/{lab}/deliveries", json={"lines": lines}))["containers"]
        return [container["id"] for container in received]

    def room(lab: str, name: str) -> int:
        return int(ok(ada.post(f"/labs/{lab}/locations", json={"kind": "room", "name": name}))["id"])

    furnish("no-locations", "5", None)
    furnish("all-unknown", None, room("all-unknown", "Room"))
    furnish("one-member", "5", room("one-member", "Room"))
    for number in range(300):
        last = room("many-locations", f"Room {number}")
    furnish("many-locations", "5", last)
    for lab in ("all-disposed", "archived-locations"):
        location = room(lab, "Room")
        lines = [{"container_id": container} for container in furnish(lab, "5", location)]
        marks = ok(ada.post(f"/labs/{lab}/disposals", json={"reason": "Old", "lines": lines}))["disposal_ids"]
        ok(ada.post(f"/labs/{lab}/disposals/confirmations", json=confirmation(ada, marks, lab)))
        if lab == "archived-locations":
            ok(ada.patch(f"/labs/{lab}/locations/{location}", json={"archived": True}))
            furnish(lab, "5", None)
    for lab in ODD_LABS:
        ok(ada.post(f"/labs/{lab}/stocktakes", json={"location_id": None}))


@pytest.mark.timeout(600)
@pytest.mark.parametrize("lab", ODD_LABS)
def test_every_page_of_an_odd_lab_is_there(installation: Installation, odd_labs: None, lab: str) -> None:
    seen = Crawler(installation, "ada").crawl(f"/home/{lab}")
    pages = {path: answer for path, answer in seen.items() if f"/{lab}" in path}
    assert {path: status for path, (status, _) in pages.items() if status >= 400 and status != 422} == {}
    assert any(path.endswith("/count") for path in pages), "the open stocktake of the whole lab was read"
    assert len(pages) > 15
