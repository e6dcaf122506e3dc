"""The trace as a page, for managers and administrators, and the notice on Home."""

import pytest

from tests.installation import Installation


@pytest.fixture(scope="module", autouse=True)
def added(installation: Installation) -> None:
    root = installation.as_user("root")
    assert root.post("/labs/curie/members", json={"usernames": ["eve"], "role": "viewer"}).status_code == 201


def test_administrators_read_every_act(installation: Installation) -> None:
    page = installation.page("admin", "root").soup("/admin/events?person=eve&kind=member_added")
    first = page.select("main tbody tr")[0].text
    assert "Member added" in first
    assert "role: viewer" in first
    assert "lab: curie" in first
    assert page.select_one("a[href='/admin/events.csv?person=eve&kind=member_added']")
    assert page.select_one("nav a[href='/admin/events'][aria-current]")


def test_managers_read_the_acts_of_their_lab_and_get_them_as_a_file(installation: Installation) -> None:
    ada = installation.page("history", "ada")
    assert ada.soup("/history/curie").select_one("a[href='/history/curie/events']")
    page = ada.soup("/history/curie/events")
    assert "Member added" in page.select("main tbody tr")[0].text
    file = ada.get("/history/curie/events.csv?kind=member_added")
    assert file.status_code == 200
    assert "eve" in file.text
    assert installation.page("history", "ben").get("/history/curie/events").status_code == 403
    assert not installation.page("history", "ben").soup("/history/curie").select_one("a[href='/history/curie/events']")


def test_a_wrong_filter_is_said_beside_it_and_the_others_hold(installation: Installation) -> None:
    answer = installation.page("history", "ada").get("/history/curie/events?from=2026-02-01&to=2026-01-01&person=eve")
    assert answer.status_code == 422
    assert "This is before the first day." in answer.text
    assert "Member added" in answer.text


def test_home_tells_managers_alone_and_loudly_of_an_administrator_who_let_themselves_in(
    installation: Installation,
) -> None:
    ada = installation.page("home", "ada").soup("/home/curie")
    assert "eve last, by root" in ada.text
    assert ada.select_one("a[href='/history/curie/events?kind=member_added']")
    assert not installation.page("home", "ben").soup("/home/curie").select("main .ct-note")
    root = installation.as_user("root")
    assert root.post("/labs/curie/members", json={"usernames": ["root"], "role": "manager"}).status_code == 201
    note = installation.page("home", "ada").soup("/home/curie").select_one("main .ct-note.danger")
    assert note
    assert "root, an administrator, added themselves to this lab as a manager today." in note.text
