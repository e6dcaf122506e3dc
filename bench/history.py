"""The history of 1,000,000 movements as a file, beside psql's \\copy of the same."""

import os
import subprocess
import time
from collections.abc import Iterator

from api.resources.history.routes import COLUMNS
from bench.result import Result, middle
from bench.stand import MOVED, ROOT, TOGETHER, Stand, session_of
from bench.visitor import Visitor, peak_memory, timed

[LAB] = MOVED.slugs
ROUNDS = 2
COPY = f"""BEGIN;
SET LOCAL statement_timeout = 0;
SELECT FROM control.enter_session('{session_of(LAB)}', '{LAB}', 'viewer');
\\copy (SELECT {" ".join(COLUMNS.split())} FROM inventory.history e ORDER BY e.made_at DESC, e.source DESC, e.id DESC) TO PSTDOUT (FORMAT csv)
COMMIT;
"""


def measure(stand: Stand) -> Iterator[Result]:
    """Time to the first byte, whole time, and the API's memory while the file is streamed."""
    database = stand.prepare(TOGETHER)
    ratios, firsts, lines = [], [], 0
    with stand.api(database) as api:
        visitor = Visitor(stand, api, LAB)

        def download() -> tuple[float, int]:
            begin = time.perf_counter()
            with visitor.ask("GET", "/history.csv", stream=True) as answer:
                chunks = answer.iter_content(1 << 16)
                found = next(chunks).count(b"\n")
                first = time.perf_counter() - begin
                return first, found + sum(chunk.count(b"\n") for chunk in chunks)

        with peak_memory(api) as start:
            visitor.ask("GET", "/history", params={"limit": 50})
        with peak_memory(api) as peak:
            for _ in range(ROUNDS):
                ours, (first, lines) = timed(download)
                theirs, copied = timed(lambda: copy(stand, database))
                if lines != copied + 1:
                    raise RuntimeError(f"{lines} lines of a file, {copied} of \\copy")
                ratios.append(theirs / ours)
                firsts.append(first)
    what = f"history of {lines - 1:,} movements as a file"
    yield Result(
        what, "psql \\copy of the same", middle(ratios), "at least", 0.3, detail=f"{ours:.1f} s beside {theirs:.1f} s"
    )
    yield Result(f"{what}: first bytes", "–", middle(firsts), "at most", 0.5, unit="s")
    yield Result(
        f"{what}: most memory",
        "before",
        peak[0] / start[0],
        "at most",
        1.25,
        detail=f"{peak[0] / 2**20:.0f} MiB, streamed",
    )


def copy(stand: Stand, database: str) -> int:
    """Copies the history with psql's \\copy, as chemuser in the lab; returns the number of lines."""
    done = subprocess.run(
        ["psql", "--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--set", "ON_ERROR_STOP=1"],
        cwd=ROOT, env=os.environ | stand.libpq(database, "chemuser"), input=COPY.encode(), capture_output=True, check=True,
    )  # fmt: skip
    return done.stdout.strip().count(b"\n") + 1
