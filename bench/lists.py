"""A page of 50 chemicals with their amounts, by 8 connections, the lab drawn at random."""

from collections.abc import Callable, Iterator

from api.chemicals.search import Search
from api.database import ENTER_SESSION
from bench.load import Ask, Load, filled, in_one_line, pgbench, wrk
from bench.result import Result, middle
from bench.stand import SMALL, TOGETHER, Stand

SECONDS, ROUNDS = 6, 5
ASKS = [Ask(slug, "/chemicals", [("limit", 50)]) for slug in SMALL.slugs]


def statements_of_a_page() -> str:
    """What the API sends for it, in one pipeline, for pgbench; :lab is drawn by its own dice."""
    search = Search()
    return "\n".join([
        f"\\set lab random({SMALL.first}, {SMALL.last})",
        "\\startpipeline",
        in_one_line(ENTER_SESSION % ("encode(sha256(convert_to('token-' || :lab, 'UTF8')), 'hex')", "'lab-' || :lab", "'viewer'")),
        *(filled(sql, params) for sql, params in search.page(inside=False)),
        "\\endpipeline",
    ])  # fmt: skip


def in_turn(rounds: int, *measures: Callable[[], Load]) -> list[list[Load]]:
    """Each of them once a round: what makes the machine slow for a while makes all of them slow."""
    loads: list[list[Load]] = [[] for _ in measures]
    for _ in range(rounds):
        for found, measure in zip(loads, measures, strict=True):
            found.append(measure())
    return loads


def ratio(ours: list[Load], theirs: list[Load]) -> float:
    """Our requests a second to theirs, pair by pair, the median."""
    return middle([one.per_second / other.per_second for one, other in zip(ours, theirs, strict=True)])


def measure(stand: Stand) -> Iterator[Result]:
    """The API beside pgbench, beside PostGraphile, and beside itself without policies."""
    database = stand.prepare(TOGETHER)
    script = statements_of_a_page()
    with stand.api(database, workers=2) as api:
        wrk(stand, api.url, ASKS, 2)
        ours, limit = in_turn(
            ROUNDS,
            lambda: wrk(stand, api.url, ASKS, SECONDS),
            lambda: pgbench(stand, database, script, SECONDS),
        )
    yield Result(
        "API: 50 chemicals with amounts, 8 connections, lab at random", "pgbench, the same statements: the limit",
        ratio(ours, limit), "at least", 0.45, detail=f"{middle([load.per_second for load in ours]):.0f}/s of {middle([load.per_second for load in limit]):.0f}/s",
    )  # fmt: skip
