"""The lab's locations: a tree of buildings, rooms, storage units and shelves, kept by a manager."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from psycopg.types.json import Jsonb
from pydantic import ConfigDict, Field

from api.access import InLab, Row
from api.database import Data
from api.fields import Id, Line, Model
from api.problems import Problem, not_found
from api.routes import resource

router = resource("/labs/{lab}/locations", "locations")

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
    """What is to be changed: the fields that are given. Moving a location takes all below it along."""

    model_config = ConfigDict(extra="forbid")

    name: Name = ""
    kind: Kind = "room"
    parent_id: Id | None = None
    count_period_days: Period = None
    archived: bool = Field(default=False, description="true only where nothing stands; all below it goes along")

    def row(self) -> Row:
        """The columns that were written."""
        fields = self.model_dump(exclude_unset=True)
        if "archived" in fields:
            fields["archived_at"] = "now" if fields.pop("archived") else None
        return fields


class Location(Model):
    """A location of the tree."""

    id: int
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
    """All locations, each after what it lies in; its children in the order of their names."""

    items: list[Location]
    today: date = Field(description="in the lab's time zone")


class Written(Model):
    """What was made or changed."""

    id: int


FIND_LOCATIONS = """
SELECT p.id, p.parent_id, p.kind, p.name, p.full_name, p.count_period_days, p.last_counted_at, p.due_on, p.due, p.archived_at,
       length(p.path) - length(replace(p.path, '/', '')) - 2 AS depth,
       coalesce(w.containers, 0) AS containers, coalesce(w.here, 0) AS containers_here
  FROM inventory.places p LEFT JOIN inventory.place_contents w ON w.location_id = p.id
 WHERE p.archived_at IS NULL OR %(archived)s
 ORDER BY p.id"""
FIND_TODAY = "SELECT control.today() AS today"
ADD_LOCATION = "SELECT inventory.insert_row('inventory.locations', %s) AS id"
CHANGE_LOCATION = "SELECT inventory.update_row('inventory.locations', %s, %s) AS id"


def in_order(rows: list[Row]) -> list[Row]:
    """Each location after what it lies in, neighbours by name as people sort them: Shelf 2 before Shelf 10."""
    children: dict[int | None, list[Row]] = {}
    for row in sorted(rows, key=lambda row: natural(row["name"])):
        children.setdefault(row["parent_id"], []).append(row)
    ordered, waiting = [], children.get(None, [])[::-1]
    while waiting:
        row = waiting.pop()
        ordered.append(row)
        waiting += children.get(row["id"], [])[::-1]
    return ordered


def natural(name: str) -> list[tuple[int, int, str]]:
    """A sort key that reads digits as numbers."""
    parts: list[tuple[int, int, str]] = []
    digits = ""
    for sign in name.casefold() + "\0":
        if sign in "0123456789":
            digits += sign
            continue
        if digits:
            parts.append((0, int(digits), ""))
            digits = ""
        parts.append((1, 0, sign))
    return parts


@router.get("", response_model=LocationTree)
async def list_locations(visit: InLab, data: Data, archived: bool = False) -> Any:
    """The whole tree, without archived locations unless asked for."""
    rows, [day] = await data.read_all(visit, (FIND_LOCATIONS, {"archived": archived}), (FIND_TODAY, ()))
    return {"items": in_order(rows), "today": day["today"]}


@router.post("", status_code=201, response_model=Written)
async def add_location(location: LocationIn, visit: InLab, data: Data) -> Any:
    """Makes a location, at the root or in another one."""
    row = location.model_dump(exclude_unset=True)
    return await data.write(
        visit, (ADD_LOCATION, (Jsonb(row),)), needed="manager", answer=lambda results: results[0][0]
    )


@router.patch("/{location}", response_model=Written)
async def change_location(location: Id, change: LocationChange, visit: InLab, data: Data) -> Any:
    """Renames, moves, archives or brings back a location, or says how often it is counted."""
    row = change.row()
    if not row:
        raise Problem(422, "Say what is to be changed.")

    def written(results: list[list[Row]]) -> Row:
        if results[0][0]["id"] is None:
            raise not_found()
        return results[0][0]

    return await data.write(visit, (CHANGE_LOCATION, (location, Jsonb(row))), needed="manager", answer=written)
