"""A login with a second factor: the password alone opens nothing, a code opens once, and nobody is kept out by strangers."""

import json
import secrets
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import boto3
import pyotp
import pytest
import requests

from api.app import create_app
from tests.installation import PASSWORD, Client, Installation, make_login, serving

OWN = "a password of their own"


@pytest.fixture(scope="module")
def root(installation: Installation) -> Client:
    return installation.as_user("root")


@pytest.fixture(autouse=True)
def nobody_is_slowed(installation: Installation) -> None:
    installation.psql("DELETE FROM control.login_failures")


@dataclass
class Owner:
    """Somebody with a second factor: their login, their session and their phone."""

    installation: Installation
    username: str
    client: Client
    key: str
    recovery_codes: list[str]

    def code(self, ahead: int = 0) -> str:
        """What the phone shows now, or in the step of 30 seconds after that."""
        return pyotp.TOTP(self.key).at(int(time.time()), counter_offset=ahead)

    def forget_codes(self) -> None:
        """Makes codes good again, so that a test need not wait for half a minute."""
        self.installation.psql("UPDATE control.second_factors SET last_step = 0")

    def ticket(self, process: Client | None = None) -> str:
        answer = first_step(process or self.installation.service, self.username, OWN)
        assert (answer.status_code, pointers(answer)) == (401, ["/code"]), answer.text
        return str(answer.json()["ticket"])

    def second_step(self, code: str, process: Client | None = None, **more: str) -> requests.Response:
        body = {"username": self.username, "address": "192.0.2.1", "code": code} | more
        if "ticket" not in more:
            body["ticket"] = self.ticket(process)
        return (process or self.installation.service).post("/sessions/second", json=body)


def first_step(process: Client, username: str, password: str) -> requests.Response:
    return process.post("/sessions", json={"username": username, "password": password, "address": "192.0.2.1"})


def signed_in(installation: Installation, username: str, password: str = OWN) -> Client:
    client = Client(installation.api_url, installation.service_token)
    client.headers["Authorization"] = f"Bearer {first_step(client, username, password).json()['token']}"
    return client


def set_up(installation: Installation, client: Client, password: str = OWN) -> tuple[str, list[str]]:
    key = client.post("/sessions/current/second-factor/keys", json={}).json()["key"]
    wanted = {"password": password, "key": key, "code": pyotp.TOTP(key).now()}
    answer = client.put("/sessions/current/second-factor", json=wanted)
    assert answer.status_code == 200, answer.text
    return key, answer.json()["recovery_codes"]


@pytest.fixture
def owner(installation: Installation, root: Client) -> Owner:
    name = f"two-{secrets.token_hex(3)}"
    make_login(root, name, OWN)
    client = signed_in(installation, name)
    return Owner(installation, name, client, *set_up(installation, client))


def kinds(installation: Installation, username: str) -> list[str]:
    lines = installation.psql("SELECT kind FROM control.events WHERE about_name = %s ORDER BY id", username)
    return [kind for (kind,) in lines]


def pointers(answer: requests.Response) -> list[str]:
    return [error["pointer"] for error in answer.json()["errors"]]


# -- The sign-in ------------------------------------------------------------------------------------------------------


def test_the_password_alone_begins_no_session(owner: Owner) -> None:
    ticket = owner.ticket()
    headers = {"Authorization": f"Bearer {ticket}"}
    assert owner.installation.service.get("/sessions/current", headers=headers).status_code == 401
    assert pointers(owner.second_step("000000", ticket=ticket)) == ["/code"]
    answer = owner.second_step(owner.code(1), ticket=ticket)
    assert answer.status_code == 201, answer.text
    assert answer.json()["user"]["username"] == owner.username
    assert "recovery_codes" not in answer.json()


@pytest.mark.parametrize("typed", ["12345", "abc", "٣٤٥٦٧٨", "-1", "0" * 40, "½½½½½½"])
def test_what_is_no_code_is_refused_at_its_field(owner: Owner, typed: str) -> None:
    answer = owner.second_step(typed)
    assert (answer.status_code, pointers(answer)) == (401, ["/code"])


def test_blanks_in_a_code_do_not_matter(owner: Owner) -> None:
    code = owner.code(1)
    assert owner.second_step(f" {code[:3]} {code[3:]} ").status_code == 201


def test_a_code_opens_once_also_in_two_processes_at_the_same_moment(owner: Owner, other_process: Client) -> None:
    code, ticket = owner.code(1), owner.ticket()

    def give(number: int) -> int:
        process = (owner.installation.service, other_process)[number % 2]
        return owner.second_step(code, process, ticket=ticket, device=f"browser {number}").status_code

    with ThreadPoolExecutor(8) as burst:
        answers = list(burst.map(give, range(8)))
    assert sorted(answers) == [201] + [401] * 7


def test_an_older_code_than_one_that_was_used_opens_nothing(owner: Owner) -> None:
    owner.forget_codes()
    assert owner.second_step(owner.code(1)).status_code == 201
    answer = owner.second_step(owner.code())
    assert (answer.status_code, pointers(answer)) == (401, ["/code"])


def test_codes_of_other_times_and_of_other_people_open_nothing(owner: Owner) -> None:
    owner.forget_codes()
    for code in (owner.code(3), owner.code(-3), pyotp.TOTP(pyotp.random_base32()).now()):
        assert owner.second_step(code).status_code == 401


def test_a_recovery_code_opens_once_also_in_two_processes(owner: Owner, other_process: Client) -> None:
    code, ticket = owner.recovery_codes[0], owner.ticket()

    def give(number: int) -> int:
        process = (owner.installation.service, other_process)[number % 2]
        return owner.second_step(code.upper(), process, ticket=ticket, device=f"browser {number}").status_code

    with ThreadPoolExecutor(8) as burst:
        answers = list(burst.map(give, range(8)))
    assert sorted(answers) == [201] + [401] * 7
    assert kinds(owner.installation, owner.username).count("recovery_code_used") == 1
    assert owner.second_step(owner.recovery_codes[1]).status_code == 201
    assert owner.client.get("/sessions/current/second-factor").json()["recovery_codes"] == 8


def test_a_ticket_is_good_for_its_user_alone_and_ends_with_the_password(
    installation: Installation, owner: Owner, root: Client
) -> None:
    ticket = owner.ticket()
    until, signature = ticket.split(".")
    name = f"two-{secrets.token_hex(3)}"
    make_login(root, name, OWN)
    theirs = signed_in(installation, name)
    key, _ = set_up(installation, theirs)
    other = Owner(installation, name, theirs, key, [])
    for forged in (f"{int(until) + 1}.{signature}", f"{until}.{'0' * 64}", until, ".", "x.y", "9" * 190):
        assert pointers(owner.second_step(owner.code(1), ticket=forged)) == ["/ticket"]
    assert pointers(other.second_step(other.code(1), ticket=ticket)) == ["/ticket"]
    change = {"current_password": OWN, "new_password": "violet tractor under glass"}
    assert owner.client.put("/sessions/current/password", json=change).status_code == 200
    assert pointers(owner.second_step(owner.code(1), ticket=ticket)) == ["/ticket"]


def test_a_ticket_ends_after_five_minutes() -> None:
    from datetime import UTC, datetime, timedelta

    from api.administration import codes

    now = datetime.now(UTC)
    ticket = codes.new_ticket("ada", "stored", "key", now)
    assert codes.is_good(ticket, "ada", "stored", "key", now + timedelta(seconds=298))
    assert not codes.is_good(ticket, "ada", "stored", "key", now + timedelta(seconds=301))


# -- Guesses ----------------------------------------------------------------------------------------------------------


def test_wrong_codes_are_slowed_whatever_the_right_password(owner: Owner) -> None:
    ticket = owner.ticket()
    answers = [owner.second_step("000000", ticket=ticket).status_code for _ in range(6)]
    assert answers == [401] * 5 + [429]
    assert owner.ticket()  # the right password again takes none of the wrong codes back
    assert owner.second_step("000000", ticket=ticket).status_code == 429


def test_wrong_codes_from_many_networks_are_slowed_for_administrators_too(owner: Owner, root: Client) -> None:
    assert root.patch(f"/logins/{owner.username}", json={"administrator": True}).status_code == 204
    ticket = owner.ticket()
    answers = [
        owner.second_step("000000", ticket=ticket, address=f"198.51.{number}.1").status_code for number in range(11)
    ]
    assert answers == [401] * 10 + [429]


def test_strangers_without_the_password_slow_nobodys_codes(owner: Owner) -> None:
    ticket = owner.ticket()
    for number in range(30):
        assert pointers(owner.second_step("000000", ticket=f"1.{number}")) == ["/ticket"]
    assert owner.second_step(owner.code(1), ticket=ticket).status_code == 201


def test_wrong_codes_are_told_at_the_next_sign_in(owner: Owner) -> None:
    assert owner.second_step("000000").status_code == 401
    assert owner.second_step(owner.code(1)).json()["refused_before"]["tries"] == 1


# -- Setting it up and taking it away ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "pointer"),
    [({"password": "wrong"}, "/password"), ({"code": "000000"}, "/code"), ({"key": "A" * 31}, "/key")],
)
def test_it_is_set_up_by_who_knows_the_password_and_has_the_key(
    installation: Installation, root: Client, change: dict[str, str], pointer: str
) -> None:
    name = f"one-{secrets.token_hex(3)}"
    make_login(root, name, OWN)
    client = signed_in(installation, name)
    offer = client.post("/sessions/current/second-factor/keys", json={}).json()
    assert offer["address"].startswith(f"otpauth://totp/ChemTrack:{name}?secret={offer['key']}&issuer=ChemTrack")
    wanted = {"password": OWN, "key": offer["key"], "code": pyotp.TOTP(offer["key"]).now()} | change
    answer = client.put("/sessions/current/second-factor", json=wanted)
    assert (answer.status_code, pointers(answer)) == (422, [pointer])
    assert client.get("/sessions/current/second-factor").json()["is_on"] is False
    assert first_step(installation.service, name, OWN).status_code == 201


def test_it_is_turned_off_with_password_and_code_and_other_sessions_end(owner: Owner) -> None:
    elsewhere = owner.second_step(owner.recovery_codes[0]).json()["token"]
    for wanted in ({"password": "wrong", "code": owner.code(1)}, {"password": OWN, "code": "000000"}):
        assert owner.client.post("/sessions/current/second-factor/off", json=wanted).status_code == 422
    again = {"password": OWN, "key": pyotp.random_base32(), "code": "000000"}
    again["code"] = pyotp.TOTP(again["key"]).now()
    assert owner.client.put("/sessions/current/second-factor", json=again).status_code == 409
    off = {"password": OWN, "code": owner.code(1)}
    assert owner.client.post("/sessions/current/second-factor/off", json=off).status_code == 204
    headers = {"Authorization": f"Bearer {elsewhere}"}
    assert owner.installation.service.get("/sessions/current", headers=headers).status_code == 401
    assert first_step(owner.installation.service, owner.username, OWN).status_code == 201
    assert "second_factor_removed" in kinds(owner.installation, owner.username)


def test_a_new_password_keeps_it(owner: Owner, root: Client) -> None:
    made = root.put(f"/logins/{owner.username}/password", json={}).json()["password"]
    assert pointers(first_step(owner.installation.service, owner.username, made)) == ["/code"]


def test_the_key_is_in_the_secret_alone(owner: Owner) -> None:
    held = boto3.client("secretsmanager").get_secret_value(SecretId=owner.installation.login_secret)["SecretString"]
    assert json.loads(held)[owner.username]["totp"] == owner.key
    for table in ("second_factors", "users", "sessions", "events", "login_failures"):
        kept = str(owner.installation.psql(f"SELECT to_jsonb(t) FROM control.{table} t"))
        assert owner.key not in kept
        assert not any(code in kept for code in owner.recovery_codes)
    readable = "SELECT has_any_column_privilege('chemuser', 'control.second_factors', 'SELECT')"
    assert owner.installation.psql(readable) == [(False,)]


@pytest.mark.parametrize(
    "value", [{}, {"totp": "A" * 32}, {"password": OWN, "totp": 7}, {"password": OWN, "totp": "not a key"}, [OWN]]
)
def test_a_damaged_login_lets_nobody_in(
    installation: Installation, root: Client, edit_secret: Any, value: object
) -> None:
    edit_secret({"rosa": value})
    installation.psql("UPDATE control.login_directory SET version = version + 1")  # no older reading is used
    answer = first_step(root, "rosa", OWN)
    assert (answer.status_code, pointers(answer)) == (401, []), "neither in, nor asked for a code"


def test_an_administrator_takes_it_from_who_lost_the_phone(
    owner: Owner, root: Client, installation: Installation
) -> None:
    listed = {login["username"]: login["second_factor"] for login in root.get("/logins").json()["items"]}
    assert (listed[owner.username], listed["ada"]) == (True, False)
    for who in ("ada", "ben"):
        assert installation.as_user(who).delete(f"/logins/{owner.username}/second-factor").status_code == 403
    assert root.delete(f"/logins/{owner.username}/second-factor").status_code == 204
    assert owner.client.get("/sessions/current").status_code == 401
    told = first_step(installation.service, owner.username, OWN).json()
    assert told["second_factor_reset_at"] is not None
    line = installation.psql(
        "SELECT kind, made_by_name FROM control.events WHERE about_name = %s AND kind LIKE 'second%%' ORDER BY id DESC LIMIT 1",
        owner.username,
    )
    assert line == [("second_factor_reset", "root")]
    assert root.delete(f"/logins/{owner.username}/second-factor").status_code == 409
    owner.client.headers["Authorization"] = f"Bearer {told['token']}"
    owner.key, owner.recovery_codes = set_up(installation, owner.client)
    assert owner.second_step(owner.code(1)).json()["second_factor_reset_at"] is None


def test_old_recovery_codes_are_gone_after_a_reset(owner: Owner, root: Client, installation: Installation) -> None:
    assert root.delete(f"/logins/{owner.username}/second-factor").status_code == 204
    left = "SELECT f.recovery_codes FROM control.second_factors f JOIN control.users u ON u.id = f.user_id WHERE u.username = %s"
    assert installation.psql(left, owner.username) == [([],)]
    client = signed_in(installation, owner.username)
    owner.key, fresh = set_up(installation, client)
    assert owner.second_step(owner.recovery_codes[0]).status_code == 401
    assert owner.second_step(fresh[0]).status_code == 201


def test_no_change_of_a_second_factor_is_without_a_line(owner: Owner) -> None:
    [[user]] = owner.installation.psql("SELECT id FROM control.users WHERE username = %s", owner.username)
    for change in (
        "UPDATE control.second_factors SET last_step = 0 WHERE user_id = %s",
        "UPDATE control.second_factors SET recovery_codes = recovery_codes || '\\x00'::bytea WHERE user_id = %s",
        "UPDATE control.second_factors SET recovery_codes = recovery_codes[2:] WHERE user_id = %s",
        "UPDATE control.second_factors SET reset_at = now() WHERE user_id = %s",
        "UPDATE control.second_factors SET made_at = '2020-01-01', reset_at = NULL WHERE user_id = %s",
        "DELETE FROM control.second_factors WHERE user_id = %s",
    ):
        owner.installation.psql(change, user, as_="chemadmin")
    assert kinds(owner.installation, owner.username)[-6:] == [
        *("second_factor_changed", "second_factor_changed", "recovery_code_used"),
        *("second_factor_reset", "second_factor_set", "second_factor_removed"),
    ]
    assert pointers(first_step(owner.installation.service, owner.username, OWN)) == ["/code"]


# -- Administrators ---------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def strict(installation: Installation) -> Iterator[Client]:
    """An API whose administrators need a second factor."""
    settings = installation.settings(password_minutes=24 * 60, administrators_need_second_factor=True)
    with serving(create_app(settings)) as url:
        yield Client(url, installation.service_token)


def test_administration_takes_a_second_factor_where_the_setting_says_so(
    installation: Installation, strict: Client, root: Client
) -> None:
    name = f"adm-{secrets.token_hex(3)}"
    make_login(root, name, OWN)
    assert root.patch(f"/logins/{name}", json={"administrator": True}).status_code == 204
    headers = {"Authorization": f"Bearer {first_step(strict, name, OWN).json()['token']}"}
    for path in ("/logins", "/labs", "/events"):
        refused = strict.get(path, headers=headers)
        assert (refused.status_code, pointers(refused)) == (403, ["/second_factor"]), path
    assert strict.get("/sessions/current/second-factor", headers=headers).json()["is_needed"] is True
    assert strict.get("/sessions/current", headers=headers).status_code == 200
    strict.headers.update(headers)
    key, recovery = set_up(installation, strict)
    assert strict.get("/logins").status_code == 200
    del strict.headers["Authorization"]
    owner = Owner(installation, name, strict, key, recovery)
    token = owner.second_step(owner.code(1), strict).json()["token"]
    assert strict.get("/logins", headers={"Authorization": f"Bearer {token}"}).status_code == 200
    # Another password keeps the session as strong as it was.
    change = {"current_password": OWN, "new_password": "violet tractor under glass"}
    renewed = strict.put("/sessions/current/password", json=change, headers={"Authorization": f"Bearer {token}"})
    again = {"Authorization": f"Bearer {renewed.json()['token']}"}
    assert strict.get("/logins", headers=again).status_code == 200
    assert first_step(strict, "ada", PASSWORD).status_code == 201


# -- Everybody --------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def strictest(installation: Installation) -> Iterator[str]:
    """An API at which everybody needs a second factor."""
    with serving(
        create_app(installation.settings(password_minutes=24 * 60, everybody_needs_second_factor=True))
    ) as url:
        yield url


def test_labs_take_a_second_factor_where_the_setting_says_so(
    installation: Installation, strictest: str, root: Client
) -> None:
    name = f"all-{secrets.token_hex(3)}"
    make_login(root, name, OWN)
    assert root.post("/labs/curie/members", json={"usernames": [name], "role": "manager"}).status_code < 300
    member = Client(strictest, installation.service_token)
    begun = first_step(member, name, OWN).json()
    assert begun["second_factor_needed"] is True
    member.headers["Authorization"] = f"Bearer {begun['token']}"
    token = {"name": "Balance", "access": "read", "labs": ["curie"]}
    chemical = {"name": f"Of {name}"}
    closed = [
        member.get("/labs/curie/chemicals"),
        member.post("/labs/curie/chemicals", json=chemical),
        member.send_once("/labs/curie/check-outs", {"lines": [{"container_id": 1, "amount": "1", "unit": "g"}]}),
        member.get("/labs/curie/everything.zip"),
        member.get("/labs/curie/service-accounts"),
        member.post("/tokens", json=token),
    ]
    for answer in closed:
        assert (answer.status_code, pointers(answer)) == (403, ["/second_factor"]), answer.url
    assert installation.psql("SELECT FROM inventory.chemicals WHERE name = %s", chemical["name"], lab="curie") == []
    _, recovery = set_up(installation, member)
    program = Client(strictest, installation.service_token)
    program.headers["Authorization"] = f"Bearer {member.post('/tokens', json=token).json()['token']}"
    assert program.get("/labs/curie/chemicals").status_code == 200, "a program has no phone"
    assert member.get("/labs/curie/chemicals").status_code == 200
    assert member.post("/labs/curie/chemicals", json=chemical).status_code == 201
    body = {"password": OWN, "code": recovery[0]}
    assert member.post("/sessions/current/second-factor/off", json=body).status_code == 204
    assert member.get("/labs/curie/chemicals").status_code == 403
    assert program.get("/labs/curie/chemicals").status_code == 401, "tokens end with other sessions"
