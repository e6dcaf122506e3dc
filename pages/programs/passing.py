"""Passes a program's request on to the API, with the service token and the program's own; nothing else of the request is believed."""

import hashlib
import ipaddress
import math
import re
import time
from collections.abc import Callable, Iterator

import requests
from flask import Response, current_app, g, request
from limits import RateLimitItem, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

from pages.common.api import CONNECT, LONG_READ, Client, quoted
from pages.common.problems import Problem
from pages.programs.problems import BadToken, NoToken
from pages.programs.remembered import Remembered

TOKEN = re.compile(r"(?i:Bearer) +(chemtrack_[A-Za-z0-9_-]{43})")
PASSED_ON = ("Content-Type", "Idempotency-Key", "If-Match")
PASSED_BACK = (
    *("Content-Type", "Content-Disposition", "Content-Length", "Last-Modified"),
    *("Allow", "ETag", "Retry-After", "Idempotent-Replayed"),
)
REQUESTS = RateLimitItemPerMinute(120)
"""Of a token."""
UNKNOWN_TOKENS = RateLimitItemPerMinute(20, 15)
"""Of a network."""
KNOWN_FOR = 30 * 24 * 3600
"""Seconds for which an accepted token is spared that limit: as long as a program may pause. It is asked for again each time anyhow; only guesses
of strangers in its network do not keep it out."""
AWAY = "ChemTrack does not answer. Send it again in a moment; with the same Idempotency-Key nothing is done twice."


class Door:
    """Who may pass on how much, in this process."""

    def __init__(self, of_a_token: RateLimitItem = REQUESTS, clock: Callable[[], float] = time.monotonic) -> None:
        # Fixed windows, because MemoryStorage (limits 5.8) forgets their keys when they are over; those of moving windows it keeps for ever.
        self.counted, self.of_a_token = FixedWindowRateLimiter(MemoryStorage()), of_a_token
        self.known, self.refused = Remembered(KNOWN_FOR, clock), Remembered(UNKNOWN_TOKENS.get_expiry(), clock)

    def check(self, token: str, network: str) -> None:
        """Raises a Problem where this token may not ask now. Tokens and networks are hashes and texts, never stored anywhere else."""
        if token in self.refused:
            # The API does not hear of it again: a program that goes on with a revoked token must not use up what its network has.
            raise BadToken
        if token not in self.known and not self.counted.test(UNKNOWN_TOKENS, network):
            raise self._too_many(UNKNOWN_TOKENS, network, "Too many unknown access tokens came from your network.")
        if not self.counted.hit(self.of_a_token, token):
            sentence = f"An access token has {self.of_a_token.amount} requests a {self.of_a_token.GRANULARITY.name}."
            raise self._too_many(self.of_a_token, token, sentence)

    def learn(self, token: str, network: str, accepted: bool) -> None:
        """Remembers what the API said of the token."""
        if accepted:
            self.known.add(token)
        else:
            self.refused.add(token)
            self.counted.hit(UNKNOWN_TOKENS, network)

    def _too_many(self, limit: RateLimitItem, key: str, sentence: str) -> Problem:
        wait = max(1, math.ceil(self.counted.get_window_stats(limit, key).reset_time - time.time()))
        return Problem(429, "Too many requests", f"{sentence} Try again in {wait} seconds.", retry_after=wait)


def network_of(address: str | None) -> str:
    """The /24 of IPv4 or /64 of IPv6, about what one line or building has; all else counts as one network."""
    try:
        found = ipaddress.ip_address(address or "")
    except ValueError:
        return "unreadable"
    return str(ipaddress.ip_network(f"{found}/{24 if found.version == 4 else 64}", strict=False))


def pass_on(client: Client, door: Door, path: str) -> Response:
    """The API's answer to this request, at its own `path`."""
    found = TOKEN.fullmatch(request.headers.get("Authorization", ""))
    if not found:
        raise NoToken
    token = hashlib.sha256(found[1].encode()).hexdigest()
    network = network_of(request.remote_addr)
    door.check(token, network)
    headers = {name: request.headers[name] for name in PASSED_ON if name in request.headers}
    headers |= {
        "Authorization": f"Bearer {found[1]}",
        "X-Chemtrack-Client": request.remote_addr or "",
        "X-Request-Id": g.request_id,
    }
    try:
        answer = client.session.request(
            request.method,
            client.url + quoted(path),
            params=list(request.args.items(multi=True)),
            data=request.get_data(cache=False) or None,
            headers=headers,
            timeout=(CONNECT, LONG_READ),
            stream=True,
            allow_redirects=False,
        )
    except requests.RequestException as error:
        current_app.logger.warning("the API does not answer: %s", type(error).__name__)
        raise Problem(503, "Not available", AWAY, retry_after=2) from error
    door.learn(token, network, answer.status_code != 401)
    if answer.status_code == 401:
        answer.close()
        raise BadToken

    def chunks() -> Iterator[bytes]:
        with answer:
            yield from answer.iter_content(64 * 1024)

    response = Response(chunks(), answer.status_code)
    del response.headers["Content-Type"]
    for name in PASSED_BACK:
        # requests unpacks gzip, so that its length would be wrong
        if name in answer.headers and not (name == "Content-Length" and "Content-Encoding" in answer.headers):
            response.headers[name] = answer.headers[name]
    return response
