"""Has labels drawn by api/labels/__main__.py, in a process of its own."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import Annotated

from fastapi import Depends, Request
from fastapi.concurrency import run_in_threadpool

from api.core.problems import Problem
from api.core.processes import Crashed, InProcess, Processes, TookTooLong, while_connected
from api.labels import FORMATS, SHEETS, Label, check_format, check_sheet

MOST_SECONDS = 40
TOO_LONG = "These labels take too long to draw. Print fewer at once."
UNDRAWN = "These labels could not be drawn. Print fewer at once, to find the label that cannot be drawn, and print the others without it."


@dataclass(frozen=True)
class Paper:
    """The paper that labels are printed on, and the format in which they are sent: one of FORMATS, or "picture"."""

    sheet: str
    skip: int = 0
    format: str = "pdf"

    def check(self) -> None:
        """Raises a Problem for a sheet or a format that there is not, or for more places to skip than the sheet has."""
        pointer = "/sheet" if self.sheet not in SHEETS else "/skip"
        try:
            check_sheet(self.sheet, self.skip)
            pointer = "/format"
            check_format(self.format, self.sheet)
        except ValueError as error:
            raise Problem(422, str(error), {pointer: str(error)}) from error

    def headers(self, name: str) -> dict[str, str]:
        """The headers that tell a browser the name of the file, and whether to show or to save it."""
        form = FORMATS[self.format]
        how = "attachment" if form.dots_per_inch else "inline"
        return {"Content-Disposition": f'{how}; filename="{name}.{form.suffix}"'}


class Printer:
    """Draws labels for one request, with low priority. Files of one user are drawn one after the other, and a client that hangs up ends
    its drawing.
    """

    def __init__(self, request: Request, processes: Processes) -> None:
        self._request, self._processes = request, processes

    async def file(self, user: int, labels: Sequence[Label], paper: Paper, pointer: str) -> bytes:
        """The labels in the format of `paper`. Raises a Problem at `pointer` where they take too long or cannot be drawn."""
        request = partial(run_in_threadpool, _request_of, labels, paper)
        drawing = self._processes.run("api.labels", request, f"user {user}", MOST_SECONDS)
        try:
            with await while_connected(self._request, drawing) as file:
                return file.read()
        except TookTooLong as error:
            raise Problem(422, TOO_LONG, {pointer: TOO_LONG}) from error
        except Crashed as error:
            raise Problem(422, UNDRAWN, {pointer: UNDRAWN}) from error


def _request_of(labels: Sequence[Label], paper: Paper) -> bytes:
    asked = {"sheet": paper.sheet, "skip": paper.skip, "format": paper.format}
    return json.dumps(asked | {"labels": [asdict(label) for label in labels]}, default=str).encode()


async def printer_of(request: Request, processes: InProcess) -> Printer:
    """The Printer for this request."""
    return Printer(request, processes)


LabelPrinter = Annotated[Printer, Depends(printer_of)]
"""Dependency of a route: the Printer that draws its labels."""
