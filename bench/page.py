"""The list of chemicals as a page: its view through gunicorn beside the call of the API that it is made of."""

import json
import urllib.request
from collections.abc import Iterator, Mapping

from bench.load import Ask, in_turn, wrk
from bench.result import Result, middle
from bench.stand import SMALL, TOGETHER, Service, Stand, token_of
from pages.chemicals.page import create_app
from pages.common.config import PageSettings
from pages.common.login import sign_in

SECONDS, ROUNDS = 4, 7


def ask(url: str, **headers: str) -> tuple[Mapping[str, str], bytes]:
    """GET: the headers of the answer, and its body."""
    with urllib.request.urlopen(urllib.request.Request(url, headers=headers)) as answer:  # noqa: S310  # our own services
        return answer.headers, answer.read()


def cookie_of(stand: Stand, api: Service, page: Service, lab: str) -> str:
    """The cookie of the lab's manager: made as the page Login makes it from the API's answer, and as the first view leaves it."""
    token = {"X-Chemtrack-Service": stand.service_token, "Authorization": f"Bearer {token_of(lab)}"}
    _, visit = ask(f"{api.url}/sessions/current", **token)
    app = create_app(
        PageSettings(
            api_url=api.url, service_token=stand.service_token, cookie_key=stand.service_token, cookie_secure=False
        )
    )
    with app.test_request_context() as context:
        sign_in(json.loads(visit) | {"token": token_of(lab)})
        answer = app.make_response("")
        app.session_interface.save_session(app, context.session, answer)
    viewed, _ = ask(f"{page.url}/chemicals/{lab}", Cookie=answer.headers["Set-Cookie"].split(";")[0])
    return viewed["Set-Cookie"].split(";")[0]


def measure(stand: Stand) -> Iterator[Result]:
    """The median time of a view of the page, and of the API's call in it."""
    database, lab = stand.prepare(TOGETHER), SMALL.slugs[0]
    view, call = Ask(lab, "", of="chemicals"), Ask(lab, "/chemicals", [("facets", True)])
    with stand.api(database) as api, stand.page("chemicals", api) as page:
        cookie = cookie_of(stand, api, page, lab)
        wrk(stand, page.url, [view], 1, connections=1, cookie=cookie)
        views, calls = in_turn(
            ROUNDS,
            lambda: wrk(stand, page.url, [view], SECONDS, connections=1, cookie=cookie),
            lambda: wrk(stand, api.url, [call], SECONDS, connections=1),
        )
    yield Result(
        "view of a page of 50 chemicals, 1 connection", "the API's call that it makes",
        middle([one.p50 / other.p50 for one, other in zip(views, calls, strict=True)]), "at most", 2.5,
        detail=f"{middle([load.p50 for load in views]):.1f} ms beside {middle([load.p50 for load in calls]):.1f} ms",
    )  # fmt: skip
