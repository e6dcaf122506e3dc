"""Prints the figures of each run at the end."""

from collections.abc import Callable

import pytest

from tests.faults.journal import Figures


@pytest.fixture
def figures(record_property: Callable[[str, object], None]) -> Callable[[Figures], Figures]:
    """Keeps a test's figures, which are printed at the end of the run whether or not the test passed."""

    def keep(seen: Figures) -> Figures:
        record_property("faults", "\n".join(seen.table()))
        return seen

    return keep


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for report in [*terminalreporter.getreports("passed"), *terminalreporter.getreports("failed")]:
        for name, text in report.user_properties:
            if name == "faults" and report.when == "call":
                terminalreporter.section(report.nodeid.rpartition("::")[2])
                terminalreporter.write_line(str(text))
