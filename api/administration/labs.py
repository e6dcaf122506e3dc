"""Labs and who belongs to them: for administrators, who see no lab's inventory."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from api.core.database import Data, Statement
from api.core.fields import Id, Line, Model, Version, VersionIn
from api.core.problems import Problem
from api.core.refusals import Meaning
from api.core.routes import resource
from api.core.rows import one
from api.core.visit import SignedIn

router = resource("/labs", "administration")

MEANINGS = {
    "labs_slug_is_taken": Meaning(409, "Another lab has this short name.", "slug"),
    "labs_slug_is_a_path_word": Meaning(
        422, "Write 2 to 40 small letters, digits and hyphens, a letter first; “static” is taken.", "slug"
    ),
    "labs_name_is_one_line": Meaning(422, "Write a name of at most 80 characters.", "name"),
}

Slug = Annotated[
    str,
    Field(max_length=100, examples=["curie"], description="2 to 40 small letters, digits and hyphens, a letter first"),
]
Name = Annotated[Line, Field(min_length=1, max_length=80, examples=["Curie lab"])]
TimeZone = Annotated[str, Field(max_length=64, examples=["Europe/London"])]
Role = Literal["viewer", "member", "manager"]


class Lab(Model):
    """A lab as an administrator sees it."""

    id: int
    version: Version
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
    """A new lab. The slug names the lab in every address; the time zone decides which day "today" is."""

    slug: Slug
    name: Name
    time_zone: TimeZone = "UTC"


class LabChange(Model):
    """A change of a lab: fields that are left out stay as they are."""

    slug: Slug | None = None
    name: Name | None = None
    time_zone: TimeZone | None = None
    archived: bool | None = None
    version: VersionIn = None


class Member(Model):
    """A user's place in a lab."""

    user_id: int
    version: Version
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
    """Users to be added to the lab with their roles: all of them, or none when one is refused. A former member becomes one again."""

    usernames: list[Annotated[str, Field(max_length=64, examples=["ada"])]] = Field(min_length=1, max_length=200)
    role: Role


class RoleChange(Model):
    """The new role."""

    role: Role = Field(examples=["manager"])
    version: VersionIn = None


LAB = """l.id, l.xmin::text AS version, l.slug, l.name, l.time_zone, l.made_at, l.archived_at,
       (SELECT count(*) FROM control.members m WHERE m.lab_id = l.id AND m.ended_at IS NULL) AS members"""
LIST_LABS = f"SELECT {LAB} FROM control.labs l ORDER BY l.archived_at IS NOT NULL, lower(l.name), l.id"
FIND_LAB = f"SELECT {LAB} FROM control.labs l WHERE l.slug = %s"
CHECK_TIME_ZONE = "SELECT EXISTS (SELECT FROM pg_timezone_names WHERE name = %s) AS known"
ADD_LAB = f"WITH l AS (INSERT INTO control.labs (slug, name, time_zone) VALUES (%s, %s, %s) RETURNING *, xmin) SELECT {LAB} FROM l"
CHANGE_LAB = """
UPDATE control.labs
   SET slug = CASE WHEN control.is_unchanged(xmin::text, %(version)s) THEN coalesce(%(slug)s, slug) END, name = coalesce(%(name)s, name), time_zone = coalesce(%(time_zone)s, time_zone),
       archived_at = CASE %(archived)s::boolean WHEN true THEN coalesce(archived_at, now()) WHEN false THEN NULL ELSE archived_at END
 WHERE slug = %(lab)s RETURNING id"""
FIND_LAB_BY_ID = f"SELECT {LAB} FROM control.labs l WHERE l.id = %s"
LIST_MEMBERS = """
SELECT m.user_id, m.xmin::text AS version, u.username, u.name, m.role, m.made_at, m.ended_at, u.signed_in_at,
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
UPDATE control.members m SET role = CASE WHEN control.is_unchanged(m.xmin::text, %s) THEN %s END FROM control.labs l
 WHERE l.id = m.lab_id AND l.slug = %s AND m.user_id = %s AND m.ended_at IS NULL RETURNING m.user_id"""
END_MEMBERSHIP = """
UPDATE control.members m SET ended_at = now() FROM control.labs l
 WHERE l.id = m.lab_id AND l.slug = %s AND m.user_id = %s AND m.ended_at IS NULL RETURNING m.user_id"""


@router.get("", response_model=Labs)
async def list_labs(visit: SignedIn, data: Data) -> Any:
    """All labs of the installation."""
    found = await data.administer(visit, {"labs": (LIST_LABS, ())})
    return {"items": found["labs"]}


@router.post("", status_code=201, response_model=Lab)
async def add_lab(lab: LabIn, visit: SignedIn, data: Data) -> Any:
    """Makes a lab, empty and without members."""
    await _check_time_zone(lab.time_zone, visit, data)
    added: Statement = (ADD_LAB, (lab.slug, lab.name, lab.time_zone))
    found = await data.administer(visit, {"password": data.require_password(visit), "lab": added})
    return one(found["lab"])


@router.patch("/{lab}", response_model=Lab)
async def change_lab(lab: str, change: LabChange, visit: SignedIn, data: Data) -> Any:
    """Renames a lab, archives it or takes it out of the archive. Nobody can enter an archived lab; its rows stay."""
    if change.time_zone:
        await _check_time_zone(change.time_zone, visit, data)
    changed: Statement = (CHANGE_LAB, change.model_dump() | {"lab": lab})
    done = await data.administer(visit, {"password": data.require_password(visit), "changed": changed})
    found = await data.administer(visit, {"lab": (FIND_LAB_BY_ID, (one(done["changed"])["id"],))})
    return one(found["lab"])


@router.get("/{lab}/members", response_model=Members)
async def list_members(lab: str, visit: SignedIn, data: Data) -> Any:
    """The members of the lab and its former members."""
    found = await data.administer(visit, {"lab": (FIND_LAB, (lab,)), "members": (LIST_MEMBERS, (lab,))})
    return {"lab": one(found["lab"]), "items": found["members"]}


@router.post("/{lab}/members", status_code=201, response_model=Members)
async def add_members(lab: str, wanted: MembersIn, visit: SignedIn, data: Data) -> Any:
    """Adds users to the lab: all of them, or none when one is refused. A former member returns with everything they did before."""
    usernames = list(dict.fromkeys(name.strip().lower() for name in wanted.usernames if name.strip()))
    given = {"lab": lab, "usernames": usernames, "role": wanted.role}
    asked = await data.administer(
        visit,
        {"password": data.require_password(visit), "lab": (FIND_LAB, (lab,)), "users": (FIND_USERS, given)},
    )
    one(asked["lab"])
    unknown = [user["username"] for user in asked["users"] if not user["known"]]
    members = [user["username"] for user in asked["users"] if user["is_member"]]
    if unknown or members or not usernames:
        sentences = ["Write at least one user name."] if not usernames else []
        sentences += [f"There is no login {', '.join(unknown)}."] if unknown else []
        sentences += [f"{', '.join(members)}: a member already."] if members else []
        sentence = " ".join(sentences)
        raise Problem(422, sentence, {"/usernames": sentence})
    found = await data.administer(
        visit,
        {"added": (ADD_MEMBERS, given), "lab": (FIND_LAB, (lab,)), "members": (LIST_MEMBERS, (lab,))},
    )
    return {"lab": one(found["lab"]), "items": found["members"]}


@router.patch("/{lab}/members/{user}", status_code=204)
async def change_role(lab: str, user: Id, change: RoleChange, visit: SignedIn, data: Data) -> None:
    """Gives a member another role, which applies from the member's next request on."""
    changed: Statement = (CHANGE_ROLE, (change.version, change.role, lab, user))
    done = await data.administer(visit, {"password": data.require_password(visit), "changed": changed})
    one(done["changed"])


@router.delete("/{lab}/members/{user}", status_code=204)
async def end_membership(lab: str, user: Id, visit: SignedIn, data: Data) -> None:
    """Removes a member. What they did stays in the ledger; the lab's Home lists the bottles that they still hold."""
    ended: Statement = (END_MEMBERSHIP, (lab, user))
    done = await data.administer(visit, {"password": data.require_password(visit), "ended": ended})
    one(done["ended"])


async def _check_time_zone(name: str, visit: SignedIn, data: Data) -> None:
    found = await data.administer(visit, {"time_zone": (CHECK_TIME_ZONE, (name,))})
    if not one(found["time_zone"])["known"]:
        sentence = "This is not a time zone. Write one such as Europe/London."
        raise Problem(422, sentence, {"/time_zone": sentence})
