"""Counts the mutations that were tried and those that were caught.

`--slow` tries all. `--ci` tries a tenth, which the commit chooses, so that a failure can be repeated on its commit.
"""

import subprocess
import zlib

import pytest


@pytest.hookimpl(tryfirst=True)  # before tests/conftest.py skips what is slow
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    ours = [item for item in items if "mutations" in item.path.parts]
    told = subprocess.run(["git", "rev-parse", "HEAD"], capture_output=True, check=False) if ours else None
    tenth = zlib.crc32(told.stdout) % 10 if told else 0
    for item in ours:
        item.add_marker(pytest.mark.slow(ci="[" in item.name and zlib.crc32(item.name.encode()) % 10 == tenth))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    caught = [
        report
        for report in terminalreporter.getreports("passed")
        if "mutations" in report.nodeid and "[" in report.nodeid
    ]
    missed = [
        report
        for report in terminalreporter.getreports("failed")
        if "mutations" in report.nodeid and "[" in report.nodeid
    ]
    if caught or missed:
        terminalreporter.write_line(f"{len(caught) + len(missed)} mutations, {len(caught)} caught")
