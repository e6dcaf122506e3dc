"""The mutations can still be made: each guard stands in the file that tests/mutations names, and each suite that must notice exists.

The mutations themselves are slow and seldom tried. A guard that moves, or a suite that is renamed, fails here with every run.
"""

import pytest

from tests.mutations.test_guards import GUARDS, ROOT


@pytest.mark.parametrize("name", GUARDS)
def test_the_guard_stands_where_it_is_taken_out(name: str) -> None:
    guard = GUARDS[name]
    found = (ROOT / guard.file).read_text().count(guard.old)
    assert found == guard.times or (guard.times == 0 and found), f"{guard.file} has it {found} times: {guard.old!r}"
    assert guard.new != guard.old


@pytest.mark.parametrize("name", GUARDS)
def test_the_suites_that_must_notice_exist(name: str) -> None:
    for suite in GUARDS[name].suite.split():
        file, *names = suite.split("::")
        assert (ROOT / file).exists(), suite
        for function in names:
            assert f"def {function}(" in (ROOT / file).read_text(), suite
