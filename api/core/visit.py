"""Who is calling: one of ChemTrack's services, known by the service token, on behalf of a user, known by a session token."""

import hashlib
import hmac
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Depends, Header, Path, Request, Response
from fastapi.security import APIKeyHeader, HTTPAuthorizationCredentials, HTTPBearer

from api.core.member_card import MEMBER_HEADER, member_card
from api.core.networks import network_of
from api.core.problems import Problem
from api.core.rows import Row


@dataclass
class Visit:
    """One request of a signed-in user; with `lab`, of a member in that lab.

    `session` is the hex SHA-256 of the token: the token itself never reaches the database or its logs.
    `address` is where the browser or the program is, as the page saw it. `response` collects the headers of the answer. `key` is the request's Idempotency-Key, `fingerprint` a hash of the request.
    `member` is empty until the first statement has run, because only the database knows the member's role.
    """

    session: str
    response: Response = field(default_factory=Response)
    lab: str = ""
    key: str | None = None
    fingerprint: bytes = b""
    member: Row = field(default_factory=dict)
    address: str = ""

    @property
    def network(self) -> str:
        """The network of the address."""
        return network_of(self.address)

    def enter(self, member: Row) -> None:
        """Stores the visitor's role and name in the lab, as control.enter_session returned them, and sends them to the page in a header."""
        self.member = member
        self.response.headers[MEMBER_HEADER] = member_card(member)

    def note_replay(self) -> None:
        """Tells the caller, in a header, that this is the answer to an earlier request with the same key."""
        self.response.headers["Idempotent-Replayed"] = "true"


# Declared as security schemes: so OpenAPI names them, and FastAPI builds no field for them in every route.
SERVICE_TOKEN = APIKeyHeader(name="X-Chemtrack-Service", auto_error=False, description="Of ChemTrack's own services.")
SESSION_TOKEN = HTTPBearer(auto_error=False, description="What a sign-in answered, or a program's access token.")
CLIENT = "X-Chemtrack-Client"
ACCESS_TOKEN = "chemtrack_"  # noqa: S105 — the beginning of one
"""How an access token begins, and no token of a browser's session does. Programs that look for secrets in files know it by this, too."""


async def check_service_token(request: Request, token: Annotated[str | None, Depends(SERVICE_TOKEN)]) -> None:
    """Lets only ChemTrack's own services in: raises 403 for all others, before anything else of the request is looked at."""
    expected: str = request.app.state.settings.service_token
    if not hmac.compare_digest((token or "").encode(), expected.encode()):
        raise Problem(403, "Only ChemTrack's own services may call this.")


Bearer = Annotated[HTTPAuthorizationCredentials | None, Depends(SESSION_TOKEN)]


def hash_of(token: str) -> str:
    """The hash of a token that the database is given."""
    return hashlib.sha256(token.encode()).hexdigest()


def _hash_of_bearer(token: HTTPAuthorizationCredentials | None) -> str:
    if token is None:
        raise Problem(401, "Sign in first.")
    return hash_of(token.credentials)


async def session_hash(token: Bearer) -> str:
    """The hash of the bearer token, for a request in a lab; raises 401 where the request has none."""
    return _hash_of_bearer(token)


async def browser_hash(token: Bearer) -> str:
    """The same for a request outside any lab: raises 403 for an access token, because that opens labs and nothing else."""
    if token and token.credentials.startswith(ACCESS_TOKEN):
        raise Problem(403, "An access token opens the resources of its labs and nothing else.")
    return _hash_of_bearer(token)


async def former_session(token: Bearer) -> str:
    """The hash of the session that a browser has when it signs in anew; "" where it has none."""
    return await browser_hash(token) if token else ""


FormerSession = Annotated[str, Depends(former_session)]


async def visit(
    session: Annotated[str, Depends(browser_hash)],
    response: Response,
    address: Annotated[str, Header(alias=CLIENT, max_length=64, description="The browser's, as the page saw it.")] = "",
) -> Visit:
    """A request outside any lab."""
    return Visit(session, response, address=address)


async def lab_visit(
    request: Request,
    response: Response,
    session: Annotated[str, Depends(session_hash)],
    lab: Annotated[str, Path(max_length=40, description="The lab's slug.", examples=["curie"])],
    idempotency_key: Annotated[
        str | None,
        Header(
            min_length=8, max_length=64, description="The same key again gives the first answer and changes nothing."
        ),
    ] = None,
) -> Visit:
    """A request in a lab."""
    fingerprint = b""
    if idempotency_key:
        # No fingerprint of an uploaded form here: its boundary differs each time it is sent. The upload's route hashes the file instead.
        upload = request.headers.get("content-type", "").startswith("multipart/form-data")
        parts = [request.method.encode(), request.url.path.encode(), b"" if upload else await request.body()]
        fingerprint = hashlib.sha256(b"\0".join(parts)).digest()
    # Read here and not declared: it is one more field of every route, and only the use of an access token is noted with it.
    address = request.headers.get(CLIENT, "")[:64]
    return Visit(session, response, lab, idempotency_key, fingerprint, address=address)


SignedIn = Annotated[Visit, Depends(visit)]
InLab = Annotated[Visit, Depends(lab_visit)]
