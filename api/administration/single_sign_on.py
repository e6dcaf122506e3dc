"""Signing in through the identity provider, for a login that exists here: the provider says who somebody is, ChemTrack what they may do."""

from datetime import timedelta
from typing import Annotated, Any

from fastapi import Depends, Request
from pydantic import Field

from api.administration.identity_provider import IdentityProvider
from api.administration.signing_in import FIND_VERSION, NewSession, begin
from api.administration.tries import NOTE_REFUSAL
from api.core.database import Data, Statement
from api.core.fields import Model
from api.core.login_directory import Logins
from api.core.networks import network_of
from api.core.problems import Problem, not_found
from api.core.refusals import Meaning
from api.core.routes import resource
from api.core.rows import one
from api.core.visit import FormerSession

router = resource("", "sessions")

MEANINGS = {
    "login_is_of_one_person": Meaning(
        401,
        "This login belongs to another person at the identity provider, who signed in with it before. Ask an administrator for a "
        "login of your own.",
    ),
}


class Beginning(Model):
    """Whether the person has to show the provider anew who they are, as before a grave act."""

    again: bool = Field(default=False, examples=[False])


class WayThere(Model):
    """The address to which the browser is sent. The page keeps the other values for this browser until it comes back."""

    address: str = Field(description="of the identity provider")
    state: str
    nonce: str
    verifier: str


class WayBack(Model):
    """What a browser came back with, and what the page had kept for it."""

    address: str = Field(default="", max_length=64, examples=["192.0.2.7"])
    browser: str = Field(default="", max_length=200, description="the browser's own words", examples=["Mozilla/5.0"])
    code: str = Field(min_length=1, max_length=2000)
    nonce: str = Field(min_length=1, max_length=64)
    verifier: str = Field(min_length=43, max_length=128)


class LogoutToken(Model):
    """The provider's word that somebody signed out there (OpenID Connect Back-Channel Logout 1.0)."""

    logout_token: str = Field(min_length=1, max_length=8000, examples=["eyJhbGciOiJSUzI1NiJ9.e30.c2lnbmVk"])


class SignOutAddress(Model):
    """Where a browser signs out of the provider itself; empty: the provider has no such address."""

    address: str


BEGIN_SESSION = "SELECT control.begin_provider_session(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
END_SESSIONS = """
DELETE FROM control.sessions s USING control.provider_logins p
 WHERE p.user_id = s.user_id AND p.issuer = %s AND s.provider_session IS NOT NULL
   AND CASE WHEN %s <> '' THEN s.provider_session = %s AND %s IN ('', p.subject) ELSE p.subject = %s END"""


async def provider_of(request: Request, former: FormerSession) -> IdentityProvider:
    """The identity provider; 404 where the settings name none, and 403 for a program's access token, as everywhere outside the labs."""
    provider: IdentityProvider | None = request.app.state.identity_provider
    if provider is None:
        raise not_found()
    return provider


Provider = Annotated[IdentityProvider, Depends(provider_of)]


@router.post("/single-sign-on", response_model=WayThere)
async def go_there(wanted: Beginning, provider: Provider) -> Any:
    """The address at which the identity provider asks the person who they are."""
    return await provider.begin(wanted.again)


@router.post("/sessions/single-sign-on", status_code=201, response_model=NewSession)
async def come_back(
    back: WayBack, former: FormerSession, data: Data, logins: Logins, provider: Provider, request: Request
) -> Any:
    """Signs in whom the identity provider confirms, and ends the session that the browser had before. 401 where the provider does not
    confirm it, where no login has the name, and where the login belongs to another person of the provider."""
    settings = request.app.state.settings
    person = await provider.identify(back.code, back.verifier, back.nonce)
    version = one((await data.control({"directory": (FIND_VERSION, ())}))["directory"])["version"]
    reading = await logins.read(version)
    if person.name not in reading.usernames:
        refused: Statement = (NOTE_REFUSAL, (person.name, back.address, "no login of the name that the provider says"))
        await data.control({"noted": refused})
        sentence = f"You are “{person.name}” at the identity provider, and ChemTrack has no login of that name. Ask an administrator for one."
        raise Problem(401, sentence)
    longest, idle = timedelta(hours=settings.session_hours), timedelta(hours=settings.session_idle_hours)

    def begun(session: str) -> dict[str, Statement]:
        there = (settings.single_sign_on_issuer, person.subject, person.session, person.shown_at, person.is_strong)
        here = (back.address, network_of(back.address), back.browser, longest, idle)
        return {"begun": (BEGIN_SESSION, (session, person.name, *there, *here))}

    return await begin(begun, former, data, reading, request, is_strong=person.is_strong)


@router.post("/single-sign-on/ended", status_code=204)
async def end_there(ended: LogoutToken, data: Data, provider: Provider, request: Request) -> None:
    """Ends the sessions of somebody who signed out at the identity provider: those of the provider's session, or all that it let begin."""
    subject, session = await provider.signed_out(ended.logout_token)
    issuer = request.app.state.settings.single_sign_on_issuer
    await data.control({"ended": (END_SESSIONS, (issuer, session, session, subject, subject))})


@router.get("/single-sign-on/sign-out", response_model=SignOutAddress)
async def sign_out_there(provider: Provider) -> Any:
    """Where the browser can sign out of the identity provider, too."""
    return {"address": await provider.sign_out_address()}
