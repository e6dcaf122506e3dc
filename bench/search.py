"""Searches in labs of three sizes, each beside the same lab alone in a database: other labs must cost nothing."""

from collections.abc import Iterator
from functools import partial

from bench.load import Ask, Load, in_turn, wrk
from bench.result import Result, middle
from bench.stand import LARGE, MIDDLE, SMALL, TOGETHER, Labs, Stand

SECONDS, ROUNDS = 1, 5
SEARCHES = {
    "word": "morpholine",
    "beginning": "quino",
    "CAS RN": "52-62-0",
    "two words": "bromo pyridine",
    "substring": "zaldehy",
    "nothing found": "xylophone",
}
SIZES = {500: (SMALL, "bench_alone_500"), 5_000: (MIDDLE, "bench_alone_5000"), 100_000: (LARGE, "bench_alone_100000")}


def one_connection(stand: Stand, url: str, ask: Ask) -> Load:
    """The time of one request after the other."""
    return wrk(stand, url, [ask], SECONDS, connections=1)


def p50(loads: list[Load]) -> float:
    """Milliseconds."""
    return middle([load.p50 for load in loads])


def paired(ours: list[Load], theirs: list[Load]) -> float:
    """The median, over the rounds, of our time divided by theirs in the same round."""
    return middle([one.p50 / other.p50 for one, other in zip(ours, theirs, strict=True)])


def measure(stand: Stand) -> Iterator[Result]:
    """Each search, in each size, together and alone; then how much longer the large lab waits than a small one."""
    together = stand.prepare(TOGETHER)
    times: dict[str, dict[int, float]] = {name: {} for name in SEARCHES}
    ratios: dict[str, dict[int, float]] = {name: {} for name in SEARCHES}
    with stand.api(together) as api:
        for size, (labs, alone) in SIZES.items():
            with stand.api(stand.prepare(alone)) as lonely:
                for name, words in SEARCHES.items():
                    ask = Ask(first_slug(labs), "/chemicals", [("q", words), ("limit", 50)])
                    wrk(stand, api.url, [ask], 1), wrk(stand, lonely.url, [ask], 1)
                    ours, theirs = in_turn(
                        ROUNDS,
                        partial(one_connection, stand, api.url, ask),
                        partial(one_connection, stand, lonely.url, ask),
                    )
                    times[name][size] = p50(ours)
                    ratios[name][size] = paired(ours, theirs)
    for name, by_size in ratios.items():
        yield Result(
            f"search: {name}; labs of 500, 5,000 and 100,000, the worst", "the same lab alone in the database", max(by_size.values()),
            "at most", 1.1, detail=", ".join(f"{ratio:.2f}" for ratio in by_size.values()),
        )  # fmt: skip
    slower = {name: by_size[100_000] / by_size[500] for name, by_size in times.items()}
    worst = max(slower, key=lambda name: slower[name])
    yield Result(
        f"search, the worst ({worst}): lab of 100,000", "lab of 500", slower[worst], "at most", 3,
        detail="; ".join(f"{name} {ratio:.2f} ({times[name][100_000]:.1f} ms)" for name, ratio in slower.items()),
    )  # fmt: skip


def first_slug(labs: Labs) -> str:
    """The first of these labs."""
    return labs.slugs[0]
