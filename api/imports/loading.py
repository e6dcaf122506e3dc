"""Commit: all rows that are ready are loaded in one transaction, and whoever waits sees how far it is."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import psycopg
from fastapi import Request
from psycopg.types.json import Jsonb
from starlette.responses import StreamingResponse

from api.access import InLab, Row, Visit
from api.database import Data, Database
from api.imports.models import FIND_IMPORT, CommitIn, ImportId
from api.problems import Problem, broken_rule, of_error
from api.routes import resource

router = resource("/labs/{lab}/imports", "imports")

ROWS_A_STEP = 500

START = "SELECT inventory.start_import(%(import)s, %(with_questions)s) AS waiting"
LOAD_NEXT = "SELECT rows, containers, chemicals FROM inventory.load_next_rows(%(import)s, %(step)s)"
FINISH = "SELECT inventory.finish_import(%(import)s, %(outcome)s) AS outcome"


async def load(data: Database, visit: Visit, import_id: int, asked: CommitIn) -> AsyncIterator[Row]:
    """Loads the rows; how far it is, and after the commit the outcome. A refusal undoes everything."""
    given = {"import": import_id, "with_questions": asked.with_questions, "step": ROWS_A_STEP}
    made = {"containers": 0, "chemicals": 0}
    async with data.transaction(visit, "manager") as run:
        [start] = await run(START, given)
        waiting = start["waiting"]
        if waiting is None:
            [found] = await run(FIND_IMPORT, given)
            outcome = found["outcome"]
        else:
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
    """What went wrong, with the row that it is about."""
    if isinstance(error, psycopg.Error) and (rule := broken_rule(error)) and rule.pointer:
        number = rule.pointer.rpartition("/")[2]
        sentence = f"Row {number} cannot be loaded, so nothing was. {rule.sentence}"
        return Problem(rule.meaning.status, sentence, {rule.pointer: rule.sentence})
    return of_error(error)


async def work(steps: AsyncIterator[Row], lines: "asyncio.Queue[Row | Exception | None]") -> None:
    """Does the steps to their end, whether or not anybody still listens."""
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
    """Loads the rows that are ready, all or none. Goes on when nobody listens any more; committing again adds nothing."""
    lines: asyncio.Queue[Row | Exception | None] = asyncio.Queue()
    task = asyncio.create_task(work(load(data, visit, import_id, asked), lines))
    if not hasattr(request.app.state, "loading"):
        request.app.state.loading = set()
    request.app.state.loading.add(task)  # or it might be collected when the request ends
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
            line = await lines.get()

    return StreamingResponse(text(), media_type="application/x-ndjson", headers=dict(visit.response.headers))
