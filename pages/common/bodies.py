"""Limits on slow request bodies: a thread reads each body, so strangers could keep all threads of a page waiting.

A body should arrive within a second. Only a few at a time may take longer, and each of those has a deadline, after which its
socket is shut for reading: the thread that reads it finds the end and is free. A browser's body takes a few milliseconds.
"""

import socket
import threading
import time
from collections.abc import Iterable
from contextlib import suppress
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

GRACE = 1.0
SLOW_AT_ONCE = 4  # of the 16 threads that a page has
LONGEST = 10.0
BYTES_A_SECOND = 50_000
"""The slowest upload that is allowed: a body may take a second longer for each 50,000 bytes that it has."""
LOOKS_A_SECOND = 4


class BoundedBodies:
    """WSGI middleware for gunicorn's threads (gunicorn puts the socket into the environment). `largest` is in bytes."""

    def __init__(
        self,
        app: "WSGIApplication",
        largest: int | None = None,
        longest: float = LONGEST,
        too_large: tuple[str, bytes] = ("text/plain", b"That is too large."),
    ) -> None:
        """`too_large`: the type and the text of the answer to a body that is larger than `largest`."""
        self.app, self.largest, self.longest, self.too_large = app, largest, longest, too_large
        self._watch = _Watch()

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        length = _length(environ)
        if self.largest is not None and length > self.largest:
            kind, text = self.too_large
            start_response("413 Content Too Large", [("Content-Type", kind), ("Connection", "close")])
            return [text]
        connection = environ.get("gunicorn.socket")
        if not length or not isinstance(connection, socket.socket):
            return self.app(environ, start_response)
        body = _Body(environ["wsgi.input"], length)
        environ["wsgi.input"] = body
        seconds = self.longest + (0 if self.largest else length / BYTES_A_SECOND)
        with self._watch.watching(connection, body, seconds):
            return self.app(environ, start_response)


def _length(environ: "WSGIEnvironment") -> int:
    """The length that the client claims; for a chunked body, which claims none, a length larger than any."""
    if "chunked" in environ.get("HTTP_TRANSFER_ENCODING", "").lower():
        return 1 << 40
    claimed = environ.get("CONTENT_LENGTH") or ""
    return int(claimed) if claimed.isdecimal() else 0


class _Body:
    """A request body that notes, while it is read, whether all of it has arrived (`has_come`)."""

    def __init__(self, raw: IO[bytes], length: int) -> None:
        self._raw, self._length, self._read = raw, length, 0
        self.has_come = False

    def _count(self, data: bytes) -> bytes:
        self._read += len(data)
        self.has_come = self._read >= self._length or not data
        return data

    def read(self, size: int = -1) -> bytes:
        return self._count(self._raw.read(size))

    def readline(self, size: int = -1) -> bytes:
        return self._count(self._raw.readline(size))

    def readlines(self, hint: int = -1) -> list[bytes]:
        return [self._count(line) for line in self._raw.readlines(hint)]

    def __iter__(self) -> Any:
        while line := self.readline():
            yield line


class _Watched:
    """One watched body, as a context manager: the body is watched from enter to exit."""

    def __init__(self, watch: "_Watch", connection: socket.socket, body: _Body, seconds: float) -> None:
        self.watch, self.connection, self.body = watch, connection, body
        self.began, self.seconds, self.is_slow = time.monotonic(), seconds, False

    def __enter__(self) -> None:
        self.watch.add(self)

    def __exit__(self, *_: object) -> None:
        self.watch.remove(self)

    def give_up(self) -> None:
        self.body.has_come = True
        with suppress(OSError):  # the client has closed the connection already
            self.connection.shutdown(socket.SHUT_RD)


class _Watch:
    """The thread that watches all bodies of a process. It starts with the first body, because threads do not survive gunicorn's fork."""

    def __init__(self) -> None:
        self._watched: set[_Watched] = set()
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None

    def watching(self, connection: socket.socket, body: _Body, seconds: float) -> _Watched:
        return _Watched(self, connection, body, seconds)

    def add(self, watched: _Watched) -> None:
        with self._changed:
            self._watched.add(watched)
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._look, daemon=True, name="bodies")
                self._thread.start()
            self._changed.notify()

    def remove(self, watched: _Watched) -> None:
        with self._changed:
            self._watched.discard(watched)

    def _look(self) -> None:
        while True:
            with self._changed:
                while not self._watched:
                    self._changed.wait()
                waited_for = [watched for watched in self._watched if not watched.body.has_come]
            now = time.monotonic()
            slow = sum(watched.is_slow for watched in waited_for)
            for watched in sorted(waited_for, key=lambda watched: watched.began):
                age = now - watched.began
                if age > GRACE and not watched.is_slow and slow < SLOW_AT_ONCE:
                    watched.is_slow = True
                    slow += 1
                if age > watched.seconds or (age > GRACE and not watched.is_slow):
                    watched.give_up()
            time.sleep(1 / LOOKS_A_SECOND)
