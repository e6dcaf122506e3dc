"""What the API believes of an identity provider: tokens of a small server whose key the tests have, each wrong in one thing."""

import asyncio
import json
import threading
import time
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import boto3
import pytest
from joserfc import jwt
from joserfc.jwk import KeySet, OctKey, RSAKey

from api.administration.identity_provider import LOGOUT, IdentityProvider, Person
from api.core.login_directory import LoginDirectory
from api.core.problems import Problem
from tests.installation import Installation

NONCE = "the nonce"


def run(coroutine: Coroutine[Any, Any, Any]) -> Any:
    """Awaits it in a thread of its own: the tests in a browser leave an event loop running in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, coroutine).result()


class Issuer:
    """A provider that answers whatever `answers` holds by path, and whose tokens the tests sign."""

    def __init__(self) -> None:
        self.key = RSAKey.generate_key(2048, {"kid": "first"})
        self.answers: dict[str, Any] = {}
        self.asked: list[str] = []
        issuer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.rfile.read(int(self.headers.get("Content-Length", 0)))
                issuer.asked.append(self.path)
                body = json.dumps(issuer.answers.get(self.path, {})).encode()
                self.send_response(200 if self.path in issuer.answers else 404)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            do_POST = do_GET  # noqa: N815 # the name that http.server calls

            def log_message(self, *_: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True, name="issuer").start()
        self.address = f"http://127.0.0.1:{self.server.server_port}"
        self.answers["/.well-known/openid-configuration"] = {
            "issuer": self.address,
            "authorization_endpoint": f"{self.address}/authorize",
            "token_endpoint": f"{self.address}/token",
            "userinfo_endpoint": f"{self.address}/userinfo",
            "jwks_uri": f"{self.address}/keys",
        }
        self.publish(self.key)

    def publish(self, key: RSAKey) -> None:
        self.answers["/keys"] = KeySet([key]).as_dict(private=False)

    def signed(self, claims: dict[str, Any], key: Any = None, **header: str) -> str:
        key = key or self.key
        return jwt.encode({"alg": "RS256", "kid": key.kid} | header, claims, key, algorithms=["RS256", "HS256"])

    def claims(self, **changed: Any) -> dict[str, Any]:
        now = int(time.time())
        usual = {"iss": self.address, "sub": "7", "aud": "chemtrack", "exp": now + 60, "iat": now, "nonce": NONCE}
        whole = usual | {"preferred_username": "ada"} | changed
        return {name: value for name, value in whole.items() if value is not None}


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    made = Issuer()
    yield made
    made.server.shutdown()


@pytest.fixture
def provider(issuer: Issuer, installation: Installation) -> IdentityProvider:
    secret = f"client-{issuer.server.server_port}"
    boto3.client("secretsmanager").create_secret(Name=secret, SecretString="the client secret")
    settings = installation.settings(
        address="https://chem.example",
        single_sign_on_issuer=issuer.address,
        single_sign_on_client="chemtrack",
        single_sign_on_secret=secret,
    )
    return IdentityProvider(settings, LoginDirectory(settings.login_secrets, settings.aws_default_region))


def identify(provider: IdentityProvider, issuer: Issuer, id_token: str) -> Person:
    issuer.answers["/token"] = {"access_token": "a", "token_type": "Bearer", "id_token": id_token}
    found: Person = run(provider.identify("code", "v" * 43, NONCE))
    return found


def test_who_the_provider_says_somebody_is(provider: IdentityProvider, issuer: Issuer) -> None:
    found = identify(
        provider, issuer, issuer.signed(issuer.claims(sid="s", auth_time=1_700_000_000, amr=["pwd", "mfa"]))
    )
    assert (found.subject, found.session, found.name, found.is_strong) == ("7", "s", "ada", True)
    assert found.shown_at is not None
    assert found.shown_at.timestamp() == 1_700_000_000
    found = identify(provider, issuer, issuer.signed(issuer.claims(amr=["pwd"])))
    assert (found.session, found.shown_at, found.is_strong) == ("", None, False)


WRONG: dict[str, dict[str, Any]] = {
    "of another provider": {"iss": "https://elsewhere.example"},
    "for another client": {"aud": "another"},
    "for several clients, given to another of them": {"aud": ["chemtrack", "another"], "azp": "another"},
    "too old": {"exp": int(time.time()) - 3600},
    "without an end": {"exp": None},
    "of another sign-in": {"nonce": "another"},
    "without a nonce": {"nonce": None},
    "of nobody": {"sub": None},
    "of an endless subject": {"sub": "7" * 256},
    "of another access token": {"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"},
}


@pytest.mark.parametrize("what", WRONG)
def test_an_id_token_that_is_wrong_in_one_thing_signs_nobody_in(
    provider: IdentityProvider, issuer: Issuer, what: str
) -> None:
    with pytest.raises(Problem) as refused:
        identify(provider, issuer, issuer.signed(issuer.claims(**WRONG[what])))
    assert refused.value.status == 401


def test_a_token_counts_only_if_the_provider_signed_it_with_a_key_pair(
    provider: IdentityProvider, issuer: Issuer
) -> None:
    forged = [
        issuer.signed(issuer.claims(), RSAKey.generate_key(2048, {"kid": "first"})),
        issuer.signed(
            issuer.claims(), OctKey.import_key("the client secret, which is long enough", {"kid": "first"}), alg="HS256"
        ),
        issuer.signed(issuer.claims()).rsplit(".", 1)[0] + ".",
    ]
    for token in forged:
        with pytest.raises(Problem) as refused:
            identify(provider, issuer, token)
        assert refused.value.status == 401


def test_a_new_key_of_the_provider_is_fetched_and_not_for_each_token(
    provider: IdentityProvider, issuer: Issuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert identify(provider, issuer, issuer.signed(issuer.claims())).name == "ada"
    issuer.key = RSAKey.generate_key(2048, {"kid": "second"})
    issuer.publish(issuer.key)
    for _ in range(3):
        with pytest.raises(Problem):  # the keys were fetched a moment ago
            identify(provider, issuer, issuer.signed(issuer.claims()))
    assert issuer.asked.count("/keys") == 1
    monkeypatch.setattr("api.administration.identity_provider.KEYS_AGAIN_AFTER", -1)
    assert identify(provider, issuer, issuer.signed(issuer.claims())).name == "ada"
    assert issuer.asked.count("/keys") == 2


def test_the_name_may_stand_in_the_providers_details_of_the_same_person(
    provider: IdentityProvider, issuer: Issuer
) -> None:
    token = issuer.signed(issuer.claims(preferred_username=None))
    issuer.answers["/userinfo"] = {"sub": "7", "preferred_username": " Ada "}
    assert identify(provider, issuer, token).name == "ada"
    issuer.answers["/userinfo"] = {"sub": "8", "preferred_username": "ada"}
    with pytest.raises(Problem):
        identify(provider, issuer, token)
    issuer.answers["/userinfo"] = {"sub": "7"}
    with pytest.raises(Problem) as refused:
        identify(provider, issuer, token)
    assert "does not say your “preferred_username”" in refused.value.detail


@pytest.mark.parametrize("verified", [True, False, None, "true"])
def test_only_a_verified_address_is_a_name(
    provider: IdentityProvider, issuer: Issuer, verified: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    by_mail = provider._settings.model_copy(update={"single_sign_on_claim": "email"})
    monkeypatch.setattr(provider, "_settings", by_mail)
    token = issuer.signed(issuer.claims(email="Ada@example.edu", email_verified=verified))
    if verified is True:
        assert identify(provider, issuer, token).name == "ada@example.edu"
        return
    with pytest.raises(Problem) as refused:
        identify(provider, issuer, token)
    assert "has not verified your e-mail address" in refused.value.detail


def logout(issuer: Issuer, **changed: Any) -> str:
    typ = changed.pop("typ", "logout+jwt")
    return issuer.signed(issuer.claims(nonce=None, events={LOGOUT: {}}) | changed, typ=typ)


def test_a_logout_token_says_who_signed_out(provider: IdentityProvider, issuer: Issuer) -> None:
    assert run(provider.signed_out(logout(issuer, sid="s"))) == ("7", "s")


@pytest.mark.parametrize(
    "changed",
    [
        {"events": {}},
        {"nonce": NONCE},
        {"iss": "https://elsewhere.example"},
        {"aud": "another"},
        {"iat": int(time.time()) - 3600},
        {"exp": int(time.time()) - 3600},
        {"sub": ""},
        {"events": 7},
        {"iat": "now"},
        {"typ": "JWT"},
    ],
    ids=lambda changed: "-".join(changed),  # not the times, which differ between the workers that collect the tests
)
def test_a_logout_token_that_is_wrong_in_one_thing_ends_nothing(
    provider: IdentityProvider, issuer: Issuer, changed: dict[str, Any]
) -> None:
    with pytest.raises(Problem) as refused:
        run(provider.signed_out(logout(issuer, **changed)))
    assert refused.value.status == 400


def test_a_provider_that_calls_itself_otherwise_is_not_asked(provider: IdentityProvider, issuer: Issuer) -> None:
    issuer.answers["/.well-known/openid-configuration"]["issuer"] = "https://elsewhere.example"
    with pytest.raises(Problem) as refused:
        run(provider.begin(again=False))
    assert refused.value.status == 503


def test_a_provider_that_is_away_is_said_to_be(provider: IdentityProvider, issuer: Issuer) -> None:
    issuer.server.shutdown()
    issuer.server.server_close()
    with pytest.raises(Problem) as refused:
        run(provider.begin(again=False))
    assert refused.value.status == 503
    assert "does not answer" in refused.value.detail


def test_half_a_setting_does_not_start(installation: Installation) -> None:
    with pytest.raises(ValueError, match="CHEMTRACK_SINGLE_SIGN_ON_SECRET"):
        installation.settings(address="https://chem.example", single_sign_on_issuer="https://idp.example")
    with pytest.raises(ValueError, match="single_sign_on_issuer"):
        installation.settings(single_sign_on_issuer="http://idp.example")
