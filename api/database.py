"""The only door to PostgreSQL. It gives out `read` and `write`, never a connection.

Each request of a lab enters it first (`control.enter_session`), in the same transaction and the same round trip as its
statements: the tenant is a transaction-local setting and never survives into the pool. A role too small raises there, so
a statement pipelined behind it never runs.
"""

import base64
import json
import logging
import select
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Annotated, Any, Literal, cast

import psycopg
from fastapi import Depends, Request
from psycopg import AsyncConnection, AsyncCursor
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb
from psycopg_pool import AsyncConnectionPool

from api.access import Row, Visit
from api.config import Settings
from api.problems import Problem, is_lost

log = logging.getLogger("chemtrack.api")

Role = Literal["viewer", "member", "manager"]
Params = Sequence[object] | Mapping[str, object]
Statement = tuple[str, Params]
Connection = AsyncConnection[Row]
Run = Callable[[str, Params], Awaitable[list[Row]]]

ENTER_SESSION = "SELECT * FROM control.enter_session(%s, %s, %s)"
ENTER_ADMINISTRATION = "SELECT * FROM control.enter_administration(%s)"
FORGET_OLD_REQUESTS = (
    "DELETE FROM inventory.requests WHERE user_id = control.user_id() AND made_at < now() - interval '1 day'"
)
FORGETTING = 5
"""Of 256 requests with a key so many clear away the old ones: it costs as much as to claim a key."""
CLAIM_REQUEST = "INSERT INTO inventory.requests (key, fingerprint) VALUES (%s, %s)"
STORE_ANSWER = "UPDATE inventory.requests SET answer = %s WHERE user_id = control.user_id() AND key = %s"
FIND_ANSWER = "SELECT fingerprint, answer FROM inventory.requests WHERE user_id = control.user_id() AND key = %s"


class Database:
    """Two pools: chemuser for requests of labs, chemadmin for sign-ins and administration."""

    def __init__(self, settings: Settings) -> None:
        self._labs = _pool(settings.chemuser_conninfo, settings.chemuser_pool)
        self._control = _pool(settings.chemadmin_conninfo, settings.chemadmin_pool)

    async def open(self) -> None:
        """Opens the pools; connections are made in the background, so the API starts while the database is away."""
        await self._labs.open()
        await self._control.open()

    async def close(self) -> None:
        """Closes all connections."""
        await self._labs.close()
        await self._control.close()

    async def read(self, visit: Visit, sql: str, params: Params = ()) -> list[Row]:
        """The rows of one statement, as the visitor's lab sees them. One round trip; read-only."""
        return (await self.read_all(visit, (sql, params)))[0]

    async def read_all(self, visit: Visit, *statements: Statement) -> list[list[Row]]:
        """The rows of each statement, all in one round trip and one snapshot of time; read-only."""
        enter = (ENTER_SESSION, (visit.session, visit.lab, "viewer"))
        try:
            entered, *results = await self._together(self._labs, [enter, *statements])
        except psycopg.OperationalError as error:
            if not is_lost(error):
                raise
            entered, *results = await self._together(self._labs, [enter, *statements])
        _note_member(visit, entered[0])
        return results

    async def write(
        self,
        visit: Visit,
        *statements: Statement,
        needed: Role = "member",
        answer: Callable[[list[list[Row]]], Any] = lambda results: results[-1],
    ) -> Any:
        """Runs the statements in one transaction and returns `answer` of their rows.

        With an Idempotency-Key the key is claimed first and the answer kept beside it, all in the same transaction: the
        same request again gets the same answer and changes nothing. `answer` must give JSON, and may raise a Problem to
        undo everything.
        """
        opening: list[Statement] = [("BEGIN", ()), (ENTER_SESSION, (visit.session, visit.lab, needed))]
        if visit.key:
            opening.append((CLAIM_REQUEST, (visit.key, visit.fingerprint)))
            if visit.fingerprint[0] < FORGETTING:
                opening.append((FORGET_OLD_REQUESTS, ()))
        doubt: psycopg.OperationalError | None = None  # a connection that was lost, perhaps after the commit
        for again in (True, False):
            try:
                return await self._write_once(visit, opening, list(statements), answer)
            except psycopg.errors.UniqueViolation as error:
                if error.diag.constraint_name != "requests_key_is_used_once":
                    raise
                return await self._first_answer(visit)
            except psycopg.OperationalError as error:
                doubt = error if is_lost(error) else doubt
                rolled_back = (error.sqlstate or "").startswith("40")
                if not (again and visit.key and (is_lost(error) or rolled_back)):
                    raise doubt or error  # noqa: B904 — the doubt is what counts
        raise AssertionError("unreachable")

    async def _write_once(
        self,
        visit: Visit,
        opening: list[Statement],
        statements: list[Statement],
        answer: Callable[[list[list[Row]]], Any],
    ) -> Any:
        async with self._connection(self._labs) as connection, _undone_on_error(connection):
            results = await _pipelined(connection, opening + statements)
            _note_member(visit, results[1][0])
            body = answer(results[len(opening) :])
            closing: list[Statement] = [("COMMIT", ())]
            if visit.key:
                body = json.loads(json.dumps(body, default=str))
                closing.insert(0, (STORE_ANSWER, (Jsonb(body), visit.key)))
            await _pipelined(connection, closing)
        return body

    async def _first_answer(self, visit: Visit) -> Any:
        rows = await self.read(visit, FIND_ANSWER, (visit.key,))
        if not rows or rows[0]["fingerprint"] != visit.fingerprint:
            raise Problem(422, "This Idempotency-Key was used for another request.")
        visit.response.headers["Idempotent-Replayed"] = "true"
        return rows[0]["answer"]

    @asynccontextmanager
    async def transaction(self, visit: Visit, needed: Role) -> AsyncIterator[Run]:
        """For work of many steps: everything run inside is one transaction, committed at the end, undone by any error."""
        async with self._connection(self._labs) as connection, _undone_on_error(connection):
            entered = await _pipelined(connection, [("BEGIN", ()), (ENTER_SESSION, (visit.session, visit.lab, needed))])
            _note_member(visit, entered[1][0])

            async def run(sql: str, params: Params = ()) -> list[Row]:
                return (await _pipelined(connection, [(sql, params)]))[0]

            yield run
            await connection.execute("COMMIT", prepare=False)

    async def administer(self, visit: Visit, *statements: Statement) -> list[list[Row]]:
        """Runs the statements on the control plane for an administrator, in one transaction and one round trip."""
        enter = (ENTER_ADMINISTRATION, (visit.session,))
        return (await self._together(self._control, [enter, *statements]))[1:]

    async def control(self, *statements: Statement) -> list[list[Row]]:
        """Runs the statements on the control plane for the API itself: sign-in, sign-out, who am I."""
        return await self._together(self._control, list(statements))

    async def read_as_nobody(self, sql: str, params: Params = ()) -> list[Row]:
        """Runs a statement on chemuser's pool without entering a lab: only to show that it is refused."""
        return (await self._together(self._labs, [(sql, params)]))[0]

    @asynccontextmanager
    async def one_at_a_time(self, what: str) -> AsyncIterator[None]:
        """Holds a lock that all processes of the API share, for work outside the database such as writing a secret."""
        async with self._connection(self._control) as connection, connection.transaction():
            await connection.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", (what,))
            yield

    async def _together(self, pool: AsyncConnectionPool[Connection], statements: list[Statement]) -> list[list[Row]]:
        """A pipeline is one implicit transaction: it commits at its end, or nothing of it does."""
        async with self._connection(pool) as connection:
            try:
                return await _pipelined(connection, statements)
            except psycopg.Error:
                # The server skips what is behind a refused statement, its preparation too, but psycopg would believe in
                # it; only a rollback of a transaction makes it forget each time (a second DEALLOCATE ALL goes unnoticed).
                if not connection.closed and not connection.broken:
                    await connection.execute("BEGIN", prepare=False)
                    await connection.rollback()
                raise

    @asynccontextmanager
    async def _connection(self, pool: AsyncConnectionPool[Connection]) -> AsyncIterator[Connection]:
        """A connection that the server has not hung up on: after a restart of it, all in the pool are of that kind."""
        for more in reversed(range(pool.max_size + 1)):
            async with pool.connection() as connection:
                if not (more and _hung_up(connection)):
                    yield connection
                    return
                await connection.close()


def _pool(conninfo: str, size: int) -> AsyncConnectionPool[Connection]:
    return AsyncConnectionPool(
        conninfo,
        connection_class=cast(type[Connection], AsyncConnection),
        kwargs={"autocommit": True, "row_factory": dict_row, "prepare_threshold": 2},
        min_size=1,
        max_size=size,
        timeout=5,
        max_lifetime=1800,
        reconnect_timeout=2,  # then each request tries at once: longer pauses would outlast the database's own
        open=False,
    )


def _hung_up(connection: Connection) -> bool:
    """Whether there is something to read from an idle connection: its end. Asks the socket alone, not the server."""
    poll = select.poll()
    poll.register(connection.fileno(), select.POLLIN)
    return bool(poll.poll(0))


async def _pipelined(connection: Connection, statements: list[Statement]) -> list[list[Row]]:
    """Sends all statements in one round trip; the rows of each. The first error is raised, none behind it has run."""
    cursors: list[AsyncCursor[Row]] = []
    async with connection.pipeline():
        for sql, params in statements:
            cursor = connection.cursor()
            await cursor.execute(cast(Any, sql), params or None)
            cursors.append(cursor)
    return [await cursor.fetchall() if cursor.description else [] for cursor in cursors]


@asynccontextmanager
async def _undone_on_error(connection: Connection) -> AsyncIterator[None]:
    try:
        yield
    except BaseException:
        if not connection.closed:
            await connection.rollback()
        raise


def _note_member(visit: Visit, row: Row) -> None:
    """Who the visitor is in the lab, for the route and, as a header, for the page."""
    visit.member = row
    card = {
        "lab": {"id": row["lab_id"], "slug": row["slug"], "name": row["lab_name"], "time_zone": row["time_zone"]},
        "user": {"id": row["user_id"], "username": row["username"], "name": row["user_name"]},
        "role": row["role"],
    }
    visit.response.headers["X-Chemtrack-Member"] = base64.urlsafe_b64encode(json.dumps(card).encode()).decode()


async def database_of(request: Request) -> Database:
    """The database of this process."""
    return cast(Database, request.app.state.database)


Data = Annotated[Database, Depends(database_of)]
