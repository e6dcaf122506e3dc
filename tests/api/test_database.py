"""api/core/database.py: no connection keeps a lab after its request, however the request ends."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

import psycopg
import pytest

from api.core.database import Database, Role, Statement
from api.core.errors import of_error
from api.core.problems import Problem
from api.core.visit import Visit
from tests.coroutines import run
from tests.installation import Installation

LEFTOVERS = "SELECT current_setting('app.lab_id', true) AS lab, current_setting('app.session', true) AS session, pg_backend_pid()"
NAMES = "SELECT name FROM inventory.chemicals ORDER BY name"
ADD = "INSERT INTO inventory.chemicals (name) VALUES (%s) RETURNING id"
ADD_AND_ANSWER = "SELECT jsonb_build_object('id', inventory.insert_row('inventory.chemicals', jsonb_build_object('name', %s::text))) AS answer"


@asynccontextmanager
async def database_of(installation: Installation, connections: int = 1) -> AsyncIterator[Database]:
    """A database whose pools have one connection each (or more), so that each request gets the connection of the request before."""
    database = Database(installation.settings(chemuser_pool=connections, chemadmin_pool=connections))
    await database.open()
    try:
        yield database
    finally:
        await database.close()


def visit(installation: Installation, who: str, lab: str, key: str | None = None) -> Visit:
    token = installation.new_token(who)
    return Visit(hashlib.sha256(token.encode()).hexdigest(), lab=lab, key=key, fingerprint=b"fingerprint")


async def leftovers(database: Database) -> tuple[str, str, int]:
    """The settings of a tenant that the pool's only connection still has, read without entering a lab."""
    async with database._labs.connection() as connection:
        cursor = await connection.execute(LEFTOVERS)
        [row] = await cursor.fetchall()
        lab, session, backend = row.values()
        return lab or "", session or "", backend


Fault = Callable[[Database, Visit], Awaitable[object]]


async def succeed(database: Database, ada: Visit) -> object:
    return await database.read(ada, NAMES)


async def write(database: Database, ada: Visit) -> object:
    return await database.write(ada, {"added": (ADD, ("Kept",))})


async def write_at_once(database: Database, ada: Visit) -> object:
    return await database.write_at_once(ada, ADD_AND_ANSWER, ("Kept",))


async def fail_in_sql(database: Database, ada: Visit) -> object:
    return await database.read(ada, "SELECT 1/0 FROM inventory.chemicals UNION ALL SELECT 1/0")


async def fail_at_once(database: Database, ada: Visit) -> object:
    return await database.write_at_once(ada, f"{ADD_AND_ANSWER}, 1/0", ("Undone",))


async def fail_in_the_answer(database: Database, ada: Visit) -> object:
    def refuse(_: object) -> object:
        raise Problem(409, "no")

    return await database.write(ada, {"added": (ADD, ("Undone",))}, answer=refuse)


async def fail_halfway(database: Database, ada: Visit) -> object:
    async with database.transaction(ada, "member") as run:
        await run(ADD, ("Undone",))
        raise Problem(409, "no")


async def is_cancelled(database: Database, ada: Visit) -> object:
    task = asyncio.create_task(database.write(ada, {"added": (ADD, ("Undone",)), "slow": ("SELECT pg_sleep(5)", ())}))
    await asyncio.sleep(0.3)
    task.cancel()
    return await task


async def is_cancelled_at_once(database: Database, ada: Visit) -> object:
    task = asyncio.create_task(database.write_at_once(ada, f"{ADD_AND_ANSWER}, pg_sleep(5)", ("Undone",)))
    await asyncio.sleep(0.3)
    task.cancel()
    return await task


async def is_stopped_by_the_server(database: Database, ada: Visit) -> object:
    return await database.write(
        ada, {"limited": ("SET LOCAL statement_timeout = '100ms'", ()), "slow": ("SELECT pg_sleep(5)", ())}
    )


async def is_thrown_out_by_the_server(database: Database, ada: Visit) -> object:
    return await database.write(
        ada, {"added": (ADD, ("Undone",)), "ended": ("SELECT pg_terminate_backend(pg_backend_pid())", ())}
    )


@pytest.mark.parametrize(
    "what",
    [
        succeed,
        write,
        write_at_once,
        fail_in_sql,
        fail_at_once,
        fail_in_the_answer,
        fail_halfway,
        is_cancelled,
        is_cancelled_at_once,
        is_stopped_by_the_server,
        is_thrown_out_by_the_server,
    ],
    ids=lambda what: what.__name__,
)
def test_the_next_request_never_has_the_last_tenant(installation: Installation, what: Fault) -> None:
    async def scenario() -> None:
        async with database_of(installation) as database:
            ada = visit(installation, "ada", "curie")
            await database.read(ada, NAMES)
            with suppress(psycopg.Error, Problem, asyncio.CancelledError):
                await what(database, ada)
            lab, session, _ = await leftovers(database)
            assert (lab, session) == ("", "")
            eve = visit(installation, "eve", "hodgkin")
            assert await database.read(eve, NAMES) == []
            names = [row["name"] for row in await database.read(ada, NAMES)]
            assert "Undone" not in names

    run(scenario())


def test_a_killed_connection_costs_no_reader_anything(installation: Installation) -> None:
    async def scenario() -> None:
        async with database_of(installation) as database:
            ada = visit(installation, "ada", "curie")
            before = await database.read(ada, NAMES)
            *_, backend = await leftovers(database)
            installation.psql("SELECT pg_terminate_backend(%s)", backend, as_="chemuser")
            assert await database.read(ada, NAMES) == before

    run(scenario())


def test_a_restart_of_the_database_costs_nobody_anything(installation: Installation) -> None:
    """A restart breaks all connections of the pools, not only the first one that a request is given."""

    async def scenario() -> None:
        async with database_of(installation, connections=6) as database:
            ada, root = visit(installation, "ada", "curie"), visit(installation, "root", "")
            wait: Statement = ("SELECT pg_sleep(0.3)", ())
            ours = (
                "FROM pg_stat_activity WHERE usename = current_user AND datname = current_database()"
                " AND application_name = 'chemtrack-api' AND pid <> pg_backend_pid()"
            )

            def connections(login: str) -> int:
                return len(installation.psql(f"SELECT pid {ours}", as_=login))

            while min(map(connections, ("chemuser", "chemadmin"))) < 6:  # a pool grows slowly
                await asyncio.gather(*(database.read(ada, *wait) for _ in range(6)))
                await asyncio.gather(*(database.administer(root, {"waited": wait}) for _ in range(6)))
            for login in ("chemuser", "chemadmin"):
                installation.psql(f"SELECT pg_terminate_backend(pid) {ours}", as_=login)
            await database.read(ada, NAMES)
            await database.administer(root, {"asked": ("SELECT 1", ())})

    run(scenario())


def test_a_write_with_a_key_survives_a_killed_connection_and_happens_once(installation: Installation) -> None:
    async def scenario() -> None:
        async with database_of(installation) as database:
            ada = visit(installation, "ada", "curie", key="killed-once")
            *_, backend = await leftovers(database)
            installation.psql("SELECT pg_terminate_backend(%s)", backend, as_="chemuser")
            await database.write(ada, {"added": (ADD, ("Written once",))})
            await database.write(ada, {"added": (ADD, ("Written once",))})
            names = [row["name"] for row in await database.read(ada, NAMES)]
            assert names.count("Written once") == 1

    run(scenario())


def test_a_write_at_once_with_a_key_happens_once_and_answers_alike(installation: Installation) -> None:
    async def scenario() -> None:
        async with database_of(installation) as database, database_of(installation) as other:
            add = (ADD_AND_ANSWER, ("At once",))
            visits = [visit(installation, "ada", "curie", key="all-at-once") for _ in range(10)]
            answers = await asyncio.gather(
                *((database, other)[number % 2].write_at_once(ada, *add) for number, ada in enumerate(visits))
            )
            assert isinstance(answers[0]["id"], int)
            assert answers == [answers[0]] * len(answers)
            assert sum("Idempotent-Replayed" in ada.response.headers for ada in visits) == len(visits) - 1
            names = [row["name"] for row in await database.read(visits[0], NAMES)]
            assert names.count("At once") == 1
            changed = visit(installation, "ada", "curie", key="all-at-once")
            changed.fingerprint = b"of something else"
            with pytest.raises(Problem) as refused:
                await database.write_at_once(changed, *add)
            assert refused.value.status == 422

    run(scenario())


def test_a_write_at_once_is_refused_to_a_role_too_small(installation: Installation) -> None:
    async def scenario() -> None:
        async with database_of(installation) as database:
            for who, key in (("cleo", None), ("cleo", "key-of-cleo"), ("eve", "key-of-eve")):
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    await database.write_at_once(visit(installation, who, "curie", key), ADD_AND_ANSWER, ("Refused",))
            ben = visit(installation, "ben", "curie", "key-of-ben")
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                await database.write_at_once(ben, ADD_AND_ANSWER, ("Refused",), "manager")
            names = [row["name"] for row in await database.read(visit(installation, "ada", "curie"), NAMES)]
            assert "Refused" not in names

    run(scenario())


def test_nobody_is_told_that_nothing_was_changed_when_nobody_knows(installation: Installation) -> None:
    async def scenario() -> None:
        async with database_of(installation) as database:
            ada, hang_up = visit(installation, "ada", "curie"), "SELECT pg_terminate_backend(pg_backend_pid())"
            with pytest.raises(psycopg.OperationalError) as broken:
                await database.write(ada, {"added": (ADD, ("In doubt",)), "ended": (hang_up, ())})
            assert of_error(broken.value).status == 503
            assert "Nothing was changed" not in of_error(broken.value).detail

    run(scenario())


def test_simultaneous_requests_of_one_key_happen_once(installation: Installation) -> None:
    async def scenario() -> None:
        async with database_of(installation) as database, database_of(installation) as other:
            ada = visit(installation, "ada", "curie", key="at-the-same-time")
            answers = await asyncio.gather(
                *(door.write(ada, {"added": (ADD, ("Clicked twice",))}) for door in (database, other) for _ in range(5))
            )
            assert len({str(answer) for answer in answers}) == 1
            names = [row["name"] for row in await database.read(ada, NAMES)]
            assert names.count("Clicked twice") == 1

    run(scenario())


def test_keys_of_the_day_before_yesterday_are_cleared_away(installation: Installation) -> None:
    kept = "SELECT key FROM inventory.requests WHERE key IN ('old-key', 'new-key')"
    age = """
    WITH ada AS MATERIALIZED (SELECT set_config('app.user_id', (SELECT id::text FROM control.users WHERE username = 'ada'), true))
    UPDATE inventory.requests SET made_at = now() - interval '2 days' FROM ada WHERE key = 'old-key'"""

    async def scenario() -> None:
        async with database_of(installation) as database:
            await database.write(visit(installation, "ada", "curie", key="old-key"), {"added": (ADD, ("Older",))})
            await asyncio.to_thread(installation.psql, age, lab="curie")
            clearing = visit(installation, "ada", "curie", key="new-key")
            # A fingerprint that makes this request delete the old keys, which not each does.
            clearing.fingerprint = bytes(32)
            await database.write(clearing, {"added": (ADD, ("Newer",))})

    run(scenario())
    assert installation.psql(kept, lab="curie") == [("new-key",)]


def test_a_role_too_small_runs_no_statement_behind_it(installation: Installation) -> None:
    async def scenario() -> None:
        async with database_of(installation) as database:
            cleo = visit(installation, "cleo", "curie")
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                await database.write(cleo, {"added": (ADD, ("Cleo's",))})
            assert "Cleo's" not in [row["name"] for row in await database.read(cleo, NAMES)]

    run(scenario())


def test_a_read_cannot_write_even_for_a_manager(installation: Installation) -> None:
    async def scenario() -> None:
        async with database_of(installation) as database:
            ada = visit(installation, "ada", "curie")
            roles: tuple[Role, ...] = ("viewer", "member", "manager")
            for needed in roles:
                with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
                    await database.read(ada, ADD, ("Written by a read",), needed)

    run(scenario())


def test_a_read_may_need_a_role(installation: Installation) -> None:
    async def scenario() -> None:
        async with database_of(installation) as database:
            await database.require(visit(installation, "ada", "curie"), "manager")
            for who in ("ben", "cleo", "eve"):
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    await database.read(visit(installation, who, "curie"), NAMES, needed="manager")

    run(scenario())


def test_a_write_may_need_a_role(installation: Installation) -> None:
    """Asked by the API alone: the policies let a member add a chemical."""

    async def scenario() -> None:
        async with database_of(installation) as database:
            ben = visit(installation, "ben", "curie")
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                await database.write(ben, {"added": (ADD, ("Ben's",))}, needed="manager")
            assert "Ben's" not in [row["name"] for row in await database.read(ben, NAMES)]

    run(scenario())


def test_refused_requests_leave_the_connection_usable_for_all_statements(installation: Installation) -> None:
    """The server does not prepare a statement that follows a refused one, so psycopg must not count it as prepared."""

    async def scenario() -> None:
        async with database_of(installation) as database:
            ada, eve = visit(installation, "ada", "curie"), visit(installation, "eve", "curie")
            root, ben = visit(installation, "root", ""), visit(installation, "ben", "")
            names = "abcdef"
            for number in range(len(names)):
                count = f"SELECT count(*) AS {names[number]} FROM inventory.chemicals"
                labs = f"SELECT count(*) AS {names[number]} FROM control.labs"
                for _ in range(number):
                    await database.read(ada, count)
                    await database.write(ada, {"count": (count, ())})
                    await database.administer(root, {"labs": (labs, ())})
                for _ in range(2):
                    with pytest.raises(psycopg.errors.InsufficientPrivilege):
                        await database.read(eve, count)
                    with pytest.raises(psycopg.errors.InsufficientPrivilege):
                        await database.write(eve, {"count": (count, ())})
                    with pytest.raises(psycopg.errors.InsufficientPrivilege):
                        await database.administer(ben, {"labs": (labs, ())})
                for _ in range(4):
                    assert len(await database.read(ada, count)) == 1
                    assert len(await database.write(ada, {"count": (count, ())})) == 1
                    assert len(await database.administer(root, {"labs": (labs, ())})) == 1

    run(scenario())
