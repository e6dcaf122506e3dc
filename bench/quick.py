"""Whether ChemTrack has become slower, in three minutes and on a busy machine: the command bench/quick.

Each figure is processor time beside processor time of the same run: of our services and PostgreSQL beside PostgreSQL alone for the same
statements, or beside a bare app. Waiting, and what else the machine does, hardly changes it. quick.json has the ratios that were kept;
bench/quick fails if one of them has grown to more than ALLOWED times. `bench/quick --keep` keeps the present ones.
"""

import json
import sys
from collections.abc import Callable, Iterator

import psutil

from bench.check_outs import A_KEY, OURS
from bench.lists import statements_of_a_page
from bench.load import Ask, Load, pgbench, wrk
from bench.page import cookie_of
from bench.result import middle
from bench.stand import CLUSTER, ROOT, Labs, Service, Stand, standing
from bench.starts import compare

KEPT = ROOT / "bench" / "quick.json"
ALLOWED = 1.3
SECONDS, ROUNDS, STARTS = 2, 5, 5
ALONE = Labs(1, 1, 500)
[LAB] = ALONE.slugs

Figures = Iterator[tuple[str, float]]


def postgresql() -> Service:
    """The server of the stand."""
    return Service("", psutil.Process(int((CLUSTER / "postmaster.pid").read_text().split()[0])))


def cost(services: list[Service], load: Callable[[], Load]) -> float:
    """Seconds of a processor that these services need for one request of a load."""

    def used() -> float:
        times = [process.cpu_times() for service in services for process in service.family()]
        # The children's part: connections of pgbench that have ended
        return sum(one.user + one.system + one.children_user + one.children_system for one in times)

    before = used()
    sent = load().requests
    return (used() - before) / sent


def beside(ours: Callable[[], float], other: Callable[[], float]) -> float:
    """The median, over the rounds, of our cost divided by the other's in the same round."""
    return middle([ours() / other() for _ in range(ROUNDS)])


def requests(stand: Stand, database: str) -> Figures:
    """The list and check-outs beside PostgreSQL alone, a page beside its call."""
    with stand.superuser(database) as connection:
        found = connection.execute("SELECT id, unit FROM inventory.containers ORDER BY id").fetchall()
    listing = [Ask(LAB, "/chemicals", [("limit", 50)])]
    taking = [
        Ask(LAB, "/check-outs", body={"lines": [{"container_id": one, "amount": "0.001", "unit": unit}]})
        for one, unit in found
    ]
    dice = [f"\\set lab {ALONE.first}", f"\\set container random(1, {len(found)})", A_KEY]
    taken = "\n".join([*dice, "\\startpipeline", *OURS, "\\endpipeline"])
    server = postgresql()
    with stand.api(database) as api, stand.page("chemicals", api) as page:
        cookie = cookie_of(stand, api, page, LAB)

        def through_api(asks: list[Ask]) -> float:
            return cost([api, server], lambda: wrk(stand, api.url, asks, SECONDS))

        def alone(script: str) -> float:
            return cost([server], lambda: pgbench(stand, database, script, SECONDS))

        def viewing() -> float:
            view = [Ask(LAB, "", of="chemicals")]
            return cost([page, api, server], lambda: wrk(stand, page.url, view, SECONDS, cookie=cookie))

        for asks in (listing, taking):
            through_api(asks)
        yield (
            "list of 50 beside its statements",
            beside(lambda: through_api(listing), lambda: alone(statements_of_a_page(ALONE))),
        )
        yield "check-out beside its statements", beside(lambda: through_api(taking), lambda: alone(taken))
        call = [Ask(LAB, "/chemicals", [("facets", True)])]
        yield "view of the list beside the API's call", beside(viewing, lambda: through_api(call))


def services(stand: Stand, database: str) -> Figures:
    """Starts and memory, beside bare apps."""
    api = compare(STARTS, lambda: stand.api(database), lambda: stand.api(database, app="bench.bare:create_api"))
    yield "start of the API beside bare FastAPI", api.times
    yield "memory of the API beside bare FastAPI", api.memory
    nowhere = Service("http://127.0.0.1:1", psutil.Process())
    page = compare(
        STARTS,
        lambda: stand.page("chemicals", nowhere),
        lambda: stand.page("bare", nowhere, app="bench.bare:create_page()"),
    )
    yield "start of a page beside bare Flask", page.times
    yield "memory of a page beside bare Flask", page.memory


def main() -> None:
    kept: dict[str, float] = json.loads(KEPT.read_text()) if KEPT.exists() else {}
    present: dict[str, float] = {}
    with standing() as stand:
        database = stand.prepare("bench_alone_500")
        for measured in (services(stand, database), requests(stand, database)):
            for what, ratio in measured:
                present[what] = round(ratio, 2)
                print(f"{what}: {ratio:.2f} (kept: {kept.get(what, float('nan')):.2f})", flush=True)
    if "--keep" in sys.argv:
        KEPT.write_text(json.dumps(present, indent=2) + "\n")
        return
    grown = [what for what, ratio in present.items() if what not in kept or ratio > ALLOWED * kept[what]]
    if grown:
        sys.exit("grown: " + ", ".join(grown) + ". If that is meant: bench/quick --keep")
    print(f"{len(present)} of {len(present)} are within {ALLOWED} times of what was kept")


if __name__ == "__main__":
    main()
