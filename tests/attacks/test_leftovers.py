"""An injected statement leaves nothing on its connection for the next lab that gets it."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any, LiteralString

import psycopg
import pytest

import api.resources.locations
from api.app import create_app
from api.core.database import Database
from api.core.problems import Problem
from api.core.visit import Visit
from tests.api.test_database import database_of, visit
from tests.coroutines import run
from tests.installation import Client, Installation, serving

SPOIL: LiteralString = """
SELECT set_config('row_security', 'off', false), set_config('array_nulls', 'off', false), set_config('timezone', 'Asia/Tokyo', false),
       set_config('default_transaction_read_only', 'on', false), set_config('default_transaction_isolation', 'serializable', false),
       set_config('log_parameter_max_length_on_error', '-1', false), set_config('search_path', 'public', false),
       set_config('statement_timeout', '1ms', false), set_config('lock_timeout', '0', false), set_config('app.clock', 'x', false),
       pg_advisory_lock(hashtext('inventory.imports'), 2), pg_advisory_lock(4711), now()::date AS today"""
SETTINGS: LiteralString = """
SELECT name, setting FROM pg_settings
 WHERE (source = 'session' OR name LIKE 'app.%%') AND name NOT LIKE 'transaction%%' AND coalesce(setting, '') <> '' ORDER BY name"""
LOCKS = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
ADD: LiteralString = "INSERT INTO inventory.chemicals (name) VALUES ('Lost') RETURNING id"
FAIL: LiteralString = "SELECT 1 / 0"

Door = Callable[[Database, Visit, Visit], Awaitable[object]]


async def by_a_read(database: Database, ada: Visit, root: Visit) -> object:
    return await database.read(ada, SPOIL)


async def by_a_read_that_fails(database: Database, ada: Visit, root: Visit) -> object:
    return await database.read_all(ada, {"spoiled": (SPOIL, ()), "failed": (FAIL, ())})


async def by_a_write(database: Database, ada: Visit, root: Visit) -> object:
    return await database.write(ada, {"spoiled": (SPOIL, ())}, answer=lambda found: None)


async def by_a_write_that_fails(database: Database, ada: Visit, root: Visit) -> object:
    return await database.write(ada, {"spoiled": (SPOIL, ()), "failed": (FAIL, ())})


async def by_work_of_many_steps(database: Database, ada: Visit, root: Visit) -> object:
    async with database.transaction(ada, "member") as step:
        return await step(SPOIL, ())


async def by_work_that_is_given_up(database: Database, ada: Visit, root: Visit) -> object:
    async with database.transaction(ada, "member") as step:
        await step(SPOIL, ())
        raise Problem(409, "no")


async def by_administration(database: Database, ada: Visit, root: Visit) -> object:
    return await database.administer(root, {"spoiled": (SPOIL, ())})


async def by_the_control_plane(database: Database, ada: Visit, root: Visit) -> object:
    return await database.control({"spoiled": (SPOIL, ())})


@pytest.mark.parametrize(
    "door",
    [
        by_a_read,
        by_a_read_that_fails,
        by_a_write,
        by_a_write_that_fails,
        by_work_of_many_steps,
        by_work_that_is_given_up,
        by_administration,
        by_the_control_plane,
    ],
    ids=lambda door: door.__name__,
)
def test_no_setting_and_no_lock_stays_on_a_connection(installation: Installation, door: Door) -> None:
    async def scenario() -> None:
        async with database_of(installation) as database:
            ada, root = visit(installation, "ada", "curie"), visit(installation, "root", "")
            with suppress(psycopg.Error, Problem):
                await door(database, ada, root)
            assert installation.psql(LOCKS) == [(0,)]  # looked at before another request, whose end would release them
            assert await database.read_as_nobody(SETTINGS) == []
            assert (await database.control({"left": (SETTINGS, ())}))["left"] == []
            eve = visit(installation, "eve", "hodgkin")
            assert await database.write(eve, {"added": (ADD, ())})

    run(scenario())


def test_another_labs_next_request_meets_nothing_of_an_injection(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The test replaces a fixed SQL text of one route, as if somebody could type into it."""
    settings = installation.settings(
        chemuser_pool=1
    )  # one connection, so that each request meets what the one before left on it
    with serving(create_app(settings)) as url:

        def ask(who: str, method: str, path: str, **given: Any) -> int:
            client = Client(url, installation.service_token)
            client.headers["Authorization"] = f"Bearer {installation.new_token(who)}"
            return client.request(method, path, **given).status_code

        with monkeypatch.context() as hole:
            hole.setattr(api.resources.locations, "FIND_TODAY", SPOIL)
            assert ask("ada", "GET", "/labs/curie/locations") == 200
        assert installation.psql(LOCKS) == [(0,)]
        assert ask("eve", "GET", "/labs/hodgkin/locations") == 200
        assert ask("eve", "POST", "/labs/hodgkin/chemicals", json={"name": "Kept"}) == 201


NAMED_BY_SQL: LiteralString = "SELECT count(*) AS statements FROM pg_prepared_statements WHERE from_sql"
NAME: LiteralString = "SELECT name FROM pg_prepared_statements WHERE NOT from_sql AND starts_with(statement, %s)"


@pytest.mark.parametrize("fails", [False, True])
@pytest.mark.parametrize("replaced", ["SELECT 'the true one'", "SELECT pg_advisory_unlock_all()", "RESET ALL"])
def test_a_statement_that_an_injection_prepared_is_run_for_nobody_else(
    installation: Installation, replaced: str, fails: bool
) -> None:
    """An attacker who can run whole statements deallocates one that psycopg has prepared, and prepares another under its name, which the
    next request of any lab would run. The attack fails even if it replaces the statement that finds it, or if an error follows.
    """
    asked: LiteralString = "SELECT 'the true one' AS text"

    async def scenario() -> None:
        async with database_of(installation) as database:
            ada, eve = visit(installation, "ada", "curie"), visit(installation, "eve", "hodgkin")
            for _ in range(5):  # psycopg prepares a statement after some uses, and then sends its name
                assert await database.read(eve, asked) == [{"text": "the true one"}]
            if names := await database.read(ada, NAME, (replaced,)):
                other = f"PREPARE {names[0]['name']} AS SELECT 'another one' AS text, false AS are_prepared"
                bad: dict[str, Any] = {"let_go": (f"DEALLOCATE {names[0]['name']}", ()), "prepared": (other, ())}
                with suppress(psycopg.Error):
                    await database.read_all(ada, bad | ({"failed": (FAIL, ())} if fails else {}))
            else:
                assert "true one" not in replaced, "nothing was prepared, so nothing is tried"
            assert await database.read(eve, asked) == [{"text": "the true one"}]
            assert await database.read(eve, NAMED_BY_SQL) == [{"statements": 0}]

    run(scenario())
