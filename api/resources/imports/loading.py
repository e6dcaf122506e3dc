"""The commit of an import: loads all rows that are ready in one transaction, and reports its progress to whoever waits."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

import psycopg
from fastapi import Request
from psycopg.types.json import Jsonb
from starlette.responses import StreamingResponse

from api.core.database import Data, Database
from api.core.errors import of_error
from api.core.problems import Problem
from api.core.refusals import broken_rule
from api.core.routes import resource
from api.core.rows import Row
from api.core.visit import InLab, Visit
from api.resources.imports.locking import lock_open_import
from api.resources.imports.models import FIND_IMPORT, CommitIn, ImportId

router = resource("/labs/{lab}/imports", "imports")

ROWS_A_STEP = 500
SECONDS_BETWEEN_LINES = 10
"""After this time without news the last line is sent again, because a load balancer closes a connection on which nothing is sent."""

BE_PATIENT = "SELECT set_config('statement_timeout', '10min', true)"
START = "SELECT inventory.start_import(%(import)s, %(with_questions)s) AS waiting"
LOAD_NEXT = "SELECT rows, containers, chemicals FROM inventory.load_next_rows(%(import)s, %(step)s)"
FINISH = "SELECT inventory.finish_import(%(import)s, %(outcome)s) AS outcome"


async def load(data: Database, visit: Visit, import_id: int, asked: CommitIn) -> AsyncIterator[Row]:
    """Loads the rows; gives the progress after each portion, and the outcome after the commit. A refusal undoes everything."""
    given = {"import": import_id, "with_questions": asked.with_questions, "step": ROWS_A_STEP}
    made = {"containers": 0, "chemicals": 0}
    async with data.transaction(visit, "manager") as run:
        await run(BE_PATIENT, ())  # thousands of changes that are taken over are one statement
        [start] = await run(START, given)
        waiting = start["waiting"]
        if waiting is None:
            [found] = await run(FIND_IMPORT, given)
            outcome = found["outcome"]
        else:
            await lock_open_import(run, import_id, asked.version)
            done = 0
            yield {"loaded": done, "of": waiting}
            while True:
                [step] = await run(LOAD_NEXT, given)
                if not step["rows"]:
                    break
                done += step["rows"]
                made = {name: made[name] + step[name] for name in made}
                yield {"loaded": done, "of": waiting}
            [finished] = await run(FINISH, given | {"outcome": Jsonb(made)})
            outcome = finished["outcome"]
    yield {"outcome": outcome}


def problem_of(error: Exception) -> Problem:
    """The error as a problem that names the row of the file that caused it."""
    if isinstance(error, psycopg.Error) and (rule := broken_rule(error)) and rule.pointer:
        number = rule.pointer.rpartition("/")[2]
        sentence = f"Row {number} cannot be loaded, so nothing was. {rule.sentence}"
        return Problem(rule.meaning.status, sentence, {rule.pointer: rule.sentence})
    return of_error(error)


async def work(steps: AsyncIterator[Row], lines: "asyncio.Queue[Row | Exception | None]") -> None:
    """Takes all steps of the load to the end, even if the visitor has gone away."""
    try:
        async for step in steps:
            await lines.put(step)
    except Exception as error:
        await lines.put(error)
    await lines.put(None)


@router.post(
    "/{import_id}/commit",
    response_class=StreamingResponse,
    responses={
        200: {
            "description": "A line after each step, and at last the outcome or a problem.",
            "content": {
                "application/x-ndjson": {
                    "example": '{"loaded": 500, "of": 5660}\n{"outcome": {"loaded": 5660, "refused": 23, "containers": 5660, "chemicals": 2991}}\n'
                }
            },
        }
    },
)
async def commit(import_id: ImportId, asked: CommitIn, visit: InLab, data: Data, request: Request) -> StreamingResponse:
    """Loads the rows that are ready, all or none. The load goes on when the visitor goes away; committing again adds nothing."""
    lines: asyncio.Queue[Row | Exception | None] = asyncio.Queue()
    task = asyncio.create_task(work(load(data, visit, import_id, asked), lines))
    if not hasattr(request.app.state, "loading"):
        request.app.state.loading = set()
    # Keeps a reference: without one, the task might be garbage-collected when the request ends.
    request.app.state.loading.add(task)
    task.add_done_callback(request.app.state.loading.discard)
    first = await lines.get()
    if isinstance(first, Exception):
        raise problem_of(first) from first

    async def text() -> AsyncIterator[str]:
        line: Any = first
        while line is not None:
            if isinstance(line, Exception):
                line = {"problem": problem_of(line).body()}
            yield json.dumps(line) + "\n"
            with suppress(asyncio.TimeoutError):
                line = await asyncio.wait_for(lines.get(), SECONDS_BETWEEN_LINES)

    return StreamingResponse(text(), media_type="application/x-ndjson", headers=dict(visit.response.headers))
