"""Each filter of the lines of a stocktake, of the rows of an import and of the trace has a line that it finds, one that it leaves out,
and one of which little is known. tests/api/test_list_filters.py does the same for the lab's other lists, and sees that none is forgotten.
"""

from datetime import timedelta
from typing import Any, NamedTuple

import pytest

from tests.api.test_imports import commit, read, uploaded
from tests.api.test_list_filters import filters
from tests.api.test_stocktakes import Stocktake, add_location, stand
from tests.installation import Installation


class Case(NamedTuple):
    """A filter of a list with a value, a line that it finds and one that it leaves out ("": none); names as values stand for ids."""

    list: str
    filter: str
    value: Any
    found: str
    left_out: str
    bare_is_found: bool = False
    """Whether it finds the line of which little is known: a container of unknown amount, a row with a name alone, an act of nobody."""


LINES = "stocktakes/{stocktake}/lines"
FIRST, SECOND, OTHER = (f"imports/{{{name}}}/rows" for name in ("first", "second", "other"))
BARE = {"Bare", "lab_made"}
CASES = [
    Case(LINES, "state", "matched", "Matched", "Off"),
    Case(LINES, "state", "tolerance", "Nearly", "Off"),
    Case(LINES, "state", "off", "Off", "Nearly"),
    Case(LINES, "state", "first", "First", "Matched"),
    Case(LINES, "state", "elsewhere", "Stray", "Matched"),
    Case(LINES, "state", "not_found", "Lost", "Left"),
    Case(LINES, "state", "not_counted", "Left", "Lost", bare_is_found=True),
    Case(LINES, "state", "recount", "Again", "Off"),
    Case(LINES, "state", "to_count", "Again", "Off", bare_is_found=True),
    Case(LINES, "state", "counted", "Off", "Again"),
    Case(LINES, "at", "shelf", "Left", "Off"),
    Case(LINES, "at", "room", "Off", "Stray", bare_is_found=True),
    Case(LINES, "scan", "Near", "Nearly", "Off"),
    Case(FIRST, "state", "loaded", "Iron", "Twice"),
    Case(FIRST, "state", "refused", "Twice", "Iron"),
    Case(SECOND, "state", "present", "Iron", "Iodine"),
    Case(SECOND, "state", "ready", "Iodine", "Iron", bare_is_found=True),
    Case(SECOND, "state", "question", "Indium", "Iodine"),
    Case(SECOND, "kind", "unit_unknown", "Iridium", "Indium"),
    Case(SECOND, "kind", "amount_comma", "Indium", "Iridium"),
    Case(SECOND, "fine", True, "Plain", "Indium", bare_is_found=True),
    Case(SECOND, "fine", False, "Indium", "", bare_is_found=True),
    Case(OTHER, "state", "joined", "THF", "Oxolane"),
    *(
        case
        for path, in_it, other in (("events", "member_added kim", "member_added lee"), ("/events", "login_made kim", "login_made lee"))
        for case in (
            Case(path, "person", "kim", in_it, other),
            Case(path, "kind", in_it.split()[0], in_it, "lab_made"),
            Case(path, "from", "today", in_it, "", bare_is_found=True),
            Case(path, "from", "tomorrow", "", in_it),
            Case(path, "to", "tomorrow", in_it, "", bare_is_found=True),
            Case(path, "to", "yesterday", "", in_it),
        )
    ),
]  # fmt: skip
IS_NO_FILTER = {(LINES, "container")}
"""An answer to a scan names the container that was scanned and leaves the lines as they are."""


def name_of(line: dict[str, Any]) -> str:
    if "kind" in line:
        return f"{line['kind']} {line['about_name'] or ''}".strip()
    return str(line["chemical_name"] if "chemical_name" in line else line["chemical"]["name"])


@pytest.fixture(scope="module")
def named(installation: Installation) -> dict[str, Any]:
    """The stocktake, imports and acts whose lines the cases name."""
    return {**_stocktake(installation), **_imports(installation), **_events(installation)}


def _stocktake(installation: Installation) -> dict[str, Any]:
    room = add_location(installation, "Room")
    shelf = add_location(installation, "Shelf", kind="shelf", parent_id=room)
    other = add_location(installation, "Other")
    made = {
        name: stand(installation, where, amount, "g", name)
        for name, where, amount in (
            ("Matched", room, "100"), ("Nearly", room, "100"), ("Off", room, "100"), ("First", room, None), ("Stray", other, "100"),
            ("Lost", room, "100"), ("Left", shelf, "100"), ("Again", room, "100"), ("Bare", room, None),
        )
    }  # fmt: skip
    stocktake = Stocktake(installation, room)
    for name, amount in (("Nearly", "98"), ("Off", "10"), ("First", "5"), ("Again", "60")):
        stocktake.counted(made[name], amount)
    done = stocktake.count(
        {"container_id": made["Matched"], "result": "as_expected"},
        {"container_id": made["Stray"], "result": "as_expected", "location_id": shelf},
        {"container_id": made["Lost"], "result": "not_found"},
    )
    assert done.status_code == 200, done.text
    assert stocktake.review(lines=[{"container_id": made["Again"], "recount": True}]).json() == {"changed": 1}
    return {"stocktake": stocktake.id, "room": room, "shelf": shelf}


def _imports(installation: Installation) -> dict[str, Any]:
    ada, head = installation.as_user("ada"), "Barcode,Name,CAS,Amount,Unit\n"
    iron = "I-1,Iron,7439-89-6,100,g\n"
    first = uploaded(ada, f"{head}{iron}I-2,Once,,1,g\nI-2,Twice,,1,g\n")
    read(ada, first)
    commit(ada, first)
    rows = 'I-3,Iodine,7553-56-2,100,g\nI-4,Indium,7440-74-6,"1,250",g\nI-5,Iridium,7439-88-5,100,zz\nI-6,Bare,,,\nI-7,Plain,,5,g\n'
    second = uploaded(ada, head + iron + rows)
    read(ada, second)
    other = uploaded(ada, "ID,Name,CAS,Cat No,Containers\n1,Oxolane,109-99-9,X,1\n,THF,109-99-9,X,\n2,Bare,,,1\n")
    read(ada, other)
    return {
        name: int(path.rpartition("/")[2]) for name, path in (("first", first), ("second", second), ("other", other))
    }


def _events(installation: Installation) -> dict[str, Any]:
    root = installation.as_user("root")
    assert root.post("/logins", json={"logins": [{"username": "kim"}, {"username": "lee"}]}).status_code == 201
    added = root.post("/labs/curie/members", json={"usernames": ["kim", "lee"], "role": "viewer"})
    assert added.status_code == 201, added.text
    [[today]] = installation.psql("SELECT current_date")
    return {name: str(today + timedelta(days)) for name, days in (("yesterday", -2), ("today", -1), ("tomorrow", 2))}


def test_each_filter_has_a_case(installation: Installation) -> None:
    written = {case: "imports/{import_id}/rows" if case.list.startswith("imports/") else case.list for case in CASES}
    described = filters(
        installation, {path if path[0] == "/" else f"/labs/{{lab}}/{path}" for path in written.values()}
    )
    tried = {(written[case], case.filter, value) for case in CASES for value in (case.value, "")}
    assert {one for one in described if one[:2] not in IS_NO_FILTER} - tried == set()


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.list}?{case.filter}={case.value}")
def test_a_filter_finds_what_fits_and_leaves_out_what_does_not(
    installation: Installation, named: dict[str, Any], case: Case
) -> None:
    value = named.get(case.value, case.value) if case.filter in ("at", "from", "to") else case.value
    path = case.list.format(**named)
    who, path = ("root", path) if path.startswith("/") else ("ada", f"/labs/curie/{path}")
    answer = installation.as_user(who).get(path, params={case.filter: value, "limit": 200})
    assert answer.status_code == 200, answer.text
    found = {name_of(line) for line in answer.json()["items"]}
    assert not case.found or case.found in found
    assert case.left_out not in found
    assert bool(BARE & found) is case.bare_is_found


def test_no_filter_at_all_leaves_nothing_out(installation: Installation, named: dict[str, Any]) -> None:
    for path in {case.list for case in CASES if case.list[0] != "/"}:
        answer = installation.as_user("ada").get(f"/labs/curie/{path.format(**named)}", params={"limit": 200})
        found = {name_of(line) for line in answer.json()["items"]}
        assert {case.found for case in CASES if case.list == path and case.found} <= found
