"""Labs and who belongs to them: for administrators, who see no lab's inventory."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from api.access import SignedIn
from api.database import Data
from api.fields import Id, Line, Model
from api.problems import Problem, not_found
from api.routes import resource

router = resource("/labs", "administration")

Slug = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{1,39}$", examples=["curie"])]
Name = Annotated[Line, Field(min_length=1, max_length=80, examples=["Curie lab"])]
TimeZone = Annotated[str, Field(max_length=64, examples=["Europe/London"])]
Role = Literal["viewer", "member", "manager"]


class Lab(Model):
    """A lab as an administrator sees it."""

    id: int
    slug: str
    name: str
    time_zone: str
    members: int
    made_at: datetime
    archived_at: datetime | None


class Labs(Model):
    """All labs, archived ones last."""

    items: list[Lab]


class LabIn(Model):
    """A new lab. The slug is its word in every address; the time zone decides what "today" is."""

    slug: Slug
    name: Name
    time_zone: TimeZone = "UTC"


class LabChange(Model):
    """What is to be changed: the fields that are given."""

    slug: Slug | None = None
    name: Name | None = None
    time_zone: TimeZone | None = None
    archived: bool | None = None


class Member(Model):
    """A user's place in a lab."""

    user_id: int
    username: str
    name: str
    role: Role
    also_in: list[str] = Field(description="names of their other labs")
    signed_in_at: datetime | None = Field(description="last time; null: never")
    made_at: datetime
    ended_at: datetime | None


class Members(Model):
    """A lab with its members, former ones last."""

    lab: Lab
    items: list[Member]


class MembersIn(Model):
    """Who is to belong to the lab, as what: all of them or none. A former member comes back."""

    usernames: list[Annotated[str, Field(max_length=64, examples=["ada"])]] = Field(min_length=1, max_length=200)
    role: Role


class RoleChange(Model):
    """The new role."""

    role: Role = Field(examples=["manager"])


LAB = """l.id, l.slug, l.name, l.time_zone, l.made_at, l.archived_at,
       (SELECT count(*) FROM control.members m WHERE m.lab_id = l.id AND m.ended_at IS NULL) AS members"""
LIST_LABS = f"SELECT {LAB} FROM control.labs l ORDER BY l.archived_at IS NOT NULL, lower(l.name), l.id"
FIND_LAB = f"SELECT {LAB} FROM control.labs l WHERE l.slug = %s"
CHECK_TIME_ZONE = "SELECT EXISTS (SELECT FROM pg_timezone_names WHERE name = %s) AS known"
ADD_LAB = (
    f"WITH l AS (INSERT INTO control.labs (slug, name, time_zone) VALUES (%s, %s, %s) RETURNING *) SELECT {LAB} FROM l"
)
CHANGE_LAB = """
UPDATE control.labs
   SET slug = coalesce(%(slug)s, slug), name = coalesce(%(name)s, name), time_zone = coalesce(%(time_zone)s, time_zone),
       archived_at = CASE %(archived)s::boolean WHEN true THEN coalesce(archived_at, now()) WHEN false THEN NULL ELSE archived_at END
 WHERE slug = %(lab)s RETURNING id"""
FIND_LAB_BY_ID = f"SELECT {LAB} FROM control.labs l WHERE l.id = %s"
LIST_MEMBERS = """
SELECT m.user_id, u.username, u.name, m.role, m.made_at, m.ended_at, u.signed_in_at,
       ARRAY(SELECT o.name FROM control.members n JOIN control.labs o ON o.id = n.lab_id AND o.archived_at IS NULL
              WHERE n.user_id = u.id AND n.lab_id <> m.lab_id AND n.ended_at IS NULL ORDER BY lower(o.name)) AS also_in
  FROM control.members m JOIN control.users u ON u.id = m.user_id JOIN control.labs l ON l.id = m.lab_id
 WHERE l.slug = %s ORDER BY m.ended_at IS NOT NULL, lower(u.name), u.id"""
FIND_USERS = """
SELECT w.username, u.id IS NOT NULL AS known, m.user_id IS NOT NULL AS is_member
  FROM unnest(%(usernames)s::text[]) WITH ORDINALITY AS w (username, place)
  JOIN control.labs l ON l.slug = %(lab)s
  LEFT JOIN control.users u ON u.username = w.username AND u.retired_at IS NULL
  LEFT JOIN control.members m ON m.lab_id = l.id AND m.user_id = u.id AND m.ended_at IS NULL
 ORDER BY w.place"""
ADD_MEMBERS = """
INSERT INTO control.members AS m (lab_id, user_id, role)
SELECT l.id, u.id, %(role)s FROM control.labs l, control.users u
 WHERE l.slug = %(lab)s AND u.username = ANY (%(usernames)s) AND u.retired_at IS NULL
ON CONFLICT (lab_id, user_id) DO UPDATE SET role = excluded.role, ended_at = NULL WHERE m.ended_at IS NOT NULL"""
CHANGE_ROLE = """
UPDATE control.members m SET role = %s FROM control.labs l
 WHERE l.id = m.lab_id AND l.slug = %s AND m.user_id = %s AND m.ended_at IS NULL RETURNING m.user_id"""
END_MEMBERSHIP = """
UPDATE control.members m SET ended_at = now() FROM control.labs l
 WHERE l.id = m.lab_id AND l.slug = %s AND m.user_id = %s AND m.ended_at IS NULL RETURNING m.user_id"""


@router.get("", response_model=Labs)
async def list_labs(visit: SignedIn, data: Data) -> Any:
    """All labs of the installation."""
    [rows] = await data.administer(visit, (LIST_LABS, ()))
    return {"items": rows}


@router.post("", status_code=201, response_model=Lab)
async def add_lab(lab: LabIn, visit: SignedIn, data: Data) -> Any:
    """Makes a lab, empty and without members."""
    await _check_time_zone(lab.time_zone, visit, data)
    [[row]] = await data.administer(visit, (ADD_LAB, (lab.slug, lab.name, lab.time_zone)))
    return row


@router.patch("/{lab}", response_model=Lab)
async def change_lab(lab: str, change: LabChange, visit: SignedIn, data: Data) -> Any:
    """Renames or archives a lab, or takes it back from the archive. Nobody enters an archived lab; its rows stay."""
    if change.time_zone:
        await _check_time_zone(change.time_zone, visit, data)
    [changed] = await data.administer(visit, (CHANGE_LAB, change.model_dump() | {"lab": lab}))
    if not changed:
        raise not_found()
    [[row]] = await data.administer(visit, (FIND_LAB_BY_ID, (changed[0]["id"],)))
    return row


@router.get("/{lab}/members", response_model=Members)
async def list_members(lab: str, visit: SignedIn, data: Data) -> Any:
    """Who belongs to the lab, and who did."""
    found, members = await data.administer(visit, (FIND_LAB, (lab,)), (LIST_MEMBERS, (lab,)))
    if not found:
        raise not_found()
    return {"lab": found[0], "items": members}


@router.post("/{lab}/members", status_code=201, response_model=Members)
async def add_members(lab: str, wanted: MembersIn, visit: SignedIn, data: Data) -> Any:
    """Adds users to the lab, all or none; one who left comes back with everything they did before."""
    usernames = list(dict.fromkeys(name.strip().lower() for name in wanted.usernames if name.strip()))
    given = {"lab": lab, "usernames": usernames, "role": wanted.role}
    labs, found = await data.administer(visit, (FIND_LAB, (lab,)), (FIND_USERS, given))
    if not labs:
        raise not_found()
    unknown = [user["username"] for user in found if not user["known"]]
    members = [user["username"] for user in found if user["is_member"]]
    if unknown or members or not usernames:
        sentences = ["Write at least one user name."] if not usernames else []
        sentences += [f"There is no login {', '.join(unknown)}."] if unknown else []
        sentences += [f"{', '.join(members)}: a member already."] if members else []
        sentence = " ".join(sentences)
        raise Problem(422, sentence, {"/usernames": sentence})
    _, labs, items = await data.administer(visit, (ADD_MEMBERS, given), (FIND_LAB, (lab,)), (LIST_MEMBERS, (lab,)))
    return {"lab": labs[0], "items": items}


@router.patch("/{lab}/members/{user}", status_code=204)
async def change_role(lab: str, user: Id, change: RoleChange, visit: SignedIn, data: Data) -> None:
    """Gives a member another role. It holds from their next request on."""
    [changed] = await data.administer(visit, (CHANGE_ROLE, (change.role, lab, user)))
    if not changed:
        raise not_found()


@router.delete("/{lab}/members/{user}", status_code=204)
async def end_membership(lab: str, user: Id, visit: SignedIn, data: Data) -> None:
    """Removes a member. What they did stays in the ledger; the lab's Home lists the bottles that they still hold."""
    [ended] = await data.administer(visit, (END_MEMBERSHIP, (lab, user)))
    if not ended:
        raise not_found()


async def _check_time_zone(name: str, visit: SignedIn, data: Data) -> None:
    [[found]] = await data.administer(visit, (CHECK_TIME_ZONE, (name,)))
    if not found["known"]:
        sentence = "This is not a time zone. Write one such as Europe/London."
        raise Problem(422, sentence, {"/time_zone": sentence})
