"""Each filter of the lab's other lists has a line that it finds, one that it leaves out, and one of which little is known.

The lists and their filters are those of the API's own description: a new one without a case fails here. tests/api/test_chemical_filters.py
does the same for the list of chemicals.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import pytest

from tests.installation import Installation
from tests.sql.shelf import Shelf, shelf

NO_FILTERS = {"cursor", "limit", "sort", "facets"}
TRIED_ELSEWHERE = {
    "/labs/{lab}/chemicals": "test_chemical_filters.py",
    "/labs/{lab}/enrichments/new": "test_chemical_filters.py",  # the same search
    "/labs/{lab}/adoptions/new": "test_chemical_filters.py",  # the same search
    "/events": "test_list_filters_of_rows.py",
    "/labs/{lab}/events": "test_list_filters_of_rows.py",
    "/labs/{lab}/stocktakes/{stocktake}/lines": "test_list_filters_of_rows.py",
    "/labs/{lab}/imports/{import_id}/rows": "test_list_filters_of_rows.py",
}


class Case(NamedTuple):
    """A filter of a list with a value, a line that it finds and one that it leaves out; names as values stand for ids."""

    list: str
    filter: str
    value: Any
    found: str
    left_out: str | None
    bare_is_found: bool = False
    """Whether the filter finds the bare container, of which neither location nor lot nor amount is known."""


NAMES: dict[str, Callable[[dict[str, Any]], str]] = {
    "containers": lambda line: line["barcode"],
    "history": lambda line: f"{line['kind']} {line['barcode']}",
    "disposals": lambda line: line["reason"],
}
"""List → the name that the cases give to one of its lines."""
CASES = [
    Case("containers", "q", "xenon", "X-1", "Y-1"),
    Case("containers", "q", "X-", "X-1", "Y-1"),
    Case("containers", "location", "room in", "X-1", "Y-1"),
    Case("containers", "chemical", "xenon", "X-1", "Y-1"),
    Case("containers", "delivery", "delivery of X-1", "X-1", "Y-1"),
    Case("containers", "held", "anyone", "Y-1", "X-1"),
    Case("containers", "held", "me", "MINE-1", "Y-1"),
    Case("containers", "held", "nobody", "X-1", "Y-1", bare_is_found=True),
    Case("containers", "missing", True, "LOST-1", "X-1"),
    Case("containers", "missing", False, "X-1", "LOST-1", bare_is_found=True),
    Case("containers", "disposed", True, "GONE-1", None, bare_is_found=True),
    Case("containers", "disposed", False, "X-1", "GONE-1", bare_is_found=True),
    Case("history", "q", "xenon", "receive X-1", "receive Y-1"),
    Case("history", "chemical", "xenon", "receive X-1", "receive Y-1"),
    Case("history", "container", "X-1", "receive X-1", "receive Y-1"),
    Case("history", "barcode", "x-1", "receive X-1", "receive Y-1"),
    Case("history", "member", "ben", "take Y-1", "take MINE-1"),
    Case("history", "kind", "receive", "receive X-1", "check_out X-1", bare_is_found=True),
    Case("history", "kind", "check_out", "check_out X-1", "receive X-1"),
    Case("history", "kind", "return", "return X-1", "check_out X-1"),
    Case("history", "kind", "count", "count X-1", "check_out X-1"),
    Case("history", "kind", "dispose", "dispose GONE-1", "receive GONE-1"),
    Case("history", "kind", "correct", "correct X-1", "check_out X-1"),
    Case("history", "kind", "move", "move X-1", "take Y-1"),
    Case("history", "kind", "take", "take Y-1", "move X-1"),
    Case("history", "kind", "bring_back", "bring_back BACK-1", "take BACK-1"),
    Case("history", "from", "2025-06-01", "receive X-1", "receive OLD-1", bare_is_found=True),
    Case("history", "to", "2025-06-01", "receive OLD-1", "receive X-1"),
    Case("history", "stocktake", "stocktake", "count X-1", "receive X-1"),
    Case("history", "delivery", "delivery of X-1", "receive X-1", "receive Y-1"),
    Case("history", "line", "check-out of X-1", "return X-1", "receive X-1"),
    Case("disposals", "state", "open", "is open", "was kept"),
    Case("disposals", "state", "disposed", "was disposed of", "is open"),
    Case("disposals", "state", "kept", "was kept", "was disposed of"),
    Case("disposals", "state", "any", "was kept", None),
    Case("disposals", "id", "is open", "is open", "was kept"),
]  # fmt: skip


@pytest.fixture(scope="module")
def ids(installation: Installation) -> dict[str, int]:
    """Makes the things that the cases name; name → id. The bare container is BARE-1."""
    ada, ben = installation.as_user("ada"), installation.as_user("ben")

    def said(who: Any, path: str, **body: Any) -> Any:
        answer = who.send_once(f"/labs/curie/{path}", body)
        assert answer.status_code == 201, answer.text
        return answer.json()

    made: dict[str, int] = {}
    for name in ("room in", "room out"):
        made[name] = said(ada, "locations", kind="room", name=name)["id"]
    for code, name, where in (
        ("X-1", "Xenon", "room in"), ("Y-1", "Yttrium", "room out"), ("MINE-1", "Mica", "room out"), ("LOST-1", "Lapis", "room out"),
        ("GONE-1", "Gold", "room out"), ("BACK-1", "Borax", "room out"), ("MARK-1", "Marble", "room out"), ("KEPT-1", "Kaolin", "room out"),
    ):  # fmt: skip
        line = {
            "chemical": {"name": name},
            "count": 1,
            "amount": "100",
            "unit": "g",
            "barcodes": [code],
            "location_id": made[where],
        }
        received = said(ada, "deliveries", lines=[line])
        made |= {code: received["containers"][0]["id"], f"delivery of {code}": received["id"]}
    line = {"chemical": {"name": "Bare"}, "count": 1, "unit": "g", "amount_unknown": True, "barcodes": ["BARE-1"]}
    made["BARE-1"] = said(ada, "deliveries", lines=[line])["containers"][0]["id"]
    taken = said(ada, "check-outs", purpose="-", lines=[{"container_id": made["X-1"], "amount": "10", "unit": "g"}])
    made["check-out of X-1"] = taken["items"][0]["movement_id"]
    said(ada, "returns", lines=[{"movement_id": made["check-out of X-1"], "amount": "1", "unit": "g"}])
    more = said(ada, "check-outs", purpose="-", lines=[{"container_id": made["X-1"], "amount": "5", "unit": "g"}])
    said(
        ada,
        "corrections",
        reason="-",
        lines=[{"movement_id": more["items"][0]["movement_id"], "amount": "4", "unit": "g"}],
    )
    for where in ("room out", "room in"):
        said(ada, "moves", location_id=made[where], container_ids=[made["X-1"]])
    said(ben, "holdings", container_ids=[made["Y-1"]])
    said(ada, "holdings", container_ids=[made["MINE-1"]])
    said(ben, "holdings", container_ids=[made["BACK-1"]])
    said(ben, "holdings/returns", lines=[{"container_id": made["BACK-1"], "unchanged": True}])
    for code, reason in (("MARK-1", "is open"), ("GONE-1", "was disposed of"), ("KEPT-1", "was kept")):
        [made[reason]] = said(ada, "disposals", reason=reason, lines=[{"container_id": made[code]}])["disposal_ids"]
    said(ada, "disposals/confirmations", disposal_ids=[made["was disposed of"]], container_ids=[made["GONE-1"]])
    said(ada, "disposals/withdrawals", disposal_ids=[made["was kept"]])
    with shelf(installation) as on:
        made |= counted(on, made)
    [[made["ben"]]] = installation.psql("SELECT id FROM control.users WHERE username = 'ben'")
    return made


def counted(on: Shelf, made: dict[str, int]) -> dict[str, int]:
    """A stocktake that counts X-1 and does not find LOST-1; and OLD-1, received a year ago."""
    [[stocktake]] = on.run("INSERT INTO inventory.stocktakes DEFAULT VALUES RETURNING id")
    count = "INSERT INTO inventory.stocktake_counts (stocktake_id, container_id, found, counted, counted_unit) VALUES (%s, %s, %s, %s, %s)"
    on.run(count, stocktake, made["X-1"], True, "80", "g")
    on.run(count, stocktake, made["LOST-1"], False, None, None)
    on.run("SELECT * FROM inventory.post_stocktake(%s)", stocktake)
    [[chemical]] = on.run("SELECT chemical_id FROM inventory.containers WHERE barcode = 'X-1'")
    on.run("SELECT set_config('app.clock', '2025-01-01T12:00:00Z', false)")
    [[named]] = on.run("INSERT INTO inventory.chemicals (name) VALUES ('Old') RETURNING id")
    [[old]] = on.run(
        "INSERT INTO inventory.containers (chemical_id, barcode, unit) VALUES (%s, 'OLD-1', 'g') RETURNING id", named
    )
    on.post(old, "receive", "1", "g")
    return {"stocktake": stocktake, "xenon": chemical}


def filters(installation: Installation, paths: set[str] | None = None) -> set[tuple[str, str, Any]]:
    """Each filter of each list of the lab, or of the lists at `paths`, with each of its values where there are few."""
    found = set()
    for path, methods in installation.service.get("/openapi.json").json()["paths"].items():
        asked = {p["name"]: p["schema"] for p in methods.get("get", {}).get("parameters", []) if p["in"] == "query"}
        if (
            "cursor" not in asked
            or path.endswith((".csv", ".xlsx", ".sdf"))
            or (path in TRIED_ELSEWHERE if paths is None else path not in paths)
        ):
            continue
        for name, schema in asked.items():
            if name not in NO_FILTERS:
                kinds = [one.get("items", one) for one in [schema, *schema.get("anyOf", [])]]
                values = [value for kind in kinds for value in kind.get("enum", [])]
                values += [True, False] if any(kind.get("type") == "boolean" for kind in kinds) else []
                found |= {(path.removeprefix("/labs/{lab}/"), name, value) for value in values or [""]}
    return found


def test_each_filter_of_each_list_has_a_case(installation: Installation) -> None:
    tried = {(case.list, case.filter, value) for case in CASES for value in (case.value, "")}
    assert filters(installation) - tried == set()


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.list}?{case.filter}={case.value}")
def test_a_filter_finds_what_fits_and_leaves_out_what_does_not(
    installation: Installation, ids: dict[str, int], case: Case
) -> None:
    is_id = (
        isinstance(case.value, str)
        and case.value in ids
        and case.filter not in ("q", "barcode", "held", "state", "kind")
    )
    value = ids[case.value] if is_id else case.value
    answer = installation.as_user("ada").get(f"/labs/curie/{case.list}", params={case.filter: value, "limit": 200})
    assert answer.status_code == 200, answer.text
    found = {NAMES[case.list](line) for line in answer.json()["items"]}
    assert case.found in found
    assert case.left_out not in found
    assert any(name.endswith("BARE-1") for name in found) is case.bare_is_found
