"""What people sent, as far as they know, held against what the ledger says."""

import threading
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Literal

import psycopg

from tests.sql.shelf import LEDGER_FAULTS

# How many lines the ledger has for each mark: a check-out carries it as its purpose, a delivery as its order number, a
# return is known by the check-out that it refers to, the lines of a stocktake by its number.
FIND_MARKS = """
SELECT CASE WHEN m.kind = 'check_out' THEN m.reason
            WHEN m.kind = 'receive' THEN d.order_number
            WHEN m.kind = 'return' THEN 'return of ' || m.refers_to_id
            WHEN m.kind = 'count' THEN 'stocktake ' || m.stocktake_id END AS mark, count(*)
  FROM inventory.movements m
  LEFT JOIN inventory.deliveries d ON d.lab_id = m.lab_id AND d.id = m.delivery_id
 GROUP BY 1 HAVING count(m.id) FILTER (WHERE m.kind <> 'receive' OR d.order_number IS NOT NULL) > 0"""
COUNT_LEFTOVERS = """
SELECT count(*) FROM pg_stat_activity
 WHERE application_name = 'chemtrack-api' AND state LIKE 'idle in transaction%'"""


@dataclass
class Sent:
    """One request that moves stock: `lines` of the ledger, found by `mark`."""

    mark: str
    lines: int
    outcome: Literal["acknowledged", "refused", "unknown"] = "unknown"
    tries: int = 0
    denied: bool = False  # an answer said that nothing was changed
    replayed: bool = False  # the last answer was given again, so it had happened before


@dataclass
class Figures:
    """What came of it. Everything from `lost` on must be 0."""

    requests: int = 0
    movements: int = 0
    acknowledged: int = 0
    refused: int = 0
    unknown: int = 0
    retried: int = 0
    replayed: int = 0
    lost: int = 0
    doubled: int = 0
    in_part: int = 0
    refused_but_there: int = 0
    said_unchanged_but_there: int = 0
    sent_by_nobody: int = 0
    made_but_not_found: int = 0
    answered_otherwise_again: int = 0
    seen_of_another_lab: int = 0
    pages_without_a_sentence: int = 0
    secrets_in_logs: int = 0
    ledgers_that_do_not_add_up: int = 0
    transactions_left_open: int = 0

    injected: dict[str, int] = field(default_factory=dict)
    recovered: dict[str, float] = field(default_factory=dict)

    def numbers(self) -> dict[str, int]:
        """The figures alone, in their order."""
        return {name: value for name, value in vars(self).items() if isinstance(value, int)}

    def faults(self) -> dict[str, int]:
        """What must be nothing and is not."""
        names = list(self.numbers())
        return {name: value for name in names[names.index("lost") :] if (value := self.numbers()[name])}

    def table(self) -> list[str]:
        """The figures, for a person."""
        lines = [f"{name.replace('_', ' '):<28}{value:>7}" for name, value in self.numbers().items()]
        faults = [
            f"  {name.replace('_', ' '):<26}{number:>7}   works again after {self.recovered[name]:.1f} s at most"
            for name, number in self.injected.items()
        ]
        place = list(self.numbers()).index("lost")
        return [*lines[:place], f"{'faults':<28}{sum(self.injected.values()):>7}", *faults, *lines[place:]]


@dataclass
class Journal:
    """What all members together have sent. Threads write into it."""

    sent: list[Sent] = field(default_factory=list)
    requests: int = 0
    leaks: int = 0
    missing: int = 0
    otherwise: int = 0
    traces: list[str] = field(default_factory=list)
    injected: Counter[str] = field(default_factory=Counter)
    recovered: dict[str, float] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, mark: str, lines: int) -> Sent:
        """A request that is about to be sent."""
        sent = Sent(mark, lines)
        with self.lock:
            self.sent.append(sent)
        return sent

    def count_request(self) -> None:
        """One more request, of whatever kind."""
        with self.lock:
            self.requests += 1

    def note_missing(self, missing: bool) -> None:
        """Something that was made earlier is not there (404)."""
        with self.lock:
            self.missing += missing

    def note_fault(self, name: str, recovery: float) -> None:
        """A fault, and the seconds until everybody could work again."""
        self.injected[name] += 1
        self.recovered[name] = max(recovery, self.recovered.get(name, 0))

    def compare(self, superuser: psycopg.Connection[Any]) -> Figures:
        """Holds what was sent against the ledger, past all policies."""
        there = {mark: int(number) for mark, number in superuser.execute(FIND_MARKS).fetchall()}
        figures = Figures(self.requests, sum(there.values()), injected=dict(self.injected), recovered=self.recovered)
        figures.seen_of_another_lab, figures.pages_without_a_sentence = self.leaks, len(self.traces)
        for sent in self.sent:
            found = there.pop(sent.mark, 0)
            setattr(figures, sent.outcome, getattr(figures, sent.outcome) + 1)
            figures.retried += sent.tries > 1
            figures.replayed += sent.replayed
            figures.doubled += found > sent.lines
            figures.in_part += 0 < found < sent.lines
            figures.lost += sent.outcome == "acknowledged" and not found
            figures.refused_but_there += sent.outcome == "refused" and found > 0
            # What had no answer the first time may have happened; that it was sent again then tells.
            once_and_unknown = sent.outcome == "unknown" and sent.tries == 1
            figures.said_unchanged_but_there += sent.denied and (sent.replayed or (once_and_unknown and found > 0))
        figures.sent_by_nobody, figures.made_but_not_found = len(there), self.missing
        figures.answered_otherwise_again = self.otherwise
        figures.ledgers_that_do_not_add_up = len(superuser.execute(LEDGER_FAULTS.encode()).fetchall())
        [[figures.transactions_left_open]] = superuser.execute(COUNT_LEFTOVERS).fetchall()
        return figures
