"""What one process remembers of tokens for a while, in memory that is bounded."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable

MOST_KEYS = 10_000


class Remembered:
    """The keys that were added less than `seconds` ago; of more than MOST_KEYS, the latest."""

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
