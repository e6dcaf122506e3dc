"""How long a service takes to start, and what it holds at rest, beside a bare app of the same framework (bench/bare.py).

A start is from the process's first moment until /health answers. Both run as they are deployed: uvicorn with uvloop and
httptools, gunicorn by pages/gunicorn.conf.py, one worker each. At rest is REST seconds later: pools are open, nobody asked.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass

from bench.result import Result, middle
from bench.stand import Service, Stand
from local.processes import find_pages

ROUNDS, PAGE_ROUNDS = 9, 5
REST = 1.5
MEBIBYTE = 2**20


@dataclass(frozen=True)
class Start:
    """One start: how long it took, and what the service held thereafter."""

    seconds: float
    bytes: int


def start(service: AbstractContextManager[Service]) -> Start:
    """Start it, let it come to rest, stop it."""
    began = time.perf_counter()
    with service as running:
        seconds = time.perf_counter() - began
        time.sleep(REST)
        return Start(seconds, running.memory())


@dataclass(frozen=True)
class Pairs:
    """Starts of ours and of the bare app, one after the other."""

    ours: list[Start]
    bare: list[Start]

    def ratio(self, of: Callable[[Start], float]) -> float:
        """Ours to the bare one, pair by pair, the median."""
        return middle([of(one) / of(other) for one, other in zip(self.ours, self.bare, strict=True)])

    def seconds(self) -> str:
        """What it came to in this run."""
        return f"{1000 * middle([start.seconds for start in self.ours]):.0f} ms of {1000 * middle([start.seconds for start in self.bare]):.0f} ms"

    def memory(self) -> str:
        """What it came to in this run."""
        return f"{middle([start.bytes / MEBIBYTE for start in self.ours]):.0f} MiB of {middle([start.bytes / MEBIBYTE for start in self.bare]):.0f} MiB"


def in_pairs(
    rounds: int,
    ours: Callable[[], AbstractContextManager[Service]],
    bare: Callable[[], AbstractContextManager[Service]],
) -> Pairs:
    """Start both in turn; the first pair, which reads the files into memory, does not count."""
    pairs = [(start(ours()), start(bare())) for _ in range(rounds + 1)][1:]
    return Pairs([one for one, _ in pairs], [other for _, other in pairs])


def measure(stand: Stand) -> Iterator[Result]:
    """The API beside bare FastAPI, each page beside bare Flask; of the pages the worst counts."""
    database = stand.prepare("bench_alone_500")
    api = in_pairs(ROUNDS, lambda: stand.api(database), lambda: stand.api(database, app="bench.bare:create_api"))
    yield Result("Start of the API until it answers", "bare FastAPI on uvicorn",
                 api.ratio(lambda start: start.seconds), "at most", 1.5, detail=api.seconds())  # fmt: skip
    yield Result("Memory of the API at rest", "bare FastAPI on uvicorn",
                 api.ratio(lambda start: start.bytes), "at most", 1.3, detail=api.memory())  # fmt: skip
    with stand.api(database) as answering:
        pages = {
            name: in_pairs(
                PAGE_ROUNDS,
                lambda name=name: stand.page(name, answering),  # type: ignore[misc]
                lambda: stand.page("bare", answering, app="bench.bare:create_page()"),
            )
            for name in find_pages()
        }
    for what, of, said, bar in (
        ("Start of a page until it answers", lambda start: start.seconds, Pairs.seconds, 1.5),
        ("Memory of a page at rest", lambda start: start.bytes, Pairs.memory, 1.3),
    ):
        ratios = {name: pairs.ratio(of) for name, pairs in pages.items()}
        worst = max(ratios, key=lambda name: ratios[name])
        detail = f"{worst} {said(pages[worst])}; " + ", ".join(f"{name} {ratio:.2f}" for name, ratio in ratios.items())
        yield Result(what, "bare Flask on gunicorn", ratios[worst], "at most", bar, detail=detail)
