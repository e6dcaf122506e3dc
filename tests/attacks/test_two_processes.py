"""Two processes of the API are one system: what one of them ends, counts or writes holds in the other, also at the same moment."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import boto3
import pytest
import requests

from tests.installation import PASSWORD, Client, Installation, make_login


@pytest.fixture(autouse=True)
def nobody_is_slowed(installation: Installation) -> None:
    installation.psql("DELETE FROM control.login_failures")


def session_of(process: Client, username: str, password: str = PASSWORD) -> dict[str, str]:
    credentials = {"username": username, "password": password, "address": "192.0.2.1"}
    answer = process.post("/sessions", json=credentials, headers={"Authorization": None})
    assert answer.status_code == 201, answer.text
    return {"Authorization": f"Bearer {answer.json()['token']}"}


def test_a_session_that_ends_in_one_ends_in_the_other(installation: Installation, other_process: Client) -> None:
    one, other = installation.service, other_process
    ends: dict[str, Callable[[dict[str, str], int], requests.Response]] = {
        "signed out": lambda session, _: one.delete("/sessions/current", headers=session),
        "ended from elsewhere": lambda session, number: one.delete(
            f"/sessions/{number}", headers=session_of(one, "ada")
        ),
    }
    for how, end in ends.items():
        session = session_of(one, "ada")
        assert other.get("/labs/curie/summary", headers=session).status_code == 200
        number = other.get("/sessions", headers=session).json()["items"][0]["id"]
        assert end(session, number).status_code == 204, how
        assert other.get("/labs/curie/summary", headers=session).status_code == 401, how


def test_guesses_are_counted_together(installation: Installation, other_process: Client) -> None:
    def guess(number: int) -> int:
        process = (installation.service, other_process)[number % 2]
        credentials = {"username": "ben", "password": "guess", "address": "192.0.2.1"}
        return process.post("/sessions", json=credentials).status_code

    with ThreadPoolExecutor(16) as burst:
        answers = list(burst.map(guess, range(16)))
    assert (answers.count(401), answers.count(429)) == (5, 11)


def test_logins_that_are_made_at_the_same_moment_are_all_there(
    installation: Installation, other_process: Client
) -> None:
    """The secret is read, changed and written as a whole: two who do so at once would undo each other's logins."""
    root = installation.as_user("root")
    session = {"Authorization": str(root.headers["Authorization"])}

    def make(number: int) -> int:
        process = (root, other_process)[number % 2]
        wanted = {"logins": [{"username": f"at-once-{number}"}]}
        return process.post("/logins", json=wanted, headers=session).status_code

    with ThreadPoolExecutor(8) as both:
        assert list(both.map(make, range(8))) == [201] * 8
    secret = boto3.client("secretsmanager").get_secret_value(SecretId=installation.login_secret)["SecretString"]
    assert {f"at-once-{number}" for number in range(8)} < json.loads(secret).keys()
    listed = {login["username"] for login in other_process.get("/logins", headers=session).json()["items"]}
    assert {f"at-once-{number}" for number in range(8)} < listed


def test_a_made_password_lets_in_once_in_both_together(installation: Installation, other_process: Client) -> None:
    root = installation.as_user("root")
    [made] = root.post("/logins", json={"logins": [{"username": "once"}]}).json()["items"]

    def sign_in(process: Client) -> int:
        credentials = {"username": "once", "password": made["password"], "address": "192.0.2.1"}
        return process.post("/sessions", json=credentials, headers={"Authorization": None}).status_code

    with ThreadPoolExecutor(2) as both:
        assert sorted(both.map(sign_in, (root, other_process))) == [201, 401]


def test_of_two_changes_of_my_password_at_once_one_holds_and_no_session_of_the_other(
    installation: Installation, other_process: Client
) -> None:
    root = installation.as_user("root")
    make_login(root, "twin")
    old = "a password of their own"
    sessions = [session_of(process, "twin", old) for process in (root, other_process)]
    new = ["violet tractor under glass", "orange submarine on stilts"]

    def change(number: int) -> int:
        body = {"current_password": old, "new_password": new[number]}
        process = (root, other_process)[number]
        return process.put("/sessions/current/password", json=body, headers=sessions[number]).status_code

    with ThreadPoolExecutor(2) as both:
        list(both.map(change, range(2)))
    fits = [
        root.post(
            "/sessions",
            json={"username": "twin", "password": word, "address": "192.0.2.1"},
            headers={"Authorization": None},
        ).status_code
        for word in (old, *new)
    ]
    assert fits[0] == 401
    assert sorted(fits[1:]) == [201, 401]
