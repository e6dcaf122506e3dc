"""Lists of hazard classifications: uploaded and kept by an administrator, seen by all labs, written by nobody else."""

from typing import Any

import psycopg
import pytest

from tests.installation import Client, Installation

LIST = """Annex,,,,,,
CAS No,International Chemical Identification,Hazard Statement Code(s),Suppl. Hazard Statement Code(s),"Pictogram, Signal Word Code(s)",Notes
64-17-5,ethanol,H225,,GHS02 Dgr,
7440-66-6,zinc powder (pyrophoric),H250 H260 H410,,GHS02 GHS09 Dgr,T
7440-66-6,zinc powder (stabilised),H400 H410,,GHS09 Wng,
108-38-3 [1] 95-47-6 [2],xylene,H226 H332 * H312 *,,GHS02 GHS07 Wng,C
98-01-1,2-furaldehyde,H301 H351 H373 (nervous system),EUH066,,
-,no number,H302,,GHS07 Wng,
64-17-4,wrong check digit,H225,,GHS02 Dgr,
67-56-1,methanol,"H225 H999",,GHS02 Dgr,
67-63-0,no codes,,,GHS02 Dgr,
75-07-0,words,"H224, very toxic",,GHS02 Dgr,
71-43-2,a sign,H225,,skull Dgr,
67-66-3,two words,H302,,GHS07 Wng Dgr,
75-21-8,open word,H272,,GHS03,
"""


def upload(client: Client, name: str, version: str, text: str = LIST) -> Any:
    return client.post(
        "/classifications", data={"name": name, "version": version}, files={"file": ("list.csv", text.encode())}
    )


@pytest.fixture(scope="module")
def loaded(installation: Installation) -> dict[str, Any]:
    answer = upload(installation.as_user("root"), "Annex VI", "ATP 21")
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_each_row_is_understood_or_said_to_be_not_understood_with_a_reason(loaded: dict[str, Any]) -> None:
    understood = {
        (one["cas_number"], one["name"]): (one["pictograms"], one["signal_word"], one["h_statements"])
        for one in loaded["items"]
    }
    assert understood == {
        ("64-17-5", "ethanol"): (["GHS02"], "Danger", ["H225"]),
        ("7440-66-6", "zinc powder (pyrophoric)"): (["GHS02", "GHS09"], "Danger", ["H250", "H260", "H410"]),
        ("7440-66-6", "zinc powder (stabilised)"): (["GHS09"], "Warning", ["H400", "H410"]),
        ("108-38-3", "xylene"): (["GHS02", "GHS07"], "Warning", ["H226", "H312", "H332"]),
        ("95-47-6", "xylene"): (["GHS02", "GHS07"], "Warning", ["H226", "H312", "H332"]),
        ("98-01-1", "2-furaldehyde"): (["GHS06", "GHS08"], "Danger", ["EUH066", "H301", "H351", "H373"]),
    }
    assert {one["row"]: one["reason"] for one in loaded["refused"]} == {
        8: "It has no CAS number.",
        9: "“64-17-4” is not a CAS number.",
        10: "H statements: “H999” is not understood.",
        11: "It has no H statement.",
        12: "H statements: “very toxic” is not understood.",
        13: "Pictograms: “skull” is not understood.",
        14: "Signal word: “” is not understood.",
        15: "Signal word: H272 may be Danger or Warning, and the list says neither.",
    }
    assert (loaded["classifications"], loaded["substances"], loaded["with_several"], loaded["refused_rows"]) == (
        6,
        5,
        1,
        8,
    )
    assert (loaded["made_by_name"], loaded["kept_at"], loaded["is_latest"]) == ("root", None, False)


def test_labs_see_what_was_kept_and_nobody_changes_it_then(installation: Installation, loaded: dict[str, Any]) -> None:
    root, number = installation.as_user("root"), loaded["id"]
    mine = "SELECT 1 FROM reference.classifications WHERE list_id = %s"
    lists = "SELECT id FROM reference.classification_lists WHERE id = %s"
    assert installation.psql(mine, number, as_="chemuser") == []
    assert installation.psql(lists, number, as_="chemuser") == []
    kept = root.post(f"/classifications/{number}/keep")
    assert kept.status_code == 200, kept.text
    assert kept.json()["is_latest"]
    assert len(installation.psql(mine, number, as_="chemuser")) == 6
    assert len(installation.psql(lists, number, as_="chemuser")) == 1
    assert root.post(f"/classifications/{number}/keep").status_code == 409
    assert root.delete(f"/classifications/{number}").status_code == 409
    again = upload(root, "annex vi", "atp 21").json()
    assert root.post(f"/classifications/{again['id']}/keep").status_code == 409
    assert root.delete(f"/classifications/{again['id']}").status_code == 204
    assert root.get(f"/classifications/{again['id']}").status_code == 404
    [listed] = [one for one in root.get("/classifications").json()["items"] if one["id"] == number]
    assert (listed["version"], listed["is_latest"]) == ("ATP 21", True)
    kinds = [one["kind"] for one in root.get("/events").json()["items"] if one["kind"].startswith("classifications_")]
    assert kinds == [
        "classifications_discarded",
        "classifications_uploaded",
        "classifications_kept",
        "classifications_uploaded",
    ]


@pytest.mark.parametrize(
    ("role", "statement"),
    [
        ("chemuser", "INSERT INTO reference.classification_lists (name, version, file_name) VALUES ('a', 'b', 'c')"),
        ("chemuser", "UPDATE reference.classification_lists SET kept_at = NULL"),
        ("chemuser", "DELETE FROM reference.classifications"),
        ("chemuser", "UPDATE reference.classifications SET h_statements = '{H302}'"),
        ("chemadmin", "UPDATE reference.classifications SET h_statements = '{H302}'"),
        ("chemadmin", "DELETE FROM reference.classifications"),
        ("chemadmin", "UPDATE reference.classification_lists SET name = 'other'"),
    ],
)
def test_no_role_of_the_api_writes_what_it_may_not(installation: Installation, role: str, statement: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        installation.psql(statement, as_=role)


def test_what_was_kept_is_neither_filled_further_nor_discarded_by_administration(installation: Installation) -> None:
    root = installation.as_user("root")
    number = upload(root, "HCIS", "May 2022").json()["id"]
    assert root.post(f"/classifications/{number}/keep").status_code == 200
    more = "INSERT INTO reference.classifications (list_id, place, cas_number, pictograms, h_statements) VALUES (%s, 99, '64-17-5', '{}', '{H302}')"
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        installation.psql(more, number, as_="chemadmin")
    assert (
        installation.psql(
            "DELETE FROM reference.classification_lists WHERE id = %s RETURNING id", number, as_="chemadmin"
        )
        == []
    )
    assert (
        installation.psql(
            "UPDATE reference.classification_lists SET kept_at = NULL WHERE id = %s RETURNING id",
            number,
            as_="chemadmin",
        )
        == []
    )


def test_only_administrators_reach_the_lists(installation: Installation, loaded: dict[str, Any]) -> None:
    ada, number = installation.as_user("ada"), loaded["id"]
    assert ada.get("/classifications").status_code == 403
    assert ada.get(f"/classifications/{number}").status_code == 403
    assert upload(ada, "Forged", "1").status_code == 403
    assert ada.post(f"/classifications/{number}/keep").status_code == 403
    assert ada.delete(f"/classifications/{number}").status_code == 403


@pytest.mark.parametrize(
    ("name", "version", "text", "pointer", "sentence"),
    [
        ("", "1", LIST, "/name", "Write 1 to 80 characters on one line."),
        ("A", 81 * "x", LIST, "/version", "Write 1 to 80 characters on one line."),
        ("A\0", "1", LIST, "/name", "Write 1 to 80 characters on one line."),
        ("A", "1", "Name,Amount\nSalt,5\n", "/file", "No row is a head with a column of CAS numbers and one of H statements (H codes)."),
        ("A", "1", "CAS,H codes\n64-17-5,\n", "/file", "No row of this file is understood. It has no H statement."),
        ("A", "1", "%PDF-1.7", "/file", None),
        ("A", "1", "", "/file", "The file is empty."),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_beside_its_field(
    installation: Installation, name: str, version: str, text: str, pointer: str, sentence: str | None
) -> None:
    answer = upload(installation.as_user("root"), name, version, text)
    assert answer.status_code == 422, answer.text
    [error] = answer.json()["errors"]
    assert error["pointer"] == pointer
    assert sentence in (None, error["detail"])
