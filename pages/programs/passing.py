"""Passes a program's request on to the API, with the service token and the program's own; nothing else of the request is believed."""

import hashlib
import ipaddress
import re
from collections.abc import Iterator

import requests
from flask import Response, current_app, g, request

from pages.common.api import CONNECT, LONG_READ, Client, quoted
from pages.common.problems import Problem
from pages.programs.allowance import Allowance, Remembered
from pages.programs.problems import BadToken, NoToken

TOKEN = re.compile(r"(?i:Bearer) +(chemtrack_[A-Za-z0-9_-]{43})")
PASSED_ON = ("Content-Type", "Idempotency-Key")
PASSED_BACK = (
    *("Content-Type", "Content-Disposition", "Content-Length", "Last-Modified"),
    *("Allow", "Retry-After", "Idempotent-Replayed"),
)
REQUESTS_A_MINUTE = 120
UNKNOWN_TOKENS, UNKNOWN_SECONDS = 20, 900
AWAY = "ChemTrack does not answer. Send it again in a moment; with the same Idempotency-Key nothing is done twice."


class Door:
    """Who may pass on how much, in this process."""

    def __init__(self) -> None:
        self.requests = Allowance(REQUESTS_A_MINUTE, 60)
        self.strangers = Allowance(UNKNOWN_TOKENS, UNKNOWN_SECONDS)
        self.known, self.refused = Remembered(UNKNOWN_SECONDS), Remembered(UNKNOWN_SECONDS)

    def check(self, token: str, network: str) -> None:
        """Raises a Problem where this token may not ask now. Tokens and networks are hashes and texts, never stored anywhere else."""
        if token in self.refused:
            # The API does not hear of it again: a program that goes on with a revoked token must not use up what its network has.
            raise BadToken
        if token not in self.known and (wait := self.strangers.wait(network)):
            raise _too_many(wait, "Too many unknown access tokens came from your network.")
        if wait := self.requests.take(token):
            raise _too_many(wait, f"An access token has {REQUESTS_A_MINUTE} requests a minute.")

    def learn(self, token: str, network: str, accepted: bool) -> None:
        """Remembers what the API said of the token."""
        if accepted:
            self.known.add(token)
        else:
            self.refused.add(token)
            self.strangers.take(network)


def _too_many(wait: int, sentence: str) -> Problem:
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
