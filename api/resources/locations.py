"""The lab's locations: a tree of buildings, rooms, storage units and shelves, kept by a manager."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from psycopg.types.json import Jsonb
from pydantic import ConfigDict, Field

from api.core.database import Data, Statements
from api.core.fields import Id, Line, Model, Version, VersionIn
from api.core.problems import NOT_FOUND, Problem
from api.core.refusals import Meaning
from api.core.routes import resource
from api.core.rows import Row, id_of, one
from api.core.views import Written
from api.core.visit import InLab

router = resource("/labs/{lab}/locations", "locations")

MEANINGS = {
    "locations_name_is_taken_here": Meaning(
        409, "There is a location of this name here already, perhaps an archived one.", "name"
    ),
    "locations_form_a_tree": Meaning(409, "A location cannot lie inside itself.", "parent_id"),
    "locations_parent_exists": Meaning(404, NOT_FOUND, "parent_id"),
    "locations_parent_is_in_use": Meaning(409, "The location in which it would lie is archived.", "parent_id"),
    "locations_nothing_stands_there": Meaning(
        409,
        "Containers still stand in this location: {standing}. Move them first, then archive the location.",
        "archived",
    ),
    "locations_nobody_counts_there": Meaning(
        409, "A stocktake of this location is open. Post it or cancel it first, then archive the location.", "archived"
    ),
    "locations_are_not_too_deep": Meaning(409, "Locations cannot be nested that deep.", "parent_id"),
    "location_is_in_use": Meaning(409, "This location is archived.", "location_id"),
    "containers_lab_id_location_id_fkey": Meaning(404, NOT_FOUND, "location_id"),
}

Kind = Literal["building", "room", "storage", "shelf"]
Name = Annotated[Line, Field(min_length=1, max_length=80, examples=["Flammables cabinet 1"])]
Period = Annotated[int | None, Field(ge=1, le=3660, description="days between two counts; null: never due")]


class LocationIn(Model):
    """A location to be made."""

    model_config = ConfigDict(extra="forbid")

    name: Name
    kind: Kind
    parent_id: Annotated[Id | None, Field(description="what it lies in; null: nothing")] = None
    count_period_days: Period = None


class LocationChange(Model):
    """A change of a location: fields that are left out stay as they are. When a location moves, all locations below move with it."""

    model_config = ConfigDict(extra="forbid")

    name: Name = ""
    kind: Kind = "room"
    parent_id: Id | None = None
    count_period_days: Period = None
    archived: bool = Field(default=False, description="true only where nothing stands; all below it goes along")
    version: VersionIn = None

    def row(self) -> Row:
        """The columns that the request sets, with their values."""
        fields = self.model_dump(exclude_unset=True, exclude={"version"})
        if "archived" in fields:
            fields["archived_at"] = "now" if fields.pop("archived") else None
        return fields


class Location(Model):
    """A location of the tree."""

    id: int
    version: Version
    parent_id: int | None
    kind: Kind
    name: str = Field(examples=["Shelf 2"])
    full_name: str = Field(description="from the root", examples=["Main building › Room 2.14 › Cabinet 1 › Shelf 2"])
    depth: int = Field(description="0 at the root")
    containers: int = Field(description="that stand in it or anywhere below")
    containers_here: int = Field(description="that stand in it, not below")
    count_period_days: int | None
    last_counted_at: datetime | None
    due_on: date | None = Field(description="day of the next count, in the lab's time zone; null: never due")
    due: bool
    archived_at: datetime | None


class LocationTree(Model):
    """All locations, each after the one in which it lies, and neighbours in the order of their names."""

    items: list[Location]
    today: date = Field(description="in the lab's time zone")


FIND_LOCATIONS = """
SELECT l.id, o.xmin::text AS version, l.parent_id, l.kind, l.name, l.full_name, l.count_period_days, l.last_counted_at, l.due_on, l.due, l.archived_at,
       length(l.path) - length(replace(l.path, '/', '')) - 2 AS depth,
       coalesce(w.containers, 0) AS containers, coalesce(w.here, 0) AS containers_here
  FROM inventory.location_tree l
  JOIN inventory.locations o ON o.lab_id = l.lab_id AND o.id = l.id
  LEFT JOIN inventory.location_contents w ON w.location_id = l.id
 WHERE l.archived_at IS NULL OR %(archived)s
 ORDER BY l.full_name_sort, l.id"""
FIND_TODAY = "SELECT control.today() AS today"
ADD_LOCATION = "SELECT inventory.insert_row('inventory.locations', %s) AS id"
CHANGE_LOCATION = "SELECT inventory.update_row('inventory.locations', %s, %s, %s) AS id"


def in_order(rows: list[Row]) -> list[Row]:
    """The locations, each after the one in which it lies, and neighbours in the order of `rows`."""
    children: dict[int | None, list[Row]] = {}
    for row in rows:
        children.setdefault(row["parent_id"], []).append(row)
    ordered, waiting = [], children.get(None, [])[::-1]
    while waiting:
        row = waiting.pop()
        ordered.append(row)
        waiting += children.get(row["id"], [])[::-1]
    return ordered


@router.get("", response_model=LocationTree)
async def list_locations(visit: InLab, data: Data, archived: bool = False) -> Any:
    """The whole tree, without archived locations unless asked for."""
    found = await data.read_all(
        visit, {"locations": (FIND_LOCATIONS, {"archived": archived}), "today": (FIND_TODAY, ())}
    )
    return {"items": in_order(found["locations"])} | one(found["today"])


@router.post("", status_code=201, response_model=Written)
async def add_location(location: LocationIn, visit: InLab, data: Data) -> Any:
    """Makes a location at the root of the tree or in another location."""
    statements: Statements = {"added": (ADD_LOCATION, (Jsonb(location.model_dump(exclude_unset=True)),))}
    return await data.write(visit, statements, needed="manager", answer=lambda found: id_of(found["added"]))


@router.patch("/{location}", response_model=Written)
async def change_location(location: Id, change: LocationChange, visit: InLab, data: Data) -> Any:
    """Renames, moves, archives or brings back a location, or says how often it is counted."""
    row = change.row()
    if not row:
        raise Problem(422, "Say what is to be changed.")
    statements: Statements = {"changed": (CHANGE_LOCATION, (location, Jsonb(row), change.version))}
    return await data.write(visit, statements, needed="manager", answer=lambda found: id_of(found["changed"]))
