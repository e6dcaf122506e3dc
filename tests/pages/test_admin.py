"""The administration pages, over the real API."""

import io
import re

import pytest

from tests.installation import Installation, PageClient, fields_of, words


@pytest.fixture
def root(installation: Installation) -> PageClient:
    return installation.page("admin", "root")


def test_a_lab_is_made_and_given_members(installation: Installation, root: PageClient) -> None:
    made = root.submit("/admin/new-lab", "main form", name="Noether lab", slug="noether", time_zone="Europe/Berlin")
    assert "Members of Noether lab" in made.text
    added = root.submit("/admin/labs/noether", "form[action$='/members']", usernames="ada, ben", role="viewer")
    assert "ada, ben added" in added.text
    table = root.soup("/admin/labs/noether").select("table tbody tr")
    assert [row.select_one(".name").text for row in table] == ["ada", "ben"]  # type: ignore[union-attr]
    assert installation.as_user("ada").get("/labs/noether/chemicals").status_code == 200


def test_a_refused_lab_keeps_what_was_typed_and_says_why_beside_the_field(root: PageClient) -> None:
    answer = root.submit("/admin/new-lab", "main form", name="Second Curie", slug="curie", time_zone="UTC")
    assert answer.status_code == 409
    assert 'value="Second Curie"' in answer.text
    assert 'id="slug-error"' in answer.text


def test_an_unknown_member_is_refused_beside_the_field_and_kept(root: PageClient) -> None:
    answer = root.submit("/admin/labs/hodgkin", "form[action$='/members']", usernames="ada nobody", role="member")
    assert answer.status_code == 422
    assert "There is no login nobody." in answer.text
    assert 'value="ada nobody"' in answer.text


def test_a_role_changes_and_a_member_is_removed_after_one_question(
    installation: Installation, root: PageClient
) -> None:
    soup = root.soup("/admin/labs/curie")
    [role_form] = [form for form in soup.select("form[action$='/role']") if "cleo" in str(form)]
    root.submit("/admin/labs/curie", f"form[action='{role_form['action']}']", role="member")
    assert installation.as_user("cleo").post("/labs/curie/chemicals", json={"name": "Salt"}).status_code == 201
    question = str(role_form["action"]).replace("/role", "/remove")
    assert "Remove cleo from Curie lab?" in root.soup(question).text
    root.submit(question, "form[action$='/remove']")
    assert installation.as_user("cleo").get("/labs/curie/chemicals").status_code == 404
    assert "former member" in root.soup("/admin/labs/curie").text


def test_a_lab_is_renamed_archived_and_taken_back(root: PageClient) -> None:
    root.submit("/admin/labs/hodgkin/edit", "main form", name="Dorothy’s lab")
    assert "Members of Dorothy’s lab" in root.soup("/admin/labs/hodgkin").text
    root.submit("/admin/labs/hodgkin/archive", "form[action$='/archive']")
    assert "archived" in root.soup("/admin/labs/hodgkin").select_one("nav.labs").text  # type: ignore[union-attr]
    root.submit("/admin/labs/hodgkin", "form[action$='/restore']")
    assert root.soup("/admin/labs/hodgkin").select_one("form[action$='/members']")


def test_logins_are_made_many_at_once_and_their_passwords_shown_once(
    installation: Installation, root: PageClient
) -> None:
    made = root.submit("/admin/logins/new", "main form", logins="dora Dora Weiss\nfinn\n")
    passwords = re.findall(r'data-copy="([^"]+)"', made.text)
    assert len(passwords) == 2
    assert installation.new_token("dora", passwords[0])
    again = root.submit("/admin/logins/new", "main form", logins="greta\ndora Dora Weiss")
    assert again.status_code == 422
    assert "dora Dora Weiss: There is a login of this name already." in again.text
    logins = root.soup("/admin/logins").text
    assert "Dora Weiss" in logins
    assert "greta" not in logins
    assert passwords[0] not in logins


def test_a_password_is_reset_and_a_login_edited_and_removed(installation: Installation, root: PageClient) -> None:
    root.submit("/admin/logins/new", "main form", logins="ida")
    shown = root.submit("/admin/logins/ida/password", "form[action$='/password']")
    [password] = re.findall(r'data-copy="([^"]+)"', shown.text)
    assert installation.new_token("ida", password)
    root.submit("/admin/logins/ida/edit", "main form", name="Ida Noddack", administrator="1")
    assert "Ida Noddack" in root.soup("/admin/logins").text
    root.submit("/admin/logins/ida/remove", "form[action$='/remove']")
    assert "Ida Noddack" not in root.soup("/admin/logins").text


def test_an_administrator_cannot_remove_themselves(root: PageClient) -> None:
    answer = root.submit("/admin/logins/root/remove", "form[action$='/remove']")
    assert answer.status_code == 409
    assert "so that one always remains" in answer.text


@pytest.mark.parametrize("path", ["/admin", "/admin/logins", "/admin/labs/curie", "/admin/new-lab"])
def test_members_do_not_administer(installation: Installation, path: str) -> None:
    ada = installation.page("admin", "ada")
    if path == "/admin/new-lab":
        assert ada.submit(path, "main form", name="Mine", slug="mine").status_code == 403
    else:
        assert ada.get(path).status_code == 403


def test_search_finds_a_lab_or_a_member(root: PageClient) -> None:
    found = root.soup("/admin?q=be").text
    assert "ben" in found
    assert root.get("/admin?q=curie").location == "/admin/labs/curie"
    assert "Nobody of this name" in root.soup("/admin?q=zzz").text


def test_isolation_is_proved_between_two_labs(root: PageClient) -> None:
    answer = root.get("/admin/isolation?lab=curie&other=hodgkin")
    assert answer.status_code == 200
    assert "Nothing of" in answer.text
    assert "Isolation is broken" not in answer.text
    same = root.get("/admin/isolation?lab=curie&other=curie")
    assert same.status_code == 422
    assert "Choose two different labs." in same.text


def test_a_dropped_policy_turns_the_page_red(installation: Installation, root: PageClient) -> None:
    name = '"a lab reaches only its own rows" ON inventory.locations'
    installation.psql(f"DROP POLICY {name}")
    try:
        page = root.soup("/admin/isolation?lab=curie&other=hodgkin")
    finally:
        own = "(lab_id = (SELECT control.lab_id()))"
        installation.psql(f"CREATE POLICY {name} TO chemuser, chemowner USING {own} WITH CHECK {own}")
    [alert] = page.select(".ct-verdict[role=alert]")
    assert "Isolation is broken" in alert.text


LIST = "CAS No,Name,H codes\n64-17-5,ethanol,H225\n67-56-1,methanol,H999\n"


def test_a_list_of_classifications_is_looked_at_before_it_is_kept(root: PageClient) -> None:
    page = root.soup("/admin/classifications")
    form = page.select_one("main form")
    assert form is not None
    fields = fields_of(form) | {"name": "HCIS", "version": "May 2022"}
    refused = root.post("/admin/classifications", data=fields | {"file": (io.BytesIO(b"Name\nSalt\n"), "list.csv")})
    assert refused.status_code == 422
    assert 'id="file-error"' in refused.text
    assert 'value="May 2022"' in refused.text
    shown = root.post("/admin/classifications", data=fields | {"file": (io.BytesIO(LIST.encode()), "list.csv")})
    assert shown.status_code == 303
    said = words(root.soup(shown.headers["Location"]).select_one("main"))
    assert "1 entry of 1 substance understood" in said
    assert "1 row not understood" in said
    assert "H statements: “H999” is not understood." in said
    kept = root.submit(shown.headers["Location"], "form[action$='/keep']")
    assert "All labs see HCIS, May 2022 now" in kept.text
    assert "Labs adopt from it" in kept.text
    again = root.post(f"{shown.headers['Location']}/keep", data={"csrf_token": fields["csrf_token"]})
    assert again.status_code == 409
    assert "This version is kept already." in again.text
    other = root.post("/admin/classifications", data=fields | {"file": (io.BytesIO(LIST.encode()), "list.csv")})
    assert "The list is discarded" in root.submit(other.headers["Location"], "form[action$='/discard']").text
