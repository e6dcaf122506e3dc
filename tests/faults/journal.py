"""A record of the requests that people sent and of the answers that they got, to be compared with the ledger."""

import threading
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Literal

import psycopg

from tests.sql.shelf import LEDGER_FAULTS

# How many lines the ledger has for each mark, by which a request is found there: the purpose of a check-out, the order number of a
# delivery; for a return the check-out that it refers to, for a stocktake its number.
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
    replayed: bool = False  # the last answer was a kept one, so the request had been carried out before


@dataclass
class Figures:
    """The results of a run. All numbers from `lost` on must be 0."""

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
        """The numbers that must be 0 and are not."""
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
    """The requests of all members. Their threads write into it at the same time."""

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
        """Note a request that is about to be sent."""
        sent = Sent(mark, lines)
        with self.lock:
            self.sent.append(sent)
        return sent

    def count_request(self) -> None:
        """Count a request, of whatever kind."""
        with self.lock:
            self.requests += 1

    def note_missing(self, missing: bool) -> None:
        """Note an answer 404 for something that was made earlier."""
        with self.lock:
            self.missing += missing

    def note_fault(self, name: str, recovery: float) -> None:
        """Note a fault, and the seconds until everybody could work again."""
        self.injected[name] += 1
        self.recovered[name] = max(recovery, self.recovered.get(name, 0))

    def compare(self, superuser: psycopg.Connection[Any]) -> Figures:
        """Compare what was sent with the ledger, which is read past all policies."""
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
            # A request without an answer may have been carried out. The answer to its second sending tells.
            once_and_unknown = sent.outcome == "unknown" and sent.tries == 1
            figures.said_unchanged_but_there += sent.denied and (sent.replayed or (once_and_unknown and found > 0))
        figures.sent_by_nobody, figures.made_but_not_found = len(there), self.missing
        figures.answered_otherwise_again = self.otherwise
        figures.ledgers_that_do_not_add_up = len(superuser.execute(LEDGER_FAULTS.encode()).fetchall())
        [[figures.transactions_left_open]] = superuser.execute(COUNT_LEFTOVERS).fetchall()
        return figures
