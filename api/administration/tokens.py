"""Access tokens, with which programs act for a user in chosen labs. A token is a session that opens labs and nothing else."""

import secrets
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from api.administration.sessions import FIND_LABS, Membership
from api.core.database import Data, Statement
from api.core.fields import Id, Line, Model
from api.core.problems import Problem, not_found
from api.core.refusals import Meaning
from api.core.routes import resource
from api.core.rows import Row, one
from api.core.visit import ACCESS_TOKEN, SignedIn, hash_of

router = resource("/tokens", "tokens")

MEANINGS = {
    "tokens_are_for_ones_own_labs": Meaning(422, "Choose among the labs that you belong to."),
    "tokens_are_not_too_many": Meaning(422, "You have 20 tokens already. Revoke one first."),
    "sessions_token_name_is_one_line": Meaning(422, "Write a name of at most 80 characters.", "name"),
}

Access = Literal["read", "write"]
ROLES: dict[Access, str] = {"read": "viewer", "write": "member"}
"""What a token may do at most, as a role in the lab. None may do what only a manager does."""
LONGEST = 365


class TokenIn(Model):
    """A new access token: what it is for, which labs it opens, and what it may do there."""

    name: Annotated[Line, Field(min_length=1, max_length=80, examples=["Balance in room 2.14"])]
    access: Access = Field(examples=["read"])
    labs: list[Annotated[str, Field(max_length=40, examples=["curie"])]] = Field(
        min_length=1, max_length=200, description="slugs of labs that the user belongs to"
    )
    days: int = Field(default=90, ge=1, le=LONGEST, description="the token ends this many days after it was made")


class AccessToken(Model):
    """One of the user's access tokens. The token itself was shown when it was made, and is stored nowhere."""

    id: int
    name: str
    access: Access
    labs: list[str] = Field(description="slugs of those of its labs that it opens now", examples=[["curie"]])
    made_at: datetime
    expires_at: datetime
    used_at: datetime | None = Field(description="last request, give or take five minutes; null: never")
    used_from: str | None = Field(examples=["192.0.2.7"])


class AccessTokens(Model):
    """All live access tokens of the user, latest first, and the labs for which they may make one."""

    items: list[AccessToken]
    own_labs: list[Membership]


class MadeToken(Model):
    """The new token."""

    id: int
    token: str = Field(description="Goes into Authorization: Bearer. Shown once.")


LIST_OWN = """
SELECT s.id, s.token_name AS name, s.token_role, s.made_at, s.expires_at, s.used_at, s.used_from,
       ARRAY(SELECT l.slug FROM control.labs l JOIN control.members m ON m.lab_id = l.id AND m.user_id = s.user_id AND m.ended_at IS NULL
              WHERE l.id = ANY (s.token_labs) AND l.archived_at IS NULL ORDER BY l.slug) AS labs
  FROM control.sessions mine JOIN control.sessions s ON s.user_id = mine.user_id AND s.token_name IS NOT NULL AND s.expires_at > now()
 WHERE mine.token_hash = sha256(decode(%s, 'hex')) AND mine.expires_at > now() AND mine.token_name IS NULL
 ORDER BY s.id DESC"""
IS_LIVE = """
SELECT s.id FROM control.sessions s
 WHERE s.token_hash = sha256(decode(%s, 'hex')) AND s.expires_at > now() AND s.token_name IS NULL"""
MAKE = "SELECT control.make_token(%s, %s, %s, %s, %s, %s, %s) AS id"
REVOKE = """
DELETE FROM control.sessions s USING control.sessions mine
 WHERE mine.token_hash = sha256(decode(%s, 'hex')) AND mine.expires_at > now() AND mine.token_name IS NULL
   AND s.user_id = mine.user_id AND s.token_name IS NOT NULL AND s.id = %s RETURNING s.id"""


@router.get("", response_model=AccessTokens)
async def list_tokens(visit: SignedIn, data: Data) -> Any:
    """The user's access tokens: what each is for, when and from where it was last used."""
    asking = (visit.session,)
    found = await data.control({"live": (IS_LIVE, asking), "tokens": (LIST_OWN, asking), "labs": (FIND_LABS, asking)})
    if not found["live"]:
        raise Problem(401, "Sign in first.")
    return {"items": [with_access(row) for row in found["tokens"]], "own_labs": found["labs"]}


@router.post("", status_code=201, response_model=MadeToken)
async def make_token(wanted: TokenIn, visit: SignedIn, data: Data) -> Any:
    """Makes an access token for labs of the user. It does no more than the user may do there at that time, and never what only a
    manager may. Changing the password, or an administrator's reset, ends it."""
    token = ACCESS_TOKEN + secrets.token_urlsafe(32)
    made: Statement = (
        MAKE,
        (
            visit.session,
            hash_of(token),
            wanted.name,
            ROLES[wanted.access],
            wanted.labs,
            wanted.days,
            visit.address,
        ),
    )
    found = await data.control(
        {"password": data.require_password(visit), **data.require_second_factor(visit), "made": made}, visit
    )
    return {"id": one(found["made"])["id"], "token": token}


@router.delete("/{token}", status_code=204)
async def revoke_token(token: Id, visit: SignedIn, data: Data) -> None:
    """Ends one of the user's access tokens at once. No password is asked for: nobody should have to look for one first."""
    found = await data.control({"revoked": (REVOKE, (visit.session, token))}, visit)
    if not found["revoked"]:
        raise not_found()


def with_access(row: Row) -> Row:
    """A token as people choose it: its role as `access`."""
    access = next(access for access, role in ROLES.items() if role == row["token_role"])
    return row | {"access": access}
