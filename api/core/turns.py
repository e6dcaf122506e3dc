"""Turns for costly work: a few things happen at the same time, those of one owner one after the other, so that no owner keeps others waiting."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from api.core.problems import Problem


class Turns:
    """Lets `at_once` things happen at the same time, at most one of each owner. First come, first served."""

    def __init__(self, at_once: int, most_waiting: int, too_many: str) -> None:
        self._free = asyncio.Semaphore(at_once)
        self._most_waiting, self._too_many = most_waiting, too_many
        self._owners: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._asking: Counter[str] = Counter()

    @asynccontextmanager
    async def of(self, owner: str) -> AsyncIterator[None]:
        """Waits for a turn of this owner, and holds it until the end of the block. Raises a Problem (429) if too many requests of the owner
        wait already.
        """
        if self._asking[owner] >= self._most_waiting:
            raise Problem(429, self._too_many)
        self._asking[owner] += 1
        try:
            async with self._owners[owner], self._free:
                yield
        finally:
            self._asking[owner] -= 1
            if not self._asking[owner]:
                del self._asking[owner], self._owners[owner]
