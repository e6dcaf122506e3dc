"""The only door to PostgreSQL. It gives out `read` and `write`, never a connection.

Each request of a lab enters it first (`control.enter_session`), in the same transaction and the same round trip as its
statements: the tenant is a transaction-local setting and never survives into the pool. If the visitor's role is too small,
enter_session raises an error, and the server skips the statements that follow in the pipeline.

All labs share the connections, and SQL that somebody injected can change what a connection keeps for its next user. So
each request ends by putting back all settings and letting go of all advisory locks, in its last round trip; a connection on
which SQL has prepared a statement is closed.
"""

import asyncio
import json
import logging
import select
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from decimal import Decimal
from typing import Annotated, Any, Literal, LiteralString, cast

import psycopg
from fastapi import Depends, Request
from psycopg import AsyncConnection, AsyncCursor
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb
from psycopg_pool import AsyncConnectionPool

from api.chemistry.quantities import plain
from api.core.config import Settings
from api.core.problems import Problem
from api.core.refusals import is_lost
from api.core.rows import Row
from api.core.schema_version import misfit
from api.core.visit import Visit

log = logging.getLogger("chemtrack.api")

Role = Literal["viewer", "member", "manager"]
Params = Sequence[object] | Mapping[str, object]
Statement = tuple[LiteralString, Params]
"""SQL whose text never depends on a request (tests/api/test_composed_sql.py proves it), and the values of its parameters."""
Statements = Mapping[str, Statement]
"""The statements of one round trip, in the order in which they run. Each name says what its statement finds or does."""
Found = dict[str, list[Row]]
"""The rows of each statement, under the statement's name."""
Connection = AsyncConnection[Row]
Run = Callable[[LiteralString, Params], Awaitable[list[Row]]]

LEAVE_NOTHING: tuple[LiteralString, ...] = (
    "RESET ALL",
    "SELECT pg_advisory_unlock_all(), EXISTS (SELECT FROM pg_prepared_statement() WHERE from_sql) AS are_prepared",
)
"""Puts back what a connection keeps beyond a transaction: settings and locks. Statements that psycopg prepared stay, and spare much
time. If SQL itself prepared one, an injection may have given it the name of one of psycopg's, and the next request would run it."""
ENTER_SESSION = "SELECT * FROM control.enter_session(%s, %s, %s, %s)"
READ_ONLY = "SELECT set_config('transaction_read_only', 'on', true)"
ENTER_MANAGEMENT = "SELECT * FROM control.enter_management(%s, %s, %s)"
ENTER_ADMINISTRATION = "SELECT * FROM control.enter_administration(%s)"
SECOND_FACTOR = "SELECT control.require_second_factor(%s)"
TYPED_LATELY = "SELECT control.require_password(%s, %s, %s)"
ACT_AS = "SELECT set_config('app.session', %s, true)"
SAY_LAB = "SELECT set_config('app.lab_id', %s, true), set_config('app.session', %s, true)"
NOTE_EXPORT = "INSERT INTO control.events (kind, details) VALUES ('exported', %s)"
FORGET_OLD_REQUESTS = (
    "DELETE FROM inventory.requests WHERE user_id = control.user_id() AND made_at < now() - interval '1 day'"
)
FORGETTING = 5
"""How many of 256 requests with a key also delete the old keys. Not every request does, because deleting costs as much as
claiming a key."""
CLAIM_REQUEST = "INSERT INTO inventory.requests (key, fingerprint) VALUES (%s, %s)"
STORE_ANSWER = "UPDATE inventory.requests SET answer = %s WHERE user_id = control.user_id() AND key = %s"
ANSWER_AND_STORE = """
WITH done AS MATERIALIZED ({statement})
UPDATE inventory.requests r SET answer = d.answer FROM done d
 WHERE r.user_id = control.user_id() AND r.key = %s RETURNING d.answer"""
FIND_ANSWER = "SELECT fingerprint, answer FROM inventory.requests WHERE user_id = control.user_id() AND key = %s"


class Database:
    """Two pools of connections: chemuser for requests within a lab, chemadmin for sign-ins and administration."""

    def __init__(self, settings: Settings) -> None:
        self._labs = _pool(settings.chemuser_conninfo, settings.chemuser_pool, self._check_schema)
        self._control = _pool(settings.chemadmin_conninfo, settings.chemadmin_pool, self._check_schema)
        self._password_lasts = timedelta(minutes=settings.password_minutes)
        self._everybody_needs_second_factor = settings.everybody_needs_second_factor
        self._administrators_need_second_factor = (
            settings.administrators_need_second_factor or settings.everybody_needs_second_factor
        )
        self._one_writes = asyncio.Lock()
        self.misfit: str | None = None
        """A sentence that says why this API does not work with the schema of the database. While it is set, no statement is run."""

    async def open(self) -> None:
        """Opens the pools; connections are made in the background, so the API starts while the database is away."""
        await self._labs.open()
        await self._control.open()

    async def close(self) -> None:
        """Closes all connections."""
        await self._labs.close()
        await self._control.close()

    async def require(self, visit: Visit, needed: Role = "viewer") -> None:
        """Raises an error unless the visitor has at least this role in the lab; reads nothing."""
        await self.read_all(visit, {}, needed)

    async def read(self, visit: Visit, sql: LiteralString, params: Params = (), needed: Role = "viewer") -> list[Row]:
        """The rows of one statement, as the visitor's lab sees them. One round trip; read-only."""
        return (await self.read_all(visit, {"rows": (sql, params)}, needed))["rows"]

    async def read_all(self, visit: Visit, statements: Statements, needed: Role = "viewer") -> Found:
        """The rows of each statement, all in one round trip and one snapshot of time; read-only."""
        opening = self._entering(visit, needed)
        if needed != "viewer":
            # Enter_session makes it read-only itself for a viewer, but not where a larger role is needed.
            opening.append((READ_ONLY, ()))
        sent = [*opening, *statements.values()]
        try:
            results = await self._together(self._labs, sent)
        except psycopg.OperationalError as error:
            if not is_lost(error):
                raise
            results = await self._together(self._labs, sent)
        visit.enter(results[0][0])
        return dict(zip(statements, results[len(opening) :], strict=True))

    async def write(
        self,
        visit: Visit,
        statements: Statements,
        needed: Role = "member",
        answer: Callable[[Found], Any] = lambda found: found,
    ) -> Any:
        """Runs the statements in one transaction and returns `answer` of their rows.

        If the request has an Idempotency-Key, the same transaction claims the key first and stores the answer beside it: when the
        request is sent again, it gets the stored answer and changes nothing. `answer` must return JSON; it may raise a Problem,
        which undoes everything.
        """
        opening: list[Statement] = [("BEGIN", ()), *self._claimed(visit, needed)]

        async def once() -> Any:
            async with self._connection(self._labs) as connection, _undone_on_error(connection):
                results = await _pipelined(connection, [*opening, *statements.values()])
                visit.enter(results[1][0])
                body = answer(dict(zip(statements, results[len(opening) :], strict=True)))
                closing: list[Statement] = [("COMMIT", ())]
                if visit.key:
                    body = json.loads(json.dumps(body, default=str))
                    closing.insert(0, (STORE_ANSWER, (Jsonb(body), visit.key)))
                await _pipelined(connection, closing, last=True)
            return body

        return await self._once_for_its_key(visit, once)

    async def write_at_once(
        self, visit: Visit, sql: LiteralString, params: Sequence[object], needed: Role = "member"
    ) -> Any:
        """Runs a statement that makes the answer itself, as JSON in the only row and column, `answer`. Like `write`, but in one round
        trip: claiming the key, the statement, storing its answer and the commit are one pipeline."""
        statement: Statement = (sql, params)
        if visit.key:
            statement = (ANSWER_AND_STORE.format(statement=sql), (*params, visit.key))
        sent = [*self._claimed(visit, needed), statement]

        async def once() -> Any:
            results = await self._together(self._labs, sent)
            visit.enter(results[0][0])
            return results[-1][0]["answer"]

        return await self._once_for_its_key(visit, once)

    def _entering(self, visit: Visit, needed: Role) -> list[Statement]:
        """The statements that enter the visit's lab."""
        opening: list[Statement] = [(ENTER_SESSION, (visit.session, visit.lab, needed, visit.address))]
        if self._everybody_needs_second_factor:
            opening.append((SECOND_FACTOR, (visit.session,)))
        return opening

    def _claimed(self, visit: Visit, needed: Role) -> list[Statement]:
        """The statements with which a write begins: they enter the lab and claim the request's key."""
        opening = self._entering(visit, needed)
        if visit.key:
            opening.append((CLAIM_REQUEST, (visit.key, visit.fingerprint)))
            if visit.fingerprint[0] < FORGETTING:
                opening.append((FORGET_OLD_REQUESTS, ()))
        return opening

    async def _once_for_its_key(self, visit: Visit, once: Callable[[], Awaitable[Any]]) -> Any:
        """What `once` writes and answers; where the request's key was used before, the answer of that time instead."""
        # The connection was lost: nobody knows whether before or after the commit.
        doubt: psycopg.OperationalError | None = None
        for again in (True, False):
            try:
                return await once()
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

    async def _first_answer(self, visit: Visit) -> Any:
        rows = await self.read(visit, FIND_ANSWER, (visit.key,))
        if not rows or rows[0]["fingerprint"] != visit.fingerprint:
            raise Problem(422, sent_before(rows[0]["answer"] if rows else None))
        visit.note_replay()
        return rows[0]["answer"]

    @asynccontextmanager
    async def transaction(self, visit: Visit, needed: Role) -> AsyncIterator[Run]:
        """One transaction for work of many steps: committed at the end of the `async with`, rolled back by any error."""
        async with self._connection(self._labs) as connection, _undone_on_error(connection):
            entered = await _pipelined(connection, [("BEGIN", ()), *self._entering(visit, needed)])
            visit.enter(entered[1][0])

            async def run(sql: LiteralString, params: Params = ()) -> list[Row]:
                return (await _pipelined(connection, [(sql, params)]))[0]

            yield run
            await _pipelined(connection, [("COMMIT", ())], last=True)

    async def write_step_by_step(
        self, visit: Visit, act: Callable[[Run], Awaitable[Any]], needed: Role = "member"
    ) -> Any:
        """Like `write`, for work whose statements follow from the rows of earlier ones: `act` runs them and returns the answer.

        Nothing is tried a second time here: whoever sent an Idempotency-Key may send the request again.
        """
        try:
            async with self.transaction(visit, needed) as run:
                if not visit.key:
                    return await act(run)
                await run(CLAIM_REQUEST, (visit.key, visit.fingerprint))
                body = json.loads(json.dumps(await act(run), default=str))
                await run(STORE_ANSWER, (Jsonb(body), visit.key))
                return body
        except psycopg.errors.UniqueViolation as error:
            if error.diag.constraint_name != "requests_key_is_used_once":
                raise
            return await self._first_answer(visit)

    async def administer(self, visit: Visit, statements: Statements | None = None) -> Found:
        """Runs the statements on the control plane for an administrator, in one transaction and one round trip."""
        opening: list[Statement] = [(ENTER_ADMINISTRATION, (visit.session,))]
        if self._administrators_need_second_factor:
            opening.append((SECOND_FACTOR, (visit.session,)))
        results = await self._together(self._control, [*opening, *(statements or {}).values()])
        return dict(zip(statements or {}, results[len(opening) :], strict=True))

    async def manage(self, visit: Visit, statements: Statements) -> Found:
        """Runs the statements on the control plane for a manager of the visit's lab, in one transaction and one round trip. An access
        token is nobody's manager."""
        opening: list[Statement] = [(ENTER_MANAGEMENT, (visit.session, visit.lab, visit.address))]
        if self._everybody_needs_second_factor:
            opening.append((SECOND_FACTOR, (visit.session,)))
        results = await self._together(self._control, [*opening, *statements.values()])
        visit.enter(results[0][0])
        return dict(zip(statements, results[len(opening) :], strict=True))

    def require_password(self, visit: Visit) -> Statement:
        """The statement with which a grave act begins: it raises an error unless the user has typed their password lately, and
        in the network from which they ask now. It runs in the act's own round trip, and nothing behind it runs where it raises."""
        return TYPED_LATELY, (visit.session, self._password_lasts, visit.network)

    def require_second_factor(self, visit: Visit) -> Statements:
        """The statement that refuses a session without a second factor, where everybody needs one: an access token opens labs."""
        return {"strong": (SECOND_FACTOR, (visit.session,))} if self._everybody_needs_second_factor else {}

    async def control(self, statements: Statements, visit: Visit | None = None) -> Found:
        """Runs the statements on the control plane for the API itself, which signs users in and out and asks who somebody is.

        `visit` is whose act it is, for the lines of control.events that the statements bring about.
        """
        opening: list[Statement] = [(ACT_AS, (visit.session,))] if visit else []
        results = await self._together(self._control, [*opening, *statements.values()])
        return dict(zip(statements, results[len(opening) :], strict=True))

    async def note_export(self, visit: Visit, what: str) -> None:
        """Notes in the lab's events that the visitor takes a file away; one round trip, committed.

        The lab was entered before, and the transaction of a viewer who reads cannot write, so this is one of its own. What
        the settings say is believed by the policies only together with the visitor's live session and membership.
        """
        settings = (str(visit.member["lab_id"]), visit.session)
        await self._together(self._labs, [(SAY_LAB, settings), (NOTE_EXPORT, (Jsonb({"file": what}),))])

    async def read_as_nobody(self, sql: LiteralString, params: Params = ()) -> list[Row]:
        """Runs a statement as chemuser without entering a lab; used by the proof of isolation to show that the statement is refused."""
        return (await self._together(self._labs, [(sql, params)]))[0]

    @asynccontextmanager
    async def one_at_a_time(self, what: str) -> AsyncIterator[None]:
        """Holds a lock that all processes of the API share, for work outside the database such as writing a secret."""
        # Who waits in this process waits without a connection. The control plane has few: who has the lock needs a second one, and so
        # does everybody who signs in. The lock of the database belongs to the connection, not to a transaction, because the server ends
        # a transaction that is idle for ten seconds.
        async with self._one_writes, self._connection(self._control) as connection:
            await connection.execute("SELECT pg_advisory_lock(hashtext(%s))", (what,))
            try:
                yield
            finally:
                # If the connection was lost, the server has released the lock already.
                with suppress(psycopg.OperationalError):
                    await connection.execute("SELECT pg_advisory_unlock(hashtext(%s))", (what,))

    async def _together(self, pool: AsyncConnectionPool[Connection], statements: list[Statement]) -> list[list[Row]]:
        """Runs the statements as one pipeline, which is one implicit transaction: all of it is committed, or nothing."""
        async with self._connection(pool) as connection:
            try:
                return await _pipelined(connection, statements, last=True)
            except psycopg.Error:
                # Behind a refused statement the server skips the rest of the pipeline, including the preparation of statements,
                # but psycopg counts those as prepared. Rolling back a transaction makes psycopg forget them every time; it does
                # not notice a second DEALLOCATE ALL.
                if not connection.closed and not connection.broken:
                    await connection.execute("BEGIN", prepare=False)
                    await _rolled_back(connection)
                raise

    async def _check_schema(self, connection: Connection) -> None:
        """Compares the schema's number on each new connection, so at least every half hour (`max_lifetime`), because a schema may be
        applied while the API runs."""
        found = await misfit(connection)
        if found and found != self.misfit:
            log.error("%s", found)
        self.misfit = found

    @asynccontextmanager
    async def _connection(self, pool: AsyncConnectionPool[Connection]) -> AsyncIterator[Connection]:
        """A connection that the server has not closed. After the server restarted, every connection in the pool is closed, so
        they are thrown away one after the other until a good one comes."""
        for more in reversed(range(pool.max_size + 1)):
            async with pool.connection() as connection:
                if not (more and _hung_up(connection)):
                    if self.misfit:  # check again: the schema may have been applied since
                        await self._check_schema(connection)
                    if self.misfit:
                        raise Problem(503, self.misfit)
                    yield connection
                    return
                await connection.close()


def sent_before(answer: Any) -> str:
    """The sentence for a form that is sent again under the same key, but with other content. What was booked at first remains booked."""
    items = answer.get("items") if isinstance(answer, dict) else None
    amounts = [
        f"{plain(Decimal(item['typed_amount']))} {item['typed_unit']}"
        for item in items or ()
        if isinstance(item, dict) and item.get("typed_amount")
    ]
    booked = f": {', '.join(amounts)}" if amounts else ""
    return f"This was booked already{booked}. Look at the history before you send more."


def _pool(
    conninfo: str, size: int, configure: Callable[[Connection], Awaitable[None]]
) -> AsyncConnectionPool[Connection]:
    return AsyncConnectionPool(
        conninfo,
        connection_class=cast(type[Connection], AsyncConnection),
        kwargs={"autocommit": True, "row_factory": dict_row, "prepare_threshold": 2},
        min_size=1,
        max_size=size,
        timeout=5,
        max_lifetime=1800,
        # Give up soon: then the next request tries at once, instead of waiting out a pause longer than the restart.
        reconnect_timeout=2,
        configure=configure,
        open=False,
    )


def _hung_up(connection: Connection) -> bool:
    """Whether the server has closed this idle connection: then its socket has something to read. Costs no round trip."""
    poll = select.poll()
    poll.register(connection.fileno(), select.POLLIN)
    return bool(poll.poll(0))


async def _pipelined(connection: Connection, statements: list[Statement], last: bool = False) -> list[list[Row]]:
    """Sends all statements in one round trip and returns the rows of each. Raises the first error; no statement after it has run.

    `last`: nothing more is sent for this request, so nothing of it may stay on the connection.
    """
    cursors: list[AsyncCursor[Row]] = []
    async with connection.pipeline():
        for sql, params in statements:
            cursor = connection.cursor()
            await cursor.execute(cast(Any, sql), params or None)
            cursors.append(cursor)
        if last:
            for sql in LEAVE_NOTHING:
                # prepare=False: an injection could replace a prepared statement, and this one looks for such replacements.
                leaving = await connection.execute(cast(Any, sql), prepare=False)
    found = [await cursor.fetchall() if cursor.description else [] for cursor in cursors]
    if last and (await leaving.fetchall())[0]["are_prepared"]:
        log.error("SQL prepared a statement on a connection, which is closed: has somebody injected it?")
        await connection.close()
    return found


@asynccontextmanager
async def _undone_on_error(connection: Connection) -> AsyncIterator[None]:
    try:
        yield
    except BaseException:
        if not connection.closed:
            await _rolled_back(connection)
        raise


async def _rolled_back(connection: Connection) -> None:
    """Rolls the transaction back, and releases advisory locks of the session, which outlast a rollback."""
    await connection.rollback()
    await _pipelined(connection, [], last=True)


async def database_of(request: Request) -> Database:
    """The database of this process."""
    return cast(Database, request.app.state.database)


Data = Annotated[Database, Depends(database_of)]
