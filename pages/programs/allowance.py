"""How often a program may ask. Each process counts for itself, in memory that is bounded: no request waits for a count."""

import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable

MOST_KEYS = 10_000


class Allowance:
    """`requests` in `seconds` for each key, at once or spread; behind them one as soon as its share of the time has gone by (GCRA)."""

    def __init__(self, requests: int, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._share, self._seconds, self._clock = seconds / requests, seconds, clock
        self._used_until: OrderedDict[str, float] = OrderedDict()
        self._lock = threading.Lock()

    def wait(self, key: str) -> int:
        """Seconds until the key may ask again; 0: now. Counts nothing."""
        with self._lock:
            return self._wait(key)

    def take(self, key: str) -> int:
        """The same, and counts a request where it is 0."""
        with self._lock:
            seconds = self._wait(key)
            if not seconds:
                now = self._clock()
                self._used_until[key] = max(now, self._used_until.pop(key, now)) + self._share
                if len(self._used_until) > MOST_KEYS:
                    self._used_until.popitem(last=False)
            return seconds

    def _wait(self, key: str) -> int:
        over = self._used_until.get(key, 0) - self._clock() - (self._seconds - self._share)
        return max(0, math.ceil(over - 1e-6))


class Remembered:
    """The keys that were added within so many seconds, the last of them where there are too many."""

    def __init__(self, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._seconds, self._clock = seconds, clock
        self._until: OrderedDict[str, float] = OrderedDict()
        self._lock = threading.Lock()

    def __contains__(self, key: str) -> bool:
        return self._until.get(key, 0) > self._clock()

    def add(self, key: str) -> None:
        """Remember the key from now on."""
        with self._lock:
            self._until.pop(key, None)
            self._until[key] = self._clock() + self._seconds
            if len(self._until) > MOST_KEYS:
                self._until.popitem(last=False)
