"""What a count found is a fixed point: a correction of an older line changes what was taken, never what was found."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.installation import Installation
from tests.sql.shelf import LEDGER_FAULTS, Shelf, shelf

START = 100


@pytest.fixture(scope="module")
def ada(installation: Installation) -> Iterator[Shelf]:
    with shelf(installation) as at_shelf:
        yield at_shelf
        assert at_shelf.run(LEDGER_FAULTS) == []


@dataclass
class Line:
    """A line of the ledger as a person understands it: the amount that was taken (negative: returned), or that a count found. None: the
    line did not happen.
    """

    kind: str
    amount: int | None
    id: int = 0


@dataclass
class Bench:
    """One container, and its lines in the order in which things happened. Replaying the lines gives the amount that must be left."""

    ada: Shelf
    container: int
    lines: list[Line] = field(default_factory=list)
    stocktake: int = 0
    counted: Line | None = None
    """The count of an open stocktake that is not posted yet; in `lines` it stands at the moment when somebody counted."""

    posted_late: bool = False
    """Whether a count was posted after a later count: then no older count can be undone any more."""

    def left(self, lines: list[Line] | None = None) -> int:
        left = START
        for line in self.lines if lines is None else lines:
            if line is self.counted or line.amount is None:
                continue
            left = line.amount if line.kind == "count" else left - line.amount
        return left

    def act(self, what: str, where: int, amount: int) -> None:
        if what in ("check_out", "count"):
            try:
                made, *_ = self.ada.post(self.container, what, str(amount))
            except psycopg.IntegrityError:
                assert self.left() - amount < 0, "refused, though that much is left"
                return
            self.lines.append(Line(what, amount, made))
        elif what == "stocktake" and self.counted is None:
            [[self.stocktake]] = self.ada.run(
                """WITH room AS (INSERT INTO inventory.locations (kind, name) VALUES ('room', gen_random_uuid()::text) RETURNING id)
                   INSERT INTO inventory.stocktakes (location_id) SELECT id FROM room RETURNING id"""
            )
            self.ada.run(
                "INSERT INTO inventory.stocktake_counts (stocktake_id, container_id, found, counted, counted_unit) VALUES (%s, %s, true, %s, 'g')",
                self.stocktake,
                self.container,
                amount,
            )
            self.counted = Line("count", amount)
            self.lines.append(self.counted)
        elif what == "post" and self.counted is not None:
            self.post()
        elif what in ("correct", "undo"):
            self.correct(where, amount if what == "correct" else None)

    def post(self) -> None:
        assert self.counted is not None
        held = Line("count", self.counted.amount)
        since = self.lines[self.lines.index(self.counted) + 1 :]
        self.posted_late |= any(line.kind == "count" for line in since)
        if any(line.kind == "count" and line.amount is not None for line in since):
            self.lines.remove(self.counted)  # a later count stands, so this one changes nothing
        else:
            kept = [held if line is self.counted else line for line in self.lines]
            if self.left(kept) < 0:
                return
            self.lines = kept
        self.ada.run("SELECT * FROM inventory.post_stocktake(%s)", self.stocktake)
        [[held.id]] = self.ada.run("SELECT id FROM inventory.movements WHERE stocktake_id = %s", self.stocktake)
        self.counted = None

    def correct(self, where: int, amount: int | None) -> None:
        written = [line for line in self.lines if line is not self.counted]
        if not written:
            return
        line = written[where % len(written)]
        if amount == 0 and line.kind == "check_out":
            amount = None
        later = written[written.index(line) + 1 :]
        before, line.amount = line.amount, amount
        would_be = self.left()
        try:
            self.ada.post(self.container, "correct", None if amount is None else str(amount), "g", refers_to=line.id)
        except psycopg.IntegrityError:
            a_count_stands = (
                before is None
                or self.posted_late
                or any(one.kind == "count" and one.amount is not None for one in later)
            )
            undone_already = before is None and amount is None
            assert would_be < 0 or undone_already or (line.kind == "count" and amount is None and a_count_stands), (
                "refused without a reason"
            )
            line.amount = before


ACTS = st.tuples(
    st.sampled_from(["check_out", "check_out", "count", "correct", "correct", "undo", "stocktake", "post"]),
    st.integers(0, 9),
    st.integers(0, 60),
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=st.lists(ACTS, max_size=12))
def test_what_is_left_is_the_last_count_and_what_was_taken_since(ada: Shelf, acts: list[tuple[str, int, int]]) -> None:
    bench = Bench(ada, ada.add_container(str(START)))
    for what, where, amount in acts:
        if amount or what not in ("check_out",):
            bench.act(what, where, amount)
        [[lines]] = ada.run("SELECT sum(amount) FROM inventory.movements WHERE container_id = %s", bench.container)
        assert ada.left(bench.container) == bench.left() == lines, (what, where, amount)
    assert ada.run(LEDGER_FAULTS) == []


def test_an_older_check_out_is_corrected_and_the_count_holds(ada: Shelf) -> None:
    container = ada.add_container("100")
    taken, *_ = ada.post(container, "check_out", "10")
    counted, *_ = ada.post(container, "count", "4")
    ada.post(container, "check_out", "1")
    ada.post(container, "correct", "95", refers_to=taken)
    assert ada.left(container) == 3
    assert ada.run(
        "SELECT kind, amount, balance, typed_amount, refers_to_id = %s FROM inventory.movements WHERE container_id = %s AND line > 4 ORDER BY line",
        counted,
        container,
    ) == [
        ("correct", Decimal(-85), Decimal(3), Decimal(95), False),
        ("correct", Decimal(85), Decimal(3), Decimal(4), True),
    ]
    [[out]] = ada.run("SELECT still_out FROM inventory.check_outs WHERE id = %s", taken)
    assert out == 95


@pytest.mark.parametrize("how", ["a count", "a stocktake"])
@pytest.mark.parametrize("counted", ["0", "20", "95", "200"])
def test_a_count_mends_a_ledger_that_does_not_add_up(
    installation: Installation, ada: Shelf, counted: str, how: str
) -> None:
    bench = Bench(ada, ada.add_container(str(START)))
    ada.post(bench.container, "check_out", "10")
    # An earlier release could leave 30 too much in the lines.
    broken = "UPDATE inventory.containers SET amount = amount - 30 WHERE id = %s"
    installation.psql(broken, bench.container, as_="owner", lab="curie")
    assert [row[0] for row in ada.run(LEDGER_FAULTS)] == [bench.container]
    if how == "a count":
        ada.post(bench.container, "count", counted)
    else:
        bench.act("stocktake", 0, int(counted))
        bench.post()
    assert ada.left(bench.container) == Decimal(counted)
    assert ada.run(LEDGER_FAULTS) == []
