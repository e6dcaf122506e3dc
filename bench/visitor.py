"""Somebody who works in a lab through the API, one request after the other."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import requests

from bench.stand import Service, Stand, token_of

T = TypeVar("T")


class Visitor:
    """The manager of a lab, who keeps one connection open. An answer that refuses is an error."""

    def __init__(self, stand: Stand, api: Service, lab: str) -> None:
        self._base = f"{api.url}/labs/{lab}"
        self._session = requests.Session()
        self._session.headers["X-Chemtrack-Service"] = stand.service_token
        self._session.headers["Authorization"] = f"Bearer {token_of(lab)}"

    def ask(self, method: str, path: str, **more: Any) -> requests.Response:
        """The answer to a request below the lab's path."""
        answer = self._session.request(method, self._base + path, timeout=300, **more)
        if not answer.ok:
            raise RuntimeError(f"{method} {path}: {answer.status_code} {answer.text[:500]}")
        return answer


def timed(act: Callable[[], T]) -> tuple[float, T]:
    """Seconds that a function takes, and what it returns."""
    begin = time.perf_counter()
    given = act()
    return time.perf_counter() - begin, given


@contextmanager
def peak_memory(service: Service) -> Iterator[list[int]]:
    """A list that holds, at the end of the block, the most bytes that the service and its children held meanwhile."""
    seen = [service.memory()]
    over = threading.Event()

    def watch() -> None:
        while not over.wait(0.05):
            seen[0] = max(seen[0], service.memory())

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield seen
    finally:
        over.set()
        watcher.join()
