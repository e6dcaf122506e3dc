"""Who is calling: another service of ours by its token, and behind it a user by a session token."""

import hashlib
import hmac
from dataclasses import dataclass, field
from typing import Annotated, Any

from fastapi import Depends, Header, Path, Request, Response

from api.problems import Problem

Row = dict[str, Any]


@dataclass
class Visit:
    """One request of a signed-in user; with `lab`, of a member in that lab.

    `session` is the hex SHA-256 of the token: the token itself never reaches the database or its logs.
    `member` is filled by the database, which alone knows the role.
    """

    session: str
    response: Response
    lab: str = ""
    key: str | None = None
    fingerprint: bytes = b""
    member: Row = field(default_factory=dict)


async def check_service_token(request: Request, x_chemtrack_service: Annotated[str, Header()] = "") -> None:
    """Only our own services may call: 403 for anybody else, before anything else is looked at."""
    expected: str = request.app.state.settings.service_token
    if not hmac.compare_digest(x_chemtrack_service.encode(), expected.encode()):
        raise Problem(403, "Only ChemTrack's own services may call this.")


async def session_hash(authorization: Annotated[str, Header()] = "") -> str:
    """The hash of the bearer token; 401 without one."""
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Problem(401, "Sign in first.")
    return hashlib.sha256(token.encode()).hexdigest()


SessionHash = Annotated[str, Depends(session_hash)]


async def visit(session: SessionHash, response: Response) -> Visit:
    """A request outside any lab."""
    return Visit(session, response)


async def lab_visit(
    request: Request,
    response: Response,
    session: SessionHash,
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
        # What is uploaded, its route looks at: the form around it is written anew each time it is sent.
        upload = request.headers.get("content-type", "").startswith("multipart/form-data")
        parts = [request.method.encode(), request.url.path.encode(), b"" if upload else await request.body()]
        fingerprint = hashlib.sha256(b"\0".join(parts)).digest()
    return Visit(session, response, lab, idempotency_key, fingerprint)


SignedIn = Annotated[Visit, Depends(visit)]
InLab = Annotated[Visit, Depends(lab_visit)]
