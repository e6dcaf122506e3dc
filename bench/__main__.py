"""Measures; prints a table and, when everything was measured, writes it. See bench/run."""

import argparse
import importlib
import platform
import sys
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from bench.against import compare
from bench.result import HEADS, Result, table
from bench.stand import ROOT, Stand, standing

MEASUREMENTS = [
    "lists", "search", "filters", "check_outs", "page", "imports", "stocktakes", "history", "starts", "local_run", "first_visit", "growth", "labels", "suggestions",
]  # fmt: skip
"""Modules of this package, each with `measure(stand)`."""


def about(stand: Stand) -> str:
    """The machine and the versions, for the head of the results."""
    with stand.superuser("postgres") as connection:
        [server] = connection.execute("SHOW server_version").fetchone() or ("?",)
    model = next(
        (
            line.split(":")[1].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if line.startswith("model name")
        ),
        platform.machine(),
    )
    import psutil

    packages = ", ".join(
        f"{name} {version(name)}" for name in ("fastapi", "uvicorn", "psycopg", "pydantic", "flask", "gunicorn")
    )
    return (
        f"{psutil.cpu_count()} cores ({model}), {psutil.virtual_memory().total / 2**30:.0f} GiB, Python {platform.python_version()}, "
        f"PostgreSQL {server}, {packages}. The load, the services and PostgreSQL share the cores, so only ratios of one run mean something."
    )


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench/run", description=__doc__)
    parser.add_argument("names", nargs="*", choices=[*MEASUREMENTS, []], metavar="NAME", help=", ".join(MEASUREMENTS))
    parser.add_argument(
        "--against", metavar="COMMIT", help="measure that commit, too, in turn; print the ratios and write no file"
    )
    arguments = parser.parse_args()
    names = arguments.names
    if arguments.against:
        return compare(arguments.against, names or MEASUREMENTS)
    results: list[Result] = []
    with standing() as stand:
        print("| " + " | ".join(HEADS) + " |", flush=True)
        for name in names or MEASUREMENTS:
            for result in importlib.import_module(f"bench.{name}").measure(stand):
                results.append(result)
                print("| " + " | ".join(result.cells()) + " |", flush=True)
        machine = about(stand)
    missed = [result for result in results if not result.holds]
    if not names:
        head = f"# Measured on {datetime.now(UTC):%Y-%m-%d}\n\nBy `bench/run`. {machine}\n\n"
        (ROOT / "bench" / "results.md").write_text(head + table(results))
    print(
        f"{len(results) - len(missed)} of {len(results)} bars hold"
        + "".join(f"\nmissed: {result.what}" for result in missed)
    )
    sys.exit(bool(missed))


if __name__ == "__main__":
    main()
