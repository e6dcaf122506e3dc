"""Searches of the list of chemicals that a member gave a name; a manager shares them with the lab."""

from typing import Annotated, Any
from urllib.parse import parse_qs, urlencode

from pydantic import AfterValidator, Field, ValidationError

from api.core.database import Data, Found, Statements
from api.core.fields import Id, Line, Model
from api.core.problems import Problem
from api.core.routes import resource
from api.core.rows import one
from api.core.views import Written
from api.core.visit import InLab
from api.resources.chemicals.queries import Search

router = resource("/labs/{lab}/chemicals/searches", "chemicals")

NOT_SAVED = ("cursor", "limit", "facets", "chemical")
"""Parameters of one page of the list, or of chemicals that were chosen one by one."""
MOST = 100
"""Searches that a member saves: each opening of the list looks through all of the lab's."""
COUNT_OWN = "SELECT count(*) AS searches FROM inventory.saved_searches s WHERE s.made_by = control.user_id()"
FIND_SEARCHES = """
SELECT s.id, s.name, s.query, s.shared, s.made_by = control.user_id() AS own FROM inventory.saved_searches s
 WHERE s.shared OR s.made_by = control.user_id() ORDER BY inventory.in_natural_order(s.name), s.id LIMIT 200"""
SAVE = """
INSERT INTO inventory.saved_searches (name, query, shared) VALUES (%(name)s, %(query)s, %(shared)s) RETURNING id"""
REMOVE = """
DELETE FROM inventory.saved_searches s
 WHERE s.id = %(search)s AND (s.shared OR s.made_by = control.user_id()) RETURNING s.id"""


class SavedSearch(Model):
    """A search that this member sees."""

    id: int
    name: str = Field(examples=["Peroxide formers, open too long"])
    query: str = Field(description="of the list's address", examples=["flash_point_to=23&state=liquid"])
    shared: bool = Field(description="a manager offers it to all members")
    own: bool = Field(description="this member saved it")


def _query(text: str) -> str:
    """The query written anew from what the list understands."""
    try:
        given = {name: values for name, values in parse_qs(text, max_num_fields=200).items() if name not in NOT_SAVED}
        several = {name for name, field in Search.model_fields.items() if field.default == []}
        Search.model_validate({name: values if name in several else values[-1] for name, values in given.items()})
    except ValidationError as error:
        raise ValueError(f"The list has no such search: {error.errors()[0]['loc'][0]}.") from error
    except ValueError as error:
        raise ValueError("This is no search of the list.") from error
    if not given.keys() - {"sort"}:
        raise ValueError("Search for something first, or choose a filter.")
    return urlencode(given, doseq=True)


class SearchIn(Model):
    """A search to be saved."""

    name: Annotated[Line, Field(min_length=1, max_length=60, examples=["Peroxide formers, open too long"])]
    query: Annotated[str, Field(max_length=4000, examples=["flash_point_to=23&state=liquid"]), AfterValidator(_query)]
    shared: bool = Field(default=False, description="with the whole lab; for managers")


@router.post("", status_code=201, response_model=Written)
async def save_search(new: SearchIn, visit: InLab, data: Data) -> Any:
    """Saves a search of the list under a name."""

    def saved(found: Found) -> Any:
        if one(found["own"])["searches"] > MOST:
            raise Problem(409, f"You have {MOST} saved searches already. Remove one first.")
        return one(found["saved"])

    statements: Statements = {"saved": (SAVE, new.model_dump()), "own": (COUNT_OWN, ())}
    return await data.write(visit, statements, needed="manager" if new.shared else "member", answer=saved)


@router.delete("/{search}", status_code=204)
async def remove_search(search: Id, visit: InLab, data: Data) -> None:
    """Removes a search of one's own; a manager any shared one."""

    def removed(found: Found) -> None:
        one(found["removed"])

    await data.write(visit, {"removed": (REMOVE, {"search": search})}, answer=removed)
