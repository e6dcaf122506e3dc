"""What a service needs to start, and what it holds at rest, beside a bare app of the same framework (bench/bare.py).

A start is the processor's time from the process's first moment until /health answers, which other programs on the machine hardly change.
Both run as they are deployed: uvicorn with uvloop and httptools, gunicorn by pages/gunicorn.conf.py, one worker each. At rest is REST
seconds later: pools are open, nobody asked.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial

from bench.result import Result, middle
from bench.stand import Service, Stand
from local.processes import find_pages

ROUNDS, PAGE_ROUNDS = 11, 7
REST = 2
MEBIBYTE = 2**20

Starting = Callable[[], AbstractContextManager[Service]]


@dataclass(frozen=True)
class Beside:
    """Seconds of a processor to start, and memory at rest, of one of our services and of the bare app, measured in turn."""

    seconds: list[tuple[float, float]]
    bytes: tuple[int, int]

    @property
    def times(self) -> float:
        """How many times as long our service takes: the median over the pairs of starts."""
        return middle([ours / bare for ours, bare in self.seconds])

    @property
    def memory(self) -> float:
        """How many times as much memory our service holds."""
        return self.bytes[0] / self.bytes[1]

    def in_words(self) -> tuple[str, str]:
        """Seconds and memory of this run, ours and the bare app's, as text."""
        ours, bare = (1000 * middle(list(seconds)) for seconds in zip(*self.seconds, strict=True))
        held, bare_held = (bytes / MEBIBYTE for bytes in self.bytes)
        return f"{ours:.0f} ms of {bare:.0f} ms", f"{held:.0f} MiB of {bare_held:.0f} MiB"


def held_at_rest(starting: Starting) -> int:
    """Starts the service, lets it come to rest, and reads its memory."""
    with starting() as service:
        time.sleep(REST)
        return service.memory()


def seconds_to_start(starting: Starting) -> float:
    """Seconds of a processor from the process's first moment until the service answers."""
    with starting() as service:
        return service.cpu_seconds()


def compare(rounds: int, ours: Starting, bare: Starting) -> Beside:
    """Measures memory first: that also reads the programs' files into the machine's cache, where all measured starts then find them."""
    held = held_at_rest(ours), held_at_rest(bare)
    return Beside([(seconds_to_start(ours), seconds_to_start(bare)) for _ in range(rounds)], held)


def measure(stand: Stand) -> Iterator[Result]:
    """The API beside bare FastAPI, each page beside bare Flask; of the pages the worst counts."""
    database = stand.prepare("bench_alone_500")
    api = compare(ROUNDS, lambda: stand.api(database), lambda: stand.api(database, app="bench.bare:create_api"))
    took, held = api.in_words()
    yield Result("Start of the API", "bare FastAPI on uvicorn", api.times, "at most", 1.3, detail=took)
    yield Result("Memory of the API at rest", "bare FastAPI on uvicorn", api.memory, "at most", 1.3, detail=held)
    with stand.api(database) as answering:
        pages = {
            name: compare(
                PAGE_ROUNDS, partial(stand.page, name, answering), partial(stand.page, "bare", answering, app="bench.bare:create_page()")
            )
            for name in find_pages()
        }  # fmt: skip
    for what, figure, bar, place in (
        ("Start of a page", "times", 1.4, 0),
        ("Memory of a page at rest", "memory", 1.3, 1),
    ):
        ratios = {name: getattr(page, figure) for name, page in pages.items()}
        worst = max(ratios, key=lambda name: ratios[name])
        each = ", ".join(f"{name} {ratio:.2f}" for name, ratio in ratios.items())
        yield Result(
            what, "bare Flask on gunicorn", ratios[worst], "at most", bar, detail=f"{worst} {pages[worst].in_words()[place]} ({each})"
        )  # fmt: skip
