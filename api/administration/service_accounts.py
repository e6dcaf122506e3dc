"""Service accounts: programs of a lab that its managers keep. Nobody signs in as one; it has access tokens for its lab alone."""

import secrets
from datetime import datetime
from typing import Annotated, Any

from pydantic import Field

from api.administration.tokens import LONGEST, ROLES, Access, MadeToken, with_access
from api.core.database import Data, Statement
from api.core.fields import Id, Line, Model
from api.core.refusals import Meaning
from api.core.routes import resource
from api.core.rows import id_of, one
from api.core.views import Written
from api.core.visit import ACCESS_TOKEN, InLab, hash_of

router = resource("/labs/{lab}/service-accounts", "tokens")

MEANINGS = {
    "service_accounts_stay_small": Meaning(
        422, "A service account belongs to the lab that made it, and is never more than a member there."
    ),
    "service_accounts_are_not_too_many": Meaning(422, "The lab has 50 service accounts already. Remove one first."),
    "service_tokens_are_not_too_many": Meaning(422, "This account has 20 tokens already. Revoke one first."),
}

Name = Annotated[Line, Field(min_length=1, max_length=80, examples=["Balances"])]


class ServiceAccountIn(Model):
    """A new service account: what the program is called in the lab's history."""

    name: Name


class ServiceTokenIn(Model):
    """A new access token of a service account."""

    name: Name = Field(examples=["Balance in room 2.14"])
    access: Access = Field(examples=["read"])
    days: int = Field(default=90, ge=1, le=LONGEST, description="the token ends this many days after it was made")


class ServiceToken(Model):
    """An access token of a service account."""

    id: int
    name: str
    access: Access
    made_at: datetime
    expires_at: datetime
    used_at: datetime | None = Field(description="last request, give or take five minutes; null: never")
    used_from: str | None = Field(examples=["192.0.2.7"])


class ServiceAccount(Model):
    """A service account of the lab, whoever made it."""

    id: int
    username: str = Field(description="as the lab's events name it", examples=["service:balances-3fa9c172"])
    name: str
    made_at: datetime
    ended: bool = Field(description="an administrator took it out of the lab, so that its tokens open nothing")
    tokens: list[ServiceToken]


class ServiceAccounts(Model):
    """The lab's service accounts by name."""

    items: list[ServiceAccount]


LIST = """
SELECT u.id, u.username, u.name, u.made_at, m.ended_at IS NOT NULL AS ended
  FROM control.users u JOIN control.members m ON m.user_id = u.id AND m.lab_id = u.of_lab
 WHERE u.of_lab = control.lab_id_for('manager') AND u.retired_at IS NULL ORDER BY lower(u.name), u.id"""
LIST_TOKENS = """
SELECT s.user_id, s.id, s.token_name AS name, s.token_role, s.made_at, s.expires_at, s.used_at, s.used_from
  FROM control.sessions s JOIN control.users u ON u.id = s.user_id
 WHERE u.of_lab = control.lab_id_for('manager') AND u.retired_at IS NULL AND s.expires_at > now() ORDER BY s.id DESC"""
MAKE = "SELECT control.make_service_account(%s) AS id"
MAKE_ITS_ENTRY = "SELECT control.make_service_token(%s, %s, %s, %s, %s, %s) AS id"
REVOKE = """
DELETE FROM control.sessions s USING control.users u
 WHERE u.id = s.user_id AND u.of_lab = control.lab_id_for('manager') AND u.id = %s AND s.id = %s RETURNING s.id"""
REMOVE = """
SELECT u.id, control.retire_user(u.username) FROM control.users u
 WHERE u.of_lab = control.lab_id_for('manager') AND u.id = %s AND u.retired_at IS NULL"""


@router.get("", response_model=ServiceAccounts)
async def list_service_accounts(visit: InLab, data: Data) -> Any:
    """The lab's service accounts with their tokens, for its managers."""
    found = await data.manage(visit, {"accounts": (LIST, ()), "tokens": (LIST_TOKENS, ())})
    tokens = [with_access(token) for token in found["tokens"]]
    return {
        "items": [
            account | {"tokens": [token for token in tokens if token["user_id"] == account["id"]]}
            for account in found["accounts"]
        ]
    }


@router.post("", status_code=201, response_model=Written)
async def make_service_account(account: ServiceAccountIn, visit: InLab, data: Data) -> Any:
    """Makes a service account: a member of this lab that nobody can sign in as. It stays when the manager who made it leaves."""
    made: Statement = (MAKE, (account.name,))
    return id_of((await data.manage(visit, {"password": data.require_password(visit), "made": made}))["made"])


@router.post("/{account}/tokens", status_code=201, response_model=MadeToken)
async def make_service_token(account: Id, wanted: ServiceTokenIn, visit: InLab, data: Data) -> Any:
    """Makes an access token with which a program acts as the service account. It is shown in this answer alone."""
    token = ACCESS_TOKEN + secrets.token_urlsafe(32)
    given = (account, hash_of(token), wanted.name, ROLES[wanted.access], wanted.days, visit.address)
    made: Statement = (MAKE_ITS_ENTRY, given)
    found = await data.manage(visit, {"password": data.require_password(visit), "made": made})
    return id_of(found["made"]) | {"token": token}


@router.delete("/{account}/tokens/{token}", status_code=204)
async def revoke_service_token(account: Id, token: Id, visit: InLab, data: Data) -> None:
    """Ends an access token of a service account at once."""
    one((await data.manage(visit, {"revoked": (REVOKE, (account, token))}))["revoked"])


@router.delete("/{account}", status_code=204)
async def remove_service_account(account: Id, visit: InLab, data: Data) -> None:
    """Removes a service account with all its tokens. The history keeps its name."""
    one((await data.manage(visit, {"removed": (REMOVE, (account,))}))["removed"])
