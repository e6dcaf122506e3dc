"""The only HTTP client: calls the API for the one who is signed in.

    from pages.common import api
    page = api.get(f"/labs/{lab}/chemicals", q="acet", after=cursor)     # None is left out, a list is repeated
    made = api.post(f"/labs/{lab}/chemicals", {"name": …}, key=request.form.get("key"))
    return api.stream(f"/labs/{lab}/history.csv")                        # a download, passed on as it comes

Paths are written plainly: this module quotes them, and refuses what would leave the path (`..`, `?`, `//`).
Each call raises Problem when the API refuses and Unreachable when it does not answer.
"""

import base64
import json as jsonlib
import re
from collections.abc import Iterator
from http.cookiejar import DefaultCookiePolicy
from typing import IO, Any
from urllib.parse import quote

import requests
from flask import Flask, Response, current_app, g, request
from flask_login import current_user
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

from pages.common.config import PageSettings
from pages.common.login import Member
from pages.common.problems import Problem, Unreachable

CONNECT, READ, LONG_READ = 3, 30, 300  # seconds; LONG_READ for uploads and downloads
PASSED_ON = ("Content-Type", "Content-Disposition", "Content-Length", "Last-Modified", "ETag")
KEY = re.compile(r"[0-9A-Za-z-]{8,64}")
NOT_IN_A_PATH = re.compile(r"//|[\\?#\x00-\x1f\x7f]|(^|/)\.{1,2}(/|$)")


class Client:
    """One session with keep-alive for all threads of a page. Keeps no cookies and reads no proxy or .netrc."""

    def __init__(self, settings: PageSettings) -> None:
        self.url = str(settings.api_url).rstrip("/")
        self.session = requests.Session()
        self.session.trust_env = False  # a .netrc would replace our Authorization
        self.session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        self.session.headers.update(
            {"X-Chemtrack-Service": settings.service_token.get_secret_value(), "Accept": "application/json"}
        )
        # Only a GET may be sent again: any other request may have been carried out although no answer came.
        retry = Retry(
            total=2,
            read=1,  # such as a kept connection that the API closed just now
            status=1,
            allowed_methods={"GET"},
            status_forcelist={502, 503, 504},
            backoff_factor=0.1,
            raise_on_status=False,
            respect_retry_after_header=False,  # a person is waiting for the page
        )
        adapter = HTTPAdapter(max_retries=retry, pool_connections=2, pool_maxsize=32)
        self.session.mount("http://", adapter)
        self.session.mount("https://", adapter)

    def call(
        self,
        method: str,
        path: str,
        *,
        params: dict[str, Any] | None = None,
        json: Any = None,
        data: dict[str, Any] | None = None,
        files: Any = None,
        key: str | None = None,
        read: float = READ,
        stream: bool = False,
        have: str = "",
    ) -> requests.Response:
        """Send one request and return the answer if it is a success."""
        try:
            answer = self.session.request(
                method,
                self.url + quoted(path),
                params=params,
                json=json,
                data=data,
                files=files,
                headers=_headers(key) | ({"If-None-Match": have} if have else {}),
                timeout=(CONNECT, read),
                stream=stream,
                allow_redirects=False,
            )
        except requests.RequestException as error:
            current_app.logger.warning("the API does not answer: %s", type(error).__name__)
            raise Unreachable from error
        _learn_member(answer)
        if not answer.ok or answer.is_redirect:
            raise _problem(answer)
        return answer


def quoted(path: str) -> str:
    """Quote a plain path. Raises Problem 404 for a path that would leave the API's address."""
    if not path.startswith("/") or NOT_IN_A_PATH.search(path):
        raise Problem(404, "There is nothing here")
    return quote(path, safe="/-._~:@,+")


def _headers(key: str | None) -> dict[str, str]:
    headers = {"X-Request-Id": g.get("request_id", ""), "X-Chemtrack-Client": request.remote_addr or ""}
    if current_user and current_user.is_authenticated:
        headers["Authorization"] = f"Bearer {current_user.token}"
    if key is not None:
        if not KEY.fullmatch(key):
            raise Problem(
                400, "This form is not whole", "It was changed on its way. Nothing has changed: open it again."
            )
        headers["Idempotency-Key"] = key
    return headers


def _learn_member(answer: requests.Response) -> None:
    """Put the member (user, lab and role) that the API has just looked up on `g.member`; the cookie may be out of date."""
    header = answer.headers.get("X-Chemtrack-Member")
    if not header:
        return
    try:
        text = base64.urlsafe_b64decode(header + "=" * (-len(header) % 4))
        g.member = Member.from_api(jsonlib.loads(text))
    except (ValueError, KeyError, TypeError):
        current_app.logger.error("api: X-Chemtrack-Member cannot be read")


def _problem(answer: requests.Response) -> Problem:
    """Read problem details. Any other answer, such as a load balancer's error page, becomes a general sentence."""
    try:
        body = answer.json()
    except ValueError:
        body = None
    finally:
        answer.close()
    if not isinstance(body, dict) or "title" not in body:
        return Unreachable() if answer.status_code in (502, 503, 504) else _not_understood()
    retry_after = answer.headers.get("Retry-After", "")
    errors = body.get("errors")
    return Problem(
        answer.status_code,
        str(body["title"]),
        str(body.get("detail") or ""),
        [error for error in errors if isinstance(error, dict)] if isinstance(errors, list) else [],
        int(retry_after) if retry_after.isdigit() else None,
        {name: value for name, value in body.items() if name not in ("type", "title", "status", "detail", "errors")},
    )


def _not_understood() -> Problem:
    return Problem(502, "The API's answer was not understood")


def _client() -> Client:
    client: Client = current_app.extensions["chemtrack-api"]
    return client


def _body(answer: requests.Response) -> Any:
    if answer.status_code == 204 or not answer.content:
        return None
    try:
        return answer.json()
    except ValueError as error:
        raise _not_understood() from error


def get(path: str, /, **params: Any) -> Any:
    """GET and return the JSON."""
    return _body(_client().call("GET", path, params=params))


def post(path: str, /, json: Any = None, key: str | None = None) -> Any:
    """POST and return the JSON, None for 204. `key` is the form's hidden field, so that sending a form twice acts once."""
    return _body(_client().call("POST", path, json={} if json is None else json, key=key))


def put(path: str, /, json: Any = None, key: str | None = None, patient: bool = False) -> Any:
    """PUT and return the JSON, None for 204. `patient` where the answer takes long."""
    return _body(_client().call("PUT", path, json=json, key=key, read=LONG_READ if patient else READ))


def patch(path: str, /, json: Any = None, key: str | None = None) -> Any:
    """PATCH and return the JSON, None for 204."""
    return _body(_client().call("PATCH", path, json=json, key=key))


def delete(path: str, /, json: Any = None, key: str | None = None) -> Any:
    """DELETE and return the JSON, None for 204."""
    return _body(_client().call("DELETE", path, json=json, key=key))


def upload(path: str, /, file: IO[bytes], filename: str, key: str | None = None, **fields: str) -> Any:
    """POST a file as multipart/form-data under the name `file`, with further text fields, and return the JSON."""
    files = {"file": (filename, file, "application/octet-stream")}
    return _body(_client().call("POST", path, data=fields, files=files, key=key, read=LONG_READ))


def stream(path: str, /, *, json: Any = None, have: str = "", **params: Any) -> Response:
    """Pass a download on to the browser as it comes, with its name and type. With `json` it is a POST; `have` is the ETag of what the browser
    has of it: if that is still right, the answer is 304 and empty."""
    method = "GET" if json is None else "POST"
    answer = _client().call(method, path, params=params, json=json, have=have, read=LONG_READ, stream=True)

    def chunks() -> Iterator[bytes]:
        with answer:
            yield from answer.iter_content(64 * 1024)

    response = Response(chunks(), status=answer.status_code)
    for name in PASSED_ON:
        # requests unpacks gzip, so that its length would be wrong
        if name in answer.headers and not (name == "Content-Length" and "Content-Encoding" in answer.headers):
            response.headers[name] = answer.headers[name]
    return response


def init_app(app: Flask, settings: PageSettings) -> None:
    """Give the app its client; connections are opened on first use."""
    app.extensions["chemtrack-api"] = Client(settings)
