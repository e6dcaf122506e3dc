"""Has structures read and drawn by api/structures/__main__.py, in a process of its own."""

import json
from collections.abc import Awaitable, Callable
from functools import cache
from importlib.metadata import version
from typing import Annotated, Any

from fastapi import Depends, Request

from api.core.problems import Problem
from api.core.processes import Crashed, Processes, TookTooLong, while_connected
from api.core.rows import Row

MOST_SECONDS = 15
TOO_LONG = "This structure takes too long to work out. Write a smaller one."
TOO_MANY = "Several structures of yours are being worked on already. Try again when they are done."
TOO_WIDE = "It takes too long to look for this structure here. Write more of it."


@cache
def release() -> str:
    """The release of RDKit, on which depends what is made of a structure. Read from the package's notes, so that nothing of it is loaded."""
    return version("rdkit")


class Chemist:
    """Works on structures for one request, with low priority. The work of one user is done one after the other, and a client that hangs up
    ends it.
    """

    def __init__(self, request: Request, processes: Processes) -> None:
        self._request, self._processes = request, processes

    async def draw(self, user: int, smiles: str) -> str:
        """The SVG of a structure. Raises a Problem at /smiles where it cannot be drawn."""
        answer = await self._answer(user, {"act": "draw", "smiles": smiles}, "/smiles")
        return str(answer["svg"])

    async def check(self, user: int, smiles: str) -> None:
        """Raises a Problem at /smiles for a text that is no structure."""
        await self._answer(user, {"act": "check", "smiles": smiles}, "/smiles")

    async def search(self, user: int, asked: Row, candidates: Callable[[Row], Awaitable[list[Any]]]) -> Row:
        """What a search finds (api/structures/__main__.py). `candidates` is called with what the database needs to know of the query, and
        gives those that it does not leave out. Raises a Problem at /structure."""

        async def reply(line: bytes) -> bytes:
            return json.dumps(await candidates(self._checked(json.loads(line), "/structure"))).encode()

        opening = json.dumps({"act": "search"} | asked).encode()
        work = self._processes.converse("api.structures", opening, reply, f"user {user}", MOST_SECONDS)
        try:
            found: Row = json.loads(await while_connected(self._request, work))
        except (TookTooLong, Crashed) as error:
            raise Problem(422, TOO_WIDE, {"/structure": TOO_WIDE}) from error
        return found

    async def _answer(self, user: int, asked: Row, pointer: str) -> Row:
        async def request() -> bytes:
            return json.dumps(asked).encode()

        work = self._processes.run("api.structures", request, f"user {user}", MOST_SECONDS)
        try:
            with await while_connected(self._request, work) as file:
                answer: Row = json.load(file)
        except (TookTooLong, Crashed) as error:
            raise Problem(422, TOO_LONG, {pointer: TOO_LONG}) from error
        return self._checked(answer, pointer)

    @staticmethod
    def _checked(answer: Row, pointer: str) -> Row:
        """The answer. Raises a Problem where it is an error."""
        if "error" in answer:
            raise Problem(422, answer["error"], {pointer: answer["error"]})
        return answer


async def chemist_of(request: Request) -> Chemist:
    """The Chemist for this request. Structures have turns of their own: who saves a chemical does not wait for somebody's spreadsheet."""
    state = request.app.state
    if not hasattr(state, "structure_processes"):
        state.structure_processes = Processes(TOO_MANY)
    return Chemist(request, state.structure_processes)


Structures = Annotated[Chemist, Depends(chemist_of)]
"""Dependency of a route: the Chemist that works on its structures."""
