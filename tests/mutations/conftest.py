"""Counts the mutations that were tried and those that were caught."""

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "mutations" in str(item.path):
            item.add_marker("slow")


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
