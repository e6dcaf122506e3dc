"""The identity provider: an OpenID Connect provider that says who somebody is (code flow with PKCE, OpenID Connect Core 1.0).

Its addresses and keys come from its discovery document. Authlib, joserfc and requests are imported at the first use, so that an API
without single sign-on starts as fast as before. All calls run in threads and end after a few seconds.
"""

import asyncio
import logging
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from api.core.config import Settings
from api.core.login_directory import LoginDirectory
from api.core.problems import Problem

log = logging.getLogger("chemtrack.api")

TIMEOUTS = (3, 5)
"""Seconds until a connection stands, and between two parts of an answer."""
KEPT_FOR = 3600
"""Seconds for which the discovery document and the keys are kept."""
KEYS_AGAIN_AFTER = 60
"""Seconds before a key that is not known makes the API fetch the keys again: whoever sends tokens of their own cannot make it ask more often."""
AT_ONCE = 4
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519"]
"""Signatures with a key pair. Not HS256: its key would be the client secret."""
CLOCKS_DIFFER = 30
"""Seconds by which the provider's clock may be ahead of ours, or behind it."""
LOGOUT = "http://schemas.openid.net/event/backchannel-logout"
LOGOUT_IS_GOOD_FOR = 300
"""Seconds from the provider's word that somebody signed out until that is believed no longer."""
AWAY = "The identity provider does not answer. Try again in a moment, or sign in with your password if you have one."
REFUSED = "The identity provider did not confirm this sign-in. Start again."


@dataclass(frozen=True)
class Person:
    """Who the provider says that somebody is.

    `shown_at` is when they last showed the provider who they are, None where the provider does not say; `is_strong`: with a second
    factor (the value mfa of amr, RFC 8176); `session` is the provider's name for its own session, which may be empty.
    """

    subject: str
    session: str
    name: str
    shown_at: datetime | None
    is_strong: bool


class IdentityProvider:
    """The provider that the settings name. One of each process, which keeps what it has read."""

    def __init__(self, settings: Settings, logins: LoginDirectory) -> None:
        self._settings = settings
        self._logins = logins
        self._document: tuple[float, dict[str, Any]] | None = None
        self._keys: tuple[float, Any] | None = None
        self._turns = asyncio.Semaphore(AT_ONCE)

    @property
    def redirect_uri(self) -> str:
        """Where the provider sends browsers back to."""
        return f"{self._settings.printed_address}/login/single-sign-on/back"

    async def _run(self, call: Any, *values: Any) -> Any:
        async with self._turns:
            return await asyncio.to_thread(call, *values)

    async def begin(self, again: bool) -> dict[str, str]:
        """The address to send the browser to, and what the page must keep for it until it comes back. With `again`, the person has to
        show the provider anew who they are."""
        found: dict[str, str] = await self._run(self._begin, again)
        return found

    async def identify(self, code: str, verifier: str, nonce: str) -> Person:
        """Who came back with this code. Raises Problem 401 where the provider does not confirm it."""
        found: Person = await self._run(self._identify, code, verifier, nonce)
        return found

    async def signed_out(self, token: str) -> tuple[str, str]:
        """Subject and session that a logout token names, either of which may be empty. Raises Problem 400 for a token that is not the
        provider's (OpenID Connect Back-Channel Logout 1.0, section 2.6)."""
        found: tuple[str, str] = await self._run(self._signed_out, token)
        return found

    async def sign_out_address(self) -> str:
        """Where a browser signs out of the provider itself; empty where the provider has no address for that."""
        found: str = await self._run(self._sign_out_address)
        return found

    def _begin(self, again: bool) -> dict[str, str]:
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        more = {"max_age": 0} if again else {}
        with _faults(AWAY, 503), self._client("") as client:
            where = self._discovered()["authorization_endpoint"]
            address, _ = client.create_authorization_url(where, state, verifier, nonce=nonce, **more)
        return {"address": address, "state": state, "nonce": nonce, "verifier": verifier}

    def _identify(self, code: str, verifier: str, nonce: str) -> Person:
        from authlib.oidc.core import CodeIDToken

        secret = self._logins.read_text(self._settings.single_sign_on_secret)
        with _faults(REFUSED, 401), self._client(secret) as client:
            document = self._discovered()
            token = client.fetch_token(
                document["token_endpoint"], grant_type="authorization_code", code=code, code_verifier=verifier
            )
            header, said = self._verified(token["id_token"])
            params = {
                "nonce": nonce,
                "client_id": self._settings.single_sign_on_client,
                "access_token": token["access_token"],
            }
            claims = CodeIDToken(said, header, self._expected(), params)
            claims.validate(leeway=CLOCKS_DIFFER)
            known = dict(claims)
            if self._settings.single_sign_on_claim not in known and "userinfo_endpoint" in document:
                more = client.get(document["userinfo_endpoint"]).json()
                if more.get("sub") != known["sub"]:
                    raise ValueError("the provider's details are of another person")
                known = more | known
            if not 1 <= len(str(known["sub"])) <= 255:  # OpenID Connect Core 1.0, section 2
                raise ValueError("a subject has 1 to 255 characters")
        shown = known.get("auth_time")
        return Person(
            subject=str(known["sub"]),
            session=str(known.get("sid") or ""),
            name=self._name(known),
            shown_at=datetime.fromtimestamp(shown, UTC) if isinstance(shown, int | float) else None,
            is_strong="mfa" in (known.get("amr") or []),
        )

    def _name(self, known: dict[str, Any]) -> str:
        """The name by which the person's login is found."""
        claim = self._settings.single_sign_on_claim
        value = known.get(claim)
        if not isinstance(value, str) or not value.strip():
            raise Problem(
                401, f"The identity provider does not say your “{claim}”, by which ChemTrack finds your login."
            )
        if claim == "email" and known.get("email_verified") is not True:
            raise Problem(401, "The identity provider has not verified your e-mail address. Verify it there first.")
        return value.strip().lower()

    def _signed_out(self, token: str) -> tuple[str, str]:
        from joserfc.jwt import JWTClaimsRegistry

        with _faults("This is no logout token of the identity provider.", 400):
            header, said = self._verified(token)
            if str(header.get("typ", "")).lower() != "logout+jwt":
                raise ValueError("this is another kind of token")
            JWTClaimsRegistry(leeway=CLOCKS_DIFFER, **self._expected(), iat={"essential": True}).validate(said)
            if LOGOUT not in said.get("events", {}) or "nonce" in said:
                raise ValueError("this token does not say that somebody signed out")
            if said["iat"] < time.time() - LOGOUT_IS_GOOD_FOR:
                raise ValueError("the token is too old")
        subject, session = (str(said.get(name) or "") for name in ("sub", "sid"))
        if not subject and not session:
            raise Problem(400, "The logout token names nobody.")
        return subject, session

    def _sign_out_address(self) -> str:
        from urllib.parse import urlencode

        with _faults(AWAY, 503):
            where = self._discovered().get("end_session_endpoint", "")
        back = f"{self._settings.printed_address}/login"
        asked = {"client_id": self._settings.single_sign_on_client, "post_logout_redirect_uri": back}
        return f"{where}?{urlencode(asked)}" if where else ""

    def _client(self, secret: str) -> Any:
        from authlib.integrations.requests_client import OAuth2Session

        client = OAuth2Session(
            self._settings.single_sign_on_client,
            secret or None,
            scope="openid profile email",
            redirect_uri=self.redirect_uri,
            code_challenge_method="S256",
            default_timeout=TIMEOUTS,
        )
        client.trust_env = False  # no ~/.netrc: a password there would be sent instead of the client's secret
        client.max_redirects = 0
        return client

    def _fetched(self, address: str) -> dict[str, Any]:
        import requests

        answer = requests.get(address, timeout=TIMEOUTS, allow_redirects=False)
        answer.raise_for_status()
        found = answer.json()
        if answer.status_code != 200 or not isinstance(found, dict):
            raise ValueError(f"{address} is no JSON object")
        return found

    def _discovered(self) -> dict[str, Any]:
        """The discovery document (OpenID Connect Discovery 1.0, section 4)."""
        if self._document is None or time.monotonic() - self._document[0] > KEPT_FOR:
            issuer = self._settings.single_sign_on_issuer
            found = self._fetched(f"{issuer.rstrip('/')}/.well-known/openid-configuration")
            if found.get("issuer") != issuer:
                raise ValueError(f"the provider calls itself {found.get('issuer')!r}, and the settings {issuer!r}")
            self._document = (time.monotonic(), found)
        return self._document[1]

    def _key_set(self, again: bool) -> Any:
        from joserfc.jwk import KeySet

        age = time.monotonic() - self._keys[0] if self._keys else KEPT_FOR + 1
        if self._keys is None or age > (KEYS_AGAIN_AFTER if again else KEPT_FOR):
            found: Any = self._fetched(self._discovered()["jwks_uri"])
            self._keys = (time.monotonic(), KeySet.import_key_set(found))
        return self._keys[1]

    def _verified(self, token: str) -> tuple[dict[str, Any], dict[str, Any]]:
        """Header and claims of a token that the provider signed."""
        from joserfc import jwt
        from joserfc.errors import JoseError

        try:
            read = jwt.decode(token, self._key_set(again=False), algorithms=ALGORITHMS)
        except (JoseError, ValueError):  # the provider may have changed its keys
            read = jwt.decode(token, self._key_set(again=True), algorithms=ALGORITHMS)
        return dict(read.header), dict(read.claims)

    def _expected(self) -> dict[str, Any]:
        """What the claims of each token of the provider must be."""
        return {
            "iss": {"essential": True, "value": self._settings.single_sign_on_issuer},
            "aud": {"essential": True, "value": self._settings.single_sign_on_client},
            "exp": {"essential": True},
        }


@contextmanager
def _faults(sentence: str, status: int) -> Iterator[None]:
    """Raises Problem `status` for what is wrong with the provider's words, and 503 where the provider is away. The log says which;
    neither code nor token stands there."""
    import requests
    from authlib.common.errors import AuthlibBaseError
    from joserfc.errors import JoseError

    try:
        yield
    except (requests.ConnectionError, requests.Timeout) as error:
        log.error("the identity provider does not answer: %s", type(error).__name__)
        raise Problem(503, AWAY, headers={"Retry-After": "5"}) from error
    except (requests.RequestException, AuthlibBaseError, JoseError, ValueError, KeyError, TypeError) as error:
        fields = {"reason": type(error).__name__, "detail": getattr(error, "error", "") or ""}
        log.warning("what the identity provider says is refused", extra={"fields": fields})
        raise Problem(status, sentence) from error
