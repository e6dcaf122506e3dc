"""Tests of containers for peroxides."""

from datetime import date, datetime
from typing import Annotated, Any

from pydantic import ConfigDict, Field

from api.core.database import Data, Found, Statements
from api.core.fields import AmountIn, Day, Id, Maybe, Model, Number
from api.core.problems import Problem
from api.core.refusals import Meaning
from api.core.routes import resource
from api.core.rows import Row, one
from api.core.views import Written
from api.core.visit import InLab

router = resource("/labs/{lab}", "containers")

MEANINGS = {
    "peroxide_tests_next_due_is_soon_enough": Meaning(
        422, "Write a day after that of the test, and no later than a year after it.", "next_due"
    ),
}

FIND_TESTS = """
SELECT t.id, t.ppm, t.tested_on, t.next_due, t.noted_at, u.name AS noted_by_name
  FROM inventory.peroxide_tests t JOIN control.users u ON u.id = t.noted_by
 WHERE t.container_id = %(container)s ORDER BY t.tested_on DESC, t.id DESC LIMIT 100"""
FIND_FORMER = """
SELECT h.peroxide_class, c.disposed_at IS NOT NULL AS is_gone, (SELECT control.today()) AS today
  FROM inventory.containers c JOIN inventory.chemicals h ON h.id = c.chemical_id WHERE c.id = %(container)s"""
NOTE_TEST = """
INSERT INTO inventory.peroxide_tests (container_id, ppm, tested_on, next_due)
SELECT c.id, %(ppm)s, t.tested_on, coalesce(%(next_due)s::date, t.tested_on + inventory.peroxide_test_days(h.peroxide_class))
  FROM inventory.containers c
  JOIN inventory.chemicals h ON h.id = c.chemical_id
 CROSS JOIN (SELECT coalesce(%(tested_on)s::date, (SELECT control.today())) AS tested_on) AS t
 WHERE c.id = %(container)s AND c.disposed_at IS NULL AND h.peroxide_class IS NOT NULL
RETURNING id"""


class PeroxideTest(Model):
    """A test of a container for peroxides."""

    id: int
    ppm: Number
    tested_on: date
    next_due: date
    noted_at: datetime
    noted_by_name: str


class PeroxideTestIn(Model):
    """What a test found. A mistake is corrected by another test of the same day."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"ppm": "25"}]})

    ppm: Annotated[AmountIn, Field(le=1_000_000)]
    tested_on: Maybe[Day] = Field(default=None, description="left out: today")
    next_due: Maybe[Day] = Field(default=None, description="left out: as the peroxide class of its chemical proposes")


@router.post("/containers/{container}/peroxide-tests", status_code=201, response_model=Written)
async def note_test(container: Id, test: PeroxideTestIn, visit: InLab, data: Data) -> Any:
    """Notes a test for peroxides, with the day when the next is due."""
    given = test.model_dump() | {"container": container}

    def noted(found: Found) -> Row:
        former = one(found["former"])
        if former["is_gone"]:
            raise Problem(409, "This container was disposed of.")
        if former["peroxide_class"] is None:
            raise Problem(409, "Its chemical has no peroxide class. Write it in the form of the chemical first.")
        if test.tested_on and test.tested_on > former["today"]:
            raise Problem(422, "This day has not come yet.", {"/tested_on": "This day has not come yet."})
        return one(found["noted"])

    statements: Statements = {"former": (FIND_FORMER, given), "noted": (NOTE_TEST, given)}
    return await data.write(visit, statements, answer=noted)
