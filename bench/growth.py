"""How long a request takes with more and more labs, and in larger and larger labs: a table, and the plot docs/growth.svg."""

import random
from collections.abc import Iterator
from contextlib import ExitStack

import matplotlib as mpl

from bench.load import Ask, wrk
from bench.result import Result, middle
from bench.stand import LARGE, MIDDLE, ROOT, SMALL, TOGETHER, Service, Stand

ROUNDS = 5
BY_LABS = {1: "bench_alone_500", 10: "bench_labs_10", 100: "bench_labs_100", 2000: TOGETHER}
BY_ROWS = {500: SMALL, 5_000: MIDDLE, 100_000: LARGE}
ACTS = "list", "search", "check-out"
Curves = dict[str, dict[int, float]]
"""Act → number of labs, or rows a lab → milliseconds."""


def requests_of(act: str, slugs: list[str], containers: dict[str, list[tuple[int, str]]]) -> list[Ask]:
    """The requests that are measured, in labs drawn at random."""
    if act == "list":
        return [Ask(slug, "/chemicals", [("limit", 50)]) for slug in slugs]
    if act == "search":
        return [Ask(slug, "/chemicals", [("limit", 50), ("q", "morpholine")]) for slug in slugs]
    return [
        Ask(slug, "/check-outs", body={"lines": [{"container_id": number, "amount": "0.001", "unit": unit}]})
        for slug in slugs
        for number, unit in containers[slug]
    ]


def points(stand: Stand, places: dict[int, tuple[Service, str, list[str]]]) -> Curves:
    """The p50 of each act at each place (its API, its database, its labs), all in turn."""
    asks: dict[tuple[str, int], list[Ask]] = {}
    for number, (_, database, slugs) in places.items():
        drawn = random.Random(1).sample(slugs, min(len(slugs), 200))  # noqa: S311
        with stand.superuser(database) as connection:
            found = connection.execute(
                "SELECT 'lab-' || c.lab_id, (array_agg(ROW(c.id, c.unit)))[1:2000] FROM inventory.containers c"
                " WHERE 'lab-' || c.lab_id = ANY (%s) GROUP BY c.lab_id", (drawn,),
            ).fetchall()  # fmt: skip
        containers = {slug: [(int(number), unit) for number, unit in rows] for slug, rows in found}
        asks |= {(act, number): requests_of(act, drawn, containers) for act in ACTS}
    times: dict[tuple[str, int], list[float]] = {point: [] for point in asks}
    for _ in range(ROUNDS):
        for (act, number), chosen in asks.items():
            times[act, number].append(wrk(stand, places[number][0].url, chosen, 1, connections=1).p50)
    return {act: {number: middle(times[act, number]) for number in places} for act in ACTS}


def measure(stand: Stand) -> Iterator[Result]:
    """Both curves; the end of each beside its beginning."""
    with ExitStack() as stack:
        apis = {database: stack.enter_context(stand.api(stand.prepare(database))) for database in BY_LABS.values()}
        by_labs = points(stand, {n: (apis[name], name, SMALL.slugs[:n]) for n, name in BY_LABS.items()})
        by_rows = points(stand, {n: (apis[TOGETHER], TOGETHER, labs.slugs) for n, labs in BY_ROWS.items()})
    plot(by_labs, by_rows)
    for what, curves, bar in (("2,000 labs", by_labs, 1.25), ("a lab of 100,000", by_rows, 3.0)):
        for act, curve in curves.items():
            first, last = min(curve), max(curve)
            yield Result(
                f"growth: {act}, {what}", f"{first:,} {'lab' if curves is by_labs else 'rows'}", curve[last] / curve[first], "at most", bar,
                detail=", ".join(f"{n:,}: {ms:.1f} ms" for n, ms in curve.items()),
            )  # fmt: skip


def plot(by_labs: Curves, by_rows: Curves) -> None:
    """Draws both curves side by side into docs/growth.svg."""
    mpl.use("svg")
    mpl.rcParams["svg.fonttype"] = "none"  # keep text as text, not as outlines
    mpl.rcParams["svg.hashsalt"] = "chemtrack"  # fixed ids: the same figures give the same file
    from matplotlib import pyplot

    figure, (left, right) = pyplot.subplots(1, 2, figsize=(9, 3.4), sharey=True, layout="constrained")
    for axes, curves, label in (
        (left, by_labs, "labs, of 500 chemicals each"),
        (right, by_rows, "chemicals in the lab, among 2,005 labs"),
    ):
        for act, curve in curves.items():
            axes.plot(list(curve), list(curve.values()), marker="o", label=act)
        axes.set_xscale("log")
        axes.set_xticks(list(next(iter(curves.values()))), [f"{n:,}" for n in next(iter(curves.values()))])
        axes.minorticks_off()
        axes.set_xlabel(label)
        axes.grid(alpha=0.3)
    left.set_ylim(bottom=0)  # sets both axes, which share it; now, when all curves are drawn
    left.set_ylabel("half of the requests take less, ms")
    left.legend()
    figure.savefig(ROOT / "docs" / "growth.svg", metadata={"Date": None})
