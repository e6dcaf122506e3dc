"""A sample page for the tests of pages.common: it shows every macro, and has a route for every error that a page can meet."""

from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Blueprint, Flask, g, jsonify, redirect, render_template_string, request
from flask.testing import FlaskClient
from werkzeug.wrappers import Response

from pages.common import api, login
from pages.common.app import create_page, public, toast
from pages.common.config import PageSettings
from pages.common.problems import Problem

NOWHERE = "http://127.0.0.1:9"  # an address where nothing answers
TOKEN = "the-token-of-the-session"
LABS = [
    {"id": 1, "slug": "curie", "name": "Curie lab", "role": "manager"},
    {"id": 2, "slug": "hodgkin", "name": "Hodgkin lab", "role": "viewer"},
]
PARTS = """
{% extends "base.html" %}
{% import "macros.html" as ui %}
{% block title %}Parts{% endblock %}
{% block scripts %}{{ ui.plot_scripts() }}{% endblock %}
{% block main %}
{% call ui.head("Parts", "Each once.", [("Chemicals", path('chemicals'))]) %}<a class="btn" href="#">Act</a>{% endcall %}
<form method="post" hx-post="/checkout/curie/scans" hx-target="#answer">{{ ui.form_start() }}{{ ui.scan("Scan a container") }}
{{ ui.scan_state() }}</form><div id="answer"></div><button id="refused" hx-get="/checkout/curie/fail/409">Ask</button>
<a id="dispose" href="/checkout/curie/dispose" data-dialog>Dispose of…</a>
<table class="ct-table"><thead><tr><th><input type="checkbox" data-choose-all aria-label="All"></th><th>Name</th></tr></thead><tbody>
{% for name in ['Acetone', 'Benzene', 'Chloroform'] %}<tr data-row><td><input type="checkbox" aria-label="Choose {{ name }}"></td>
<td><a class="name" href="#{{ name }}">{{ name }}</a></td></tr>{% endfor %}</tbody></table>
<div class="ct-act" data-chosen-bar><b data-chosen-count></b> chosen</div>
{{ ui.hazards(['GHS02', 'GHS05', 'GHS06', 'GHS07', 'GHS09'], 'Danger') }}{{ ui.hazards(none) }}
{{ ui.hazards([]) }}{{ ui.hazards([], loading=True) }}{{ ui.hazards_large(['GHS02'], 'Danger') }}
{{ ui.hazards_large(none) }}{{ ui.badge('Low', 'warn', 'alert') }}{{ ui.chip('Hazard', 'Flammable', '#') }}
{{ ui.amt('480', 'mL') }}{{ ui.amt(none, 'g') }}{{ ui.signed('-40', 'mL') }}{{ ui.signed('120', 'g') }}{{ ui.kind('receive') }}
{{ ui.level(40) }}{{ ui.bar(40, 10, label='40 %') }}{{ ui.pager(none, '#', 'Acetone to Zinc') }}{{ ui.count('disposal', 3, hot=True) }}
{{ ui.plot('moves', {'type': 'bar', 'labels': ["it's"], 'sets': [{'label': 'Out', 'data': [1]}]}, 'Rising') }}
{% call ui.note('warn') %}Look.{% endcall %}{% call ui.empty('flask', 'Nothing yet') %}{{ ui.door('#', 'in', 'Receive', 'a box') }}{% endcall %}
<form method="post" id="fields">{{ ui.form_start() }}
{{ ui.field('cas', 'CAS RN', '<b>109-99-8', errors, maxlength=12, required=True, autofocus=False) }}
{{ ui.field('density', 'Density', none, errors, 'For volumes.', optional=True, unit='g/mL') }}
{{ ui.amount('lines-0-amount', 'Amount', '1,5', 'mg', ['g', 'mg'], errors) }}
{{ ui.choose('location', 'Location', [(1, 'Room 2.14'), (2, 'Room 2.16')], 2, errors, blank='Anywhere') }}
{{ ui.area('why', 'Why', 'a<b', errors) }}{{ ui.check('back', 'I will bring some back', True) }}
{% call ui.act('250 mL leaves.') %}{{ ui.button('Check out', 'Checking out…') }}{% endcall %}</form>
{% call ui.confirm('Dispose of 120 mL?', '#', 'Dispose of 120 mL', '#', {'id': 7}) %}<p>It leaves the stock.</p>{% endcall %}
{% endblock %}
"""

DISPOSE = """
{% extends "base.html" %}{% import "macros.html" as ui %}{% block title %}Dispose{% endblock %}{% block main %}
{% call ui.confirm('Dispose of 120 mL of Bromine?', '/checkout/curie', 'Dispose of 120 mL', path('checkout')) %}
<p>It leaves the stock of Curie lab.</p>{% endcall %}{% endblock %}
"""


def sample_page(api_url: str = NOWHERE, secure: bool = False) -> Flask:
    """The page `checkout`, with settings of its own and no database behind it."""
    blueprint = Blueprint("checkout", __name__)

    @blueprint.get("/checkout/sign-in")
    @public
    def enter() -> Response:
        labs = LABS if request.args.get("labs") != "none" else []
        expires = datetime.now(UTC) + timedelta(seconds=float(request.args.get("seconds", 3600)))
        user = {"id": 3, "username": "ada", "name": "Ada Lind"}
        issued = {
            "token": TOKEN,
            "expires_at": expires.isoformat(),
            "idle_seconds": 7200,
            "user": user,
            "labs": labs,
            "administrator": not labs,
        }
        login.sign_in(issued)  # type: ignore[arg-type]  # as much of an answer as a session keeps
        return redirect("/checkout/curie")

    @blueprint.get("/checkout/<lab>")
    def parts(lab: str) -> str:
        if "toast" in request.args:
            toast("250 mL checked out", undo="/checkout/curie/undo", ids="4,5")
        return render_template_string(PARTS, errors={"/cas": "Its check digit is 9.", "/lines/0/amount": "1.5"})

    @blueprint.post("/checkout/<lab>/scans")
    def scanned(lab: str) -> str:
        said = '<p data-sound="{{ sound }}">{{ request.form.scan }}</p>'
        return render_template_string(said, sound="miss" if "UNKNOWN" in request.form["scan"] else "hit")

    @blueprint.get("/checkout/<lab>/dispose")
    def dispose(lab: str) -> str:
        return render_template_string(DISPOSE)

    @blueprint.post("/checkout/<lab>")
    def take(lab: str) -> Any:
        return jsonify(api.post(f"/labs/{lab}/check-outs", {"lines": []}, key=request.form.get("key")))

    @blueprint.get("/checkout/<lab>/fail/<int:status>")
    def fail(lab: str, status: int) -> str:
        raise Problem(status, "A title", "A sentence of the API.", [{"pointer": "/x", "detail": "Of a field."}])

    @blueprint.get("/checkout/<lab>/broken")
    def broken(lab: str) -> str:
        raise RuntimeError("something unforeseen")

    @blueprint.get("/checkout/<lab>/ask/<path:what>")
    def ask(lab: str, what: str) -> Any:
        answer = api.get(f"/{what}", **request.args.to_dict(flat=False))
        return jsonify(answer=answer, role=g.member.role if "member" in g else None)

    @blueprint.get("/checkout/<lab>/download")
    def download(lab: str) -> Any:
        return api.stream(f"/labs/{lab}/export.csv")

    settings = PageSettings(api_url=api_url, service_token="s" * 20, cookie_key="k" * 20, cookie_secure=secure)
    return create_page(blueprint, settings)


def signed_in(app: Flask, **query: object) -> FlaskClient:
    """A browser in which Ada is signed in."""
    client = app.test_client()
    client.get(
        "/checkout/sign-in", query_string=query, base_url="https://chemtrack.example" if query.get("https") else None
    )
    return client


def token_of(client: FlaskClient) -> str:
    """The CSRF token of the page."""
    text = client.get("/checkout/curie").text
    return text.split('name="csrf_token" value="')[1].split('"')[0]
