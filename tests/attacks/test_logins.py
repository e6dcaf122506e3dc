"""Users who were shut out cannot come in again; nobody can shut others out; administrators are told the truth."""

import json
import secrets
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import argon2
import boto3
import psycopg
import pytest
import requests

from api.core.login_directory import LoginDirectory
from tests.attacks.conftest import REMOVED
from tests.coroutines import run
from tests.installation import PASSWORD, Client, Installation, make_login

Edit = Callable[[dict[str, Any]], None]


@pytest.fixture(scope="module")
def root(installation: Installation) -> Client:
    return installation.as_user("root")


@pytest.fixture(autouse=True)
def nobody_is_slowed(installation: Installation) -> None:
    installation.psql("DELETE FROM control.login_failures")


def sign_in(api: Client, username: str, password: str = PASSWORD, **more: str) -> requests.Response:
    credentials = {"username": username, "password": password, "address": "192.0.2.1"} | more
    # Signs in from a new browser, because a sign-in ends the session that a browser had.
    return api.post("/sessions", json=credentials, headers={"Authorization": None})


def bearer(answer: requests.Response) -> dict[str, str]:
    assert answer.status_code == 201, answer.text
    return {"Authorization": f"Bearer {answer.json()['token']}"}


def kept(installation: Installation) -> dict[str, str]:
    """The entries of the secret of logins, as they are now."""
    found = boto3.client("secretsmanager").get_secret_value(SecretId=installation.login_secret)["SecretString"]
    return json.loads(found)  # type: ignore[no-any-return]


def forget_what_was_read(installation: Installation) -> None:
    """Makes the API read the secret again. It keeps a reading for two seconds; it notices at once only changes that ChemTrack makes."""
    installation.psql("UPDATE control.login_directory SET version = version + 1")


# -- Who was shut out -------------------------------------------------------------------------------------------------


def test_no_process_takes_a_password_that_was_reset(
    installation: Installation, root: Client, other_process: Client
) -> None:
    make_login(root, "mary", "the password before")
    # The other process now has the login in its cache.
    before = bearer(sign_in(other_process, "mary", "the password before"))
    reset = root.put("/logins/mary/password", json={"password": "chosen by root"})
    assert reset.json()["password"] != "chosen by root", "no administrator chooses somebody else's password"
    assert sign_in(other_process, "mary", "the password before").status_code == 401
    assert sign_in(other_process, "mary", "chosen by root").status_code == 401
    assert sign_in(other_process, "mary", reset.json()["password"]).json()["password_first"] is True
    assert other_process.get("/sessions/current", headers=before).status_code == 401


def test_no_process_takes_a_password_that_its_owner_changed(root: Client, other_process: Client) -> None:
    make_login(root, "nora", "the password before")
    here = bearer(sign_in(root, "nora", "the password before"))
    bearer(sign_in(other_process, "nora", "the password before"))
    change = {"current_password": "the password before", "new_password": "the password after"}
    assert root.put("/sessions/current/password", json=change, headers=here).status_code == 200
    assert sign_in(other_process, "nora", "the password before").status_code == 401
    assert sign_in(other_process, "nora", "the password after").status_code == 201


def test_no_process_lets_in_whose_login_was_removed(root: Client, other_process: Client) -> None:
    make_login(root, "otto")
    bearer(sign_in(other_process, "otto", "a password of their own"))
    assert root.delete("/logins/otto").status_code == 204
    assert sign_in(other_process, "otto", "a password of their own").status_code == 401


def test_a_password_changed_by_hand_holds_at_once(installation: Installation, root: Client, edit_secret: Edit) -> None:
    make_login(root, "pia", "the password before")
    bearer(sign_in(root, "pia", "the password before"))
    edit_secret({"pia": "the password after"})
    assert sign_in(root, "pia", "the password before").status_code == 401


def test_who_is_missing_in_the_secret_is_retired_and_comes_back_as_somebody_new(
    installation: Installation, root: Client, edit_secret: Edit
) -> None:
    make_login(root, "quinn")
    root.post("/labs/hodgkin/members", json={"usernames": ["quinn"], "role": "manager"})
    session = bearer(sign_in(root, "quinn", "a password of their own"))
    installation.psql("UPDATE control.users SET login_seen_at = login_seen_at - interval '1 minute'")
    edit_secret({"quinn": REMOVED})
    assert sign_in(root, "ada").status_code == 201  # any sign-in makes the process read all secrets again
    assert root.get("/sessions/current", headers=session).status_code == 401
    edit_secret({"quinn": "typed by an operator"})
    installation.psql(
        "UPDATE control.login_directory SET version = version + 1"
    )  # no process uses its old reading of the secrets any more
    again = sign_in(root, "quinn", "typed by an operator")
    assert again.json()["labs"] == []


def test_a_login_made_under_the_name_of_one_removed_by_hand_is_somebody_new(root: Client, edit_secret: Edit) -> None:
    make_login(root, "rolf")
    root.post("/labs/hodgkin/members", json={"usernames": ["rolf"], "role": "manager"})
    before = bearer(sign_in(root, "rolf", "a password of their own"))
    edit_secret({"rolf": REMOVED})
    make_login(root, "rolf", "somebody else altogether")
    assert root.get("/sessions/current", headers=before).status_code == 401
    assert sign_in(root, "rolf", "somebody else altogether").json()["labs"] == []


def test_who_a_dba_made_before_the_secret_knew_them_is_not_retired(installation: Installation, root: Client) -> None:
    installation.psql("SELECT control.make_administrator('first')")
    assert sign_in(root, "ada").status_code == 201
    kept = installation.psql("SELECT retired_at FROM control.users WHERE username = 'first'")
    assert kept == [(None,)]


@pytest.mark.parametrize("value", [None, True, 7, "", ["x"]])
def test_what_is_no_text_in_the_secret_is_nobodys_password(
    installation: Installation, root: Client, edit_secret: Edit, value: object
) -> None:
    edit_secret({"rosa": value})
    forget_what_was_read(installation)
    for guess in ("None", "null", "True", "true", "7", "['x']"):
        assert sign_in(root, "rosa", guess, address="198.51.100.1", device=guess * 2).status_code == 401


@pytest.mark.parametrize("text", ["not JSON", "[]", "null", ""])
def test_a_secret_that_cannot_be_read_is_a_sentence(installation: Installation, root: Client, text: str) -> None:
    manager = boto3.client("secretsmanager")
    before = manager.get_secret_value(SecretId=installation.login_secret)["SecretString"]
    manager.put_secret_value(SecretId=installation.login_secret, SecretString=text or " ")
    try:
        answer = root.get("/logins")
        assert (answer.status_code, "not a JSON object" in answer.json()["detail"]) == (503, True)
    finally:
        manager.put_secret_value(SecretId=installation.login_secret, SecretString=before)


# -- Nobody locks anybody out -----------------------------------------------------------------------------------------


def test_a_burst_is_slowed_before_its_passwords_are_looked_at(root: Client) -> None:
    with ThreadPoolExecutor(16) as burst:
        answers = list(burst.map(lambda _: sign_in(root, "ben", "guess").status_code, range(16)))
    assert answers.count(401) == 5, answers
    assert answers.count(429) == 11


def test_a_try_waits_until_the_one_before_it_is_noted(installation: Installation) -> None:
    note = "SELECT FROM control.note_try(%s, '192.0.2.1')"
    dsn = installation.dsn("chemadmin")
    with psycopg.connect(dsn) as first, psycopg.connect(dsn) as second:
        first.execute(note, ("ben",))
        second.execute("SET lock_timeout = '100ms'")
        second.execute(note, ("cleo",))  # another name waits for nobody
        with pytest.raises(psycopg.errors.LockNotAvailable):
            second.execute(note, ("ben",))
        second.rollback()
        first.rollback()


def test_a_stranger_from_many_networks_does_not_delay_the_owner(root: Client) -> None:
    for network in range(24):
        for _ in range(5):
            sign_in(root, "cleo", "guess", address=f"198.51.{network}.1")
    assert sign_in(root, "cleo", address="203.0.113.1").status_code == 429, "a browser that is not known waits"
    known = sign_in(root, "cleo", address="198.51.3.1", device="a browser where cleo signed in")
    assert known.status_code == 201, "a known browser does not wait, even in the stranger's network"


def test_an_administrator_can_always_come_in(root: Client) -> None:
    for network in range(24):
        for _ in range(5):
            sign_in(root, "root", "guess", address=f"198.51.{network}.1")
    assert sign_in(root, "root", address="203.0.113.1").status_code == 201


def test_an_administrator_comes_in_from_a_network_of_guesses(root: Client) -> None:
    """Whoever guesses made-up names uses up the tries of the whole network, in which others sit, too."""
    guesses = [sign_in(root, f"made-up-{number}", "guess").status_code for number in range(22)]
    assert guesses == [401] * 20 + [429] * 2
    assert sign_in(root, "ben").status_code == 429
    assert sign_in(root, "root", "guess").status_code == 429
    assert sign_in(root, "root").status_code == 201


def test_nobody_learns_who_is_an_administrator_by_guessing(root: Client) -> None:
    """Names of administrators are spared the slowing of guesses from all networks, and only the right password shows that."""

    def answers(username: str) -> list[int]:
        return [
            sign_in(root, username, "guess", address=f"198.51.{number // 5}.1").status_code for number in range(105)
        ]

    assert answers("root") == answers("ben") == answers("nobody-at-all") == [401] * 100 + [429] * 5
    assert sign_in(root, "ben", address="203.0.113.1").status_code == 429
    assert sign_in(root, "root", address="203.0.113.1").status_code == 201


def test_a_network_is_a_line_or_a_building(root: Client) -> None:
    for number in range(5):
        assert sign_in(root, "ada", "guess", address=f"192.0.2.{number}").status_code == 401
    assert sign_in(root, "ada", "guess", address="192.0.2.99").status_code == 429
    assert sign_in(root, "ada", "guess", address="::ffff:192.0.2.7").status_code == 429
    assert sign_in(root, "ada", "guess", address="192.0.2.7:4711").status_code == 429, (
        "some load balancers write a port"
    )
    for number in range(5):
        assert sign_in(root, "ada", "guess", address=f"2001:db8::{number}").status_code == 401
    assert sign_in(root, "ada", "guess", address="[2001:db8::ffff:1]:4711").status_code == 429


def test_guessing_my_password_from_my_own_session_is_slowed(root: Client) -> None:
    make_login(root, "sam", "sam has this password")
    session = bearer(sign_in(root, "sam", "sam has this password"))

    def change(guess: str) -> int:
        body = {"current_password": guess, "new_password": "another password of sam"}
        return root.put("/sessions/current/password", json=body, headers=session).status_code

    assert [change("guess") for _ in range(5)] == [422] * 5
    assert change("sam has this password") == 429
    assert sign_in(root, "sam", "sam has this password").status_code == 201, "the sign-in is not slowed by that"


# -- Passwords --------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def theodora(root: Client) -> dict[str, str]:
    make_login(root, "theodora")
    return bearer(sign_in(root, "theodora", "a password of their own"))


# The last two stand in no list of words, but in lists of passwords that were stolen; the one before them in no list at all.
@pytest.mark.parametrize(
    "password",
    [
        "short",
        "password1234",
        "qwertyuiop",
        "1234567890",
        "chemtrack1",
        "theodora12",
        "chemtrack-demo",
        "c h e m - t r a c k quartz lamp",
        "quartz Ｔheodora lamp 81",
        "correct horse battery staple",
        "mondaymondaymonday",
        "067l1iziodze9s3d",
        "0678889414stasuu",
    ],
)
def test_a_common_password_is_refused_beside_its_field(root: Client, theodora: dict[str, str], password: str) -> None:
    change = {"current_password": "a password of their own", "new_password": password}
    answer = root.put("/sessions/current/password", json=change, headers=theodora)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/new_password")


def test_new_passwords_that_are_refused_are_no_wrong_tries(root: Client, theodora: dict[str, str]) -> None:
    change = {"current_password": "a password of their own", "new_password": "chemtrack-demo"}
    for _ in range(8):
        assert root.put("/sessions/current/password", json=change, headers=theodora).status_code == 422


def test_a_made_password_lets_in_once_and_only_to_choose_another(root: Client) -> None:
    [made] = root.post("/logins", json={"logins": [{"username": "una"}]}).json()["items"]
    root.post("/labs/hodgkin/members", json={"usernames": ["una"], "role": "manager"})
    first = sign_in(root, "una", made["password"])
    assert first.json()["password_first"] is True
    session = bearer(first)
    for path in ("/labs/hodgkin/chemicals", "/labs"):
        answer = root.get(path, headers=session)
        assert (answer.status_code, "password of your own" in answer.json()["detail"]) == (403, True)
    again = sign_in(root, "una", made["password"])
    assert (again.status_code, "no longer good" in again.json()["detail"]) == (401, True)
    change = {"current_password": made["password"], "new_password": "una chose this herself"}
    renewed = root.put("/sessions/current/password", json=change, headers=session)
    session = {"Authorization": f"Bearer {renewed.json()['token']}"}
    assert root.get("/labs/hodgkin/chemicals", headers=session).status_code == 200
    assert sign_in(root, "una", "una chose this herself").json()["password_first"] is False


def test_a_made_password_is_good_for_three_days(installation: Installation, root: Client) -> None:
    [made] = root.post("/logins", json={"logins": [{"username": "vera"}]}).json()["items"]
    [(hours,)] = installation.psql(
        "SELECT extract(epoch FROM made_password_until - now()) / 3600 FROM control.users WHERE username = 'vera'"
    )
    assert 71 < hours <= 72
    installation.psql(
        "UPDATE control.users SET made_password_until = now() - interval '1 second' WHERE username = 'vera'"
    )
    assert sign_in(root, "vera", made["password"]).status_code == 401


def test_plain_text_in_the_secret_is_replaced_by_its_hash_at_the_first_sign_in(
    installation: Installation, root: Client, edit_secret: Edit
) -> None:
    edit_secret({"yara": "typed by an operator"})
    forget_what_was_read(installation)
    assert sign_in(root, "yara", "a wrong password").status_code == 401
    assert kept(installation)["yara"] == "typed by an operator"
    assert sign_in(root, "yara", "typed by an operator").status_code == 201
    hashed = kept(installation)["yara"]
    assert hashed.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert sign_in(root, "yara", "typed by an operator").status_code == 201
    assert kept(installation)["yara"] == hashed, "a hash of today's parameters stays"


def test_a_hash_of_former_parameters_is_made_anew_at_the_next_sign_in(
    installation: Installation, root: Client, edit_secret: Edit
) -> None:
    edit_secret({"zoe": argon2.PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash("hashed long ago")})
    forget_what_was_read(installation)
    assert sign_in(root, "zoe", "hashed long ago").status_code == 201
    assert kept(installation)["zoe"].startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert sign_in(root, "zoe", "hashed long ago").status_code == 201


def test_a_password_that_an_operator_changed_meanwhile_is_not_overwritten(
    installation: Installation, edit_secret: Edit
) -> None:
    edit_secret({"yara": "the newer one"})
    directory = LoginDirectory([installation.login_secret], "us-east-1")
    run(directory.write({"yara": "a hash of the older one"}, unsure="", instead_of={"yara": "the older one"}))
    assert kept(installation)["yara"] == "the newer one"


# -- The answer is true --------------------------------------------------------------------------------------------------


@pytest.fixture
def stuck_database(installation: Installation) -> Iterator[None]:
    """The database answers, but takes no change of a user: the secret is written, and what follows it fails."""
    with psycopg.connect(installation.dsn()) as other:
        other.execute("SET ROLE chemowner")
        other.execute("LOCK TABLE control.users IN SHARE MODE")
        yield


@pytest.fixture
def half(root: Client) -> str:
    name = f"half-{secrets.token_hex(3)}"
    make_login(root, name)
    return name


def said(answer: Any) -> str:
    assert answer.status_code == 503, answer.text
    sentence = str(answer.json()["detail"])
    assert "Nothing was changed" not in sentence
    return sentence


def test_logins_that_the_database_did_not_take_in_are_said_to_be_made(
    installation: Installation, root: Client, stuck_database: None
) -> None:
    answer = root.post("/logins", json={"logins": [{"username": "halina"}]})
    assert "halina" in kept(installation)
    assert "passwords are lost" in said(answer)


def test_a_reset_that_the_database_did_not_note_says_that_the_new_password_is_lost(
    installation: Installation, root: Client, half: str, stuck_database: None
) -> None:
    before = kept(installation)[half]
    assert "the new one is lost" in said(root.put(f"/logins/{half}/password", json={}))
    assert kept(installation)[half] != before


def test_a_removal_that_the_database_did_not_follow_ends_when_the_list_is_opened(
    installation: Installation, root: Client, half: str
) -> None:
    with psycopg.connect(installation.dsn()) as other:
        other.execute("SET ROLE chemowner")
        other.execute("LOCK TABLE control.users IN SHARE MODE")
        assert "The login was removed" in said(root.delete(f"/logins/{half}"))
        assert half not in kept(installation)
    retired = "SELECT count(*) FROM control.users WHERE username = %s AND retired_at IS NULL"
    # Secrets Manager may lag, so a login that was seen in the last five seconds is not missed yet.
    installation.psql("UPDATE control.users SET login_seen_at = now() - interval '1 minute' WHERE username = %s", half)
    assert root.get("/logins").status_code == 200
    assert installation.psql(retired, half) == [(0,)]


def test_a_changed_password_that_the_database_did_not_note_is_said_to_hold(
    root: Client, half: str, installation: Installation
) -> None:
    session = bearer(sign_in(root, half, "a password of their own"))
    with psycopg.connect(installation.dsn()) as other:
        other.execute("SET ROLE chemowner")
        other.execute("LOCK TABLE control.users IN SHARE MODE")
        change = {"current_password": "a password of their own", "new_password": "violet tractor under glass"}
        answer = root.put("/sessions/current/password", json=change, headers=session)
        assert "use the new one" in said(answer)
    assert sign_in(root, half, "violet tractor under glass").status_code == 201


# -- Administrators ---------------------------------------------------------------------------------------------------


def test_two_hundred_logins_are_made_in_one_call(root: Client) -> None:
    wanted = [{"username": f"student{number}", "name": f"Student {number}"} for number in range(200)]
    answer = root.post("/logins", json={"logins": wanted}, timeout=120)
    assert answer.status_code == 201, answer.text
    made = answer.json()["items"]
    assert len({login["password"] for login in made}) == 200
    for login in (made[0], made[199]):
        assert sign_in(root, login["username"], login["password"]).status_code == 201


def test_the_database_keeps_the_last_administrator(installation: Installation) -> None:
    with psycopg.connect(installation.dsn("chemadmin")) as connection:
        names = connection.execute(
            "SELECT u.username FROM control.administrators a JOIN control.users u ON u.id = a.user_id ORDER BY u.username"
        ).fetchall()
        for (name,) in names[:-1]:
            connection.execute("SELECT control.remove_administrator(%s)", [name])
        with pytest.raises(psycopg.errors.CheckViolation, match="no administrator would remain"):
            connection.execute("SELECT control.remove_administrator(%s)", names[-1])
        connection.rollback()


def test_of_two_administrators_who_unmake_each_other_one_remains(
    installation: Installation, root: Client, other_process: Client
) -> None:
    installation.psql(
        "DELETE FROM control.administrators WHERE user_id <> (SELECT id FROM control.users WHERE username = 'root')"
    )
    make_login(root, "wanda")
    assert root.patch("/logins/wanda", json={"administrator": True}).status_code == 204
    sessions = {
        name: bearer(sign_in(root, name, word))
        for name, word in (("root", PASSWORD), ("wanda", "a password of their own"))
    }

    def unmake(by: str, whom: str) -> int:
        process = {"root": root, "wanda": other_process}[by]
        return process.patch(f"/logins/{whom}", json={"administrator": False}, headers=sessions[by]).status_code

    with ThreadPoolExecutor(2) as both:
        answers = list(both.map(unmake, ("root", "wanda"), ("wanda", "root")))
    assert answers.count(204) == 1, answers
    [(remaining,)] = installation.psql("SELECT count(*) FROM control.administrators")
    assert remaining == 1
    installation.psql("SELECT control.make_administrator('root')")
