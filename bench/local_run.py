"""The whole of ChemTrack on one machine, as `./local_go.sh --processes` runs it: what it holds at rest, and what a warm start needs.

It runs in a folder of links to this tree with a `.local` of its own, so that a ChemTrack which runs already is left alone.
"""

import os
import re
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import partial

import psutil

from bench.result import Result
from bench.stand import HOME, ROOT, Service, Stand, free_port
from bench.starts import MEBIBYTE, seconds_to_start

FOLDER = HOME / "local"
KEPT = FOLDER / ".local"
REST = 3
LOGINS = ("POSTGRES", "MASTER", "CHEMUSER", "CHEMADMIN")


class LocalRun:
    """A run of the demo labs, of which nothing is kept but the database."""

    def __init__(self, stand: Stand) -> None:
        KEPT.mkdir(parents=True, exist_ok=True)
        for path in ROOT.iterdir():
            if path.name != ".local" and not (FOLDER / path.name).is_symlink():
                (FOLDER / path.name).symlink_to(path)
        self.environment = os.environ | {
            "CHEMTRACK_PORT": str(free_port()),
            "CHEMTRACK_SERVICE_TOKEN": stand.service_token,
            "CHEMTRACK_COOKIE_KEY": stand.service_token,
            **{f"CHEMTRACK_{login}_PASSWORD": "of the benchmark" for login in LOGINS},
        }

    def act(self, act: str) -> float:
        """Start or stop it; the seconds of a processor that the command itself needed."""
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        command = [sys.executable, "-m", "local.processes", act]
        subprocess.run(command, cwd=FOLDER, env=self.environment, stdout=subprocess.DEVNULL, check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    def services(self) -> dict[str, Service]:
        """All that runs, PostgreSQL too; by name."""
        numbers = {
            file.stem: int(re.findall(r'"pid": (\d+)', file.read_text())[0]) for file in (KEPT / "run").glob("*.json")
        }
        numbers["db"] = int((KEPT / "database" / "postmaster.pid").read_text().split()[0])
        return {name: Service("", psutil.Process(number)) for name, number in numbers.items()}


def measure(stand: Stand) -> Iterator[Result]:
    """Started twice: the first start makes the database, the second is warm."""
    run = LocalRun(stand)
    run.act("stop")
    try:
        run.act("start")
        run.act("stop")
        seconds = run.act("start")
        seconds += sum(service.cpu_seconds() for service in run.services().values())
        time.sleep(REST)
        held = {name: service.memory() / MEBIBYTE for name, service in run.services().items()}
    finally:
        run.act("stop")
    bare = seconds_to_start(
        partial(stand.page, "bare", Service("http://127.0.0.1:1", psutil.Process()), app="bench.bare:create_page()")
    )
    each = ", ".join(f"{name} {size:.0f}" for name, size in sorted(held.items(), key=lambda one: -one[1]))
    yield Result("memory of the whole local run at rest", "–", sum(held.values()), "at most", 420, "MiB", each)
    yield Result(
        "warm start of the whole local run: processor time", "the start of one bare Flask", seconds / bare, "at most", 21,
        detail=f"{seconds:.1f} s of {bare:.2f} s",
    )  # fmt: skip
