"""Sends load: wrk over HTTP, and pgbench the same statements without the API. Both stay on this machine and stop by themselves."""

import json
import os
import re
import subprocess
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlencode

from bench.result import middle
from bench.stand import CONNECTIONS, ROOT, Stand, token_of


@dataclass(frozen=True)
class Ask:
    """One request in a lab: GET, or POST with a body. `key`: the request carries a new Idempotency-Key each time that it is sent."""

    lab: str
    path: str
    query: Sequence[tuple[str, object]] = ()
    body: object = None
    of: str = "labs"
    """The first word of the path: of a page its name."""

    def line(self) -> str:
        """The request as a line for bench/wrk.lua: method, target, token and body, parted by tabs."""
        target = f"/{self.of}/{quote(self.lab)}{self.path}" + (f"?{urlencode(self.query)}" if self.query else "")
        body = "" if self.body is None else json.dumps(self.body)
        return "\t".join(("POST" if body else "GET", target, token_of(self.lab), body))


@dataclass(frozen=True)
class Load:
    """The result of a load: how many requests, how many a second, and the median time of a request in milliseconds."""

    requests: int
    per_second: float
    p50: float
    p99: float


def wrk(
    stand: Stand, url: str, asks: Iterable[Ask], seconds: float, connections: int = CONNECTIONS, cookie: str = ""
) -> Load:
    """Send these requests, drawn at random, over a number of connections. An answer other than 2xx is an error."""
    with tempfile.TemporaryDirectory() as folder:
        requests = Path(folder) / "requests"
        requests.write_text("\n".join(ask.line() for ask in asks))
        done = subprocess.run(
            ["wrk", "-t1", f"-c{connections}", f"-d{max(1, round(seconds))}s", "--timeout=30s", "-s", "bench/wrk.lua", url],
            cwd=ROOT, env=os.environ | {"BENCH_REQUESTS": str(requests), "BENCH_SERVICE": stand.service_token, "BENCH_COOKIE": cookie},
            capture_output=True, text=True, check=True,
        )  # fmt: skip
    measured = json.loads(done.stdout.splitlines()[-1])
    if measured["refused"] or measured["lost"]:
        raise RuntimeError(
            f"{measured['refused']} of {measured['requests']} requests were refused, {measured['lost']} lost: {measured['example']}"
        )
    return Load(measured["requests"], measured["requests"] / measured["seconds"], measured["p50"], measured["p99"])


def pgbench(
    stand: Stand, database: str, script: str, seconds: float, clients: int = CONNECTIONS, user: str = "chemuser"
) -> Load:
    """Run a script of pgbench, its statements prepared, over a number of connections."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "script.sql"
        file.write_text(script)
        done = subprocess.run(
            ["pgbench", "--no-vacuum", "--protocol=prepared", f"--client={clients}", "--jobs=1", f"--time={max(1, round(seconds))}", f"--file={file}"],
            cwd=ROOT, env=stand.libpq(database, user), capture_output=True, text=True, check=False,
        )  # fmt: skip
    rate = re.search(r"^tps = ([0-9.]+)", done.stdout, re.MULTILINE)
    count = re.search(r"^number of transactions actually processed: (\d+)", done.stdout, re.MULTILINE)
    if done.returncode or not rate or not count or "number of failed transactions: 0 " not in done.stdout:
        raise RuntimeError(f"pgbench failed: {done.stdout}{done.stderr}")
    per_second = float(rate[1])
    return Load(int(count[1]), per_second, 1000 * clients / per_second, float("nan"))


def in_one_line(sql: str) -> str:
    """A statement in one line, which a script of pgbench needs."""
    return " ".join(sql.split()) + ";"


def literal(value: object) -> str:
    """A value as SQL, for a script of pgbench, whose own parameters are numbers only."""
    if value is None:
        return "NULL"
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, list):
        return f"ARRAY[{', '.join(map(literal, value))}]"
    return "'" + str(value).replace("'", "''") + "'"


def filled(sql: str, params: Mapping[str, object] | Sequence[object]) -> str:
    """A statement of psycopg with its parameters in it."""
    if isinstance(params, Mapping):
        sql = re.sub(r"%\((\w+)\)s", lambda match: literal(params[match[1]]), sql)
    else:
        values = iter(params)
        sql = re.sub(r"%s", lambda _: literal(next(values)), sql)
    return in_one_line(sql.replace("%%", "%"))


def in_turn(rounds: int, *measures: Callable[[], Load]) -> list[list[Load]]:
    """Runs every measurement once in each round, so that a slow moment of the machine slows all of them alike."""
    loads: list[list[Load]] = [[] for _ in measures]
    for _ in range(rounds):
        for found, measure in zip(loads, measures, strict=True):
            found.append(measure())
    return loads


def ratio(ours: list[Load], theirs: list[Load]) -> float:
    """The median, over the rounds, of our requests a second divided by theirs in the same round."""
    return middle([one.per_second / other.per_second for one, other in zip(ours, theirs, strict=True)])


def rates(ours: list[Load], theirs: list[Load]) -> str:
    """Our and their requests a second, in words."""
    one, other = (middle([load.per_second for load in loads]) for loads in (ours, theirs))
    return f"{one:.0f}/s beside {other:.0f}/s"
