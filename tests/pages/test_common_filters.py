"""How figures, days and formulas are written."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from flask import Flask, g

from pages.common import filters
from pages.common.login import Lab, Member
from tests.pages.sample_page import sample_page


@pytest.fixture(scope="module")
def app() -> Flask:
    return sample_page()


@pytest.mark.parametrize(
    ("given", "written"),
    [
        ("480", "480"),
        ("2.50", "2.50"),
        ("1E+3", "1000"),
        (Decimal("1E-7"), "0.0000001"),
        ("-40", "−40"),
        (0, "0"),
        (None, ""),
        ("about 5", "about 5"),
        ("NaN", "NaN"),
    ],
)
def test_a_number_keeps_its_digits_and_has_no_exponent(given: object, written: str) -> None:
    assert filters.number(given) == written


def test_a_count_of_things_is_grouped_and_has_its_plural() -> None:
    assert filters.grouped(4100) == "4,100"
    assert filters.things(1, "container") == "1 container"
    assert filters.things(1200, "box", "boxes") == "1,200 boxes"


@pytest.mark.parametrize(
    ("given", "written"),
    [
        ("C4H8O", "C<sub>4</sub>H<sub>8</sub>O"),
        ("Ca(OH)2", "Ca(OH)<sub>2</sub>"),
        ("CuSO4·5H2O", "CuSO<sub>4</sub>·5H<sub>2</sub>O"),
        ("SO4^2-", "SO<sub>4</sub><sup>2−</sup>"),
        ("<b>H2", "&lt;b&gt;H<sub>2</sub>"),
        ("'\"&", "&#39;&#34;&amp;"),
        (None, ""),
    ],
)
def test_a_formula_is_set_low_and_escaped(given: str | None, written: str) -> None:
    assert filters.formula(given) == written


def test_further_attributes_are_escaped_and_false_ones_left_out() -> None:
    given: dict[str, object] = {
        "autofocus": True,
        "required": False,
        "list": None,
        "placeholder": '"><b>',
        "hx-get": "/a",
    }
    assert filters.attributes(given) == ' autofocus placeholder="&#34;&gt;&lt;b&gt;" hx-get="/a"'


def test_days_and_times_are_those_of_the_lab(app: Flask) -> None:
    with app.test_request_context("/checkout/hodgkin"):
        g.member = Member(Lab(2, "hodgkin", "Hodgkin lab", "viewer", "America/New_York"), 4, "eve", "Eve Tanaka")
        at = "2025-11-19T02:04:12+00:00"
        assert filters.moment(at) == "18 Nov 25, 21:04"
        assert filters.clock(at) == "21:04"
        assert filters.long_day(at) == "18 November 2025"
        assert filters.day("2025-09-12") == "12 Sep 25"


def test_a_time_zone_that_is_not_known_does_no_harm(app: Flask) -> None:
    with app.test_request_context("/checkout/hodgkin"):
        g.member = Member(Lab(2, "hodgkin", "Hodgkin lab", "viewer", "Mars/Olympus"), 4, "eve", "Eve Tanaka")
        assert filters.clock("2025-11-19T02:04:12Z") == "02:04"


@pytest.mark.parametrize(
    ("days", "relative", "since"),
    [
        (0, "today", "since today"),
        (1, "tomorrow", None),
        (12, "in 12 days", None),
        (1200, "in 1,200 days", None),
        (-1, "yesterday", "since yesterday"),
        (-3, "3 days ago", None),
    ],
)
def test_days_are_told_from_today(app: Flask, days: int, relative: str, since: str | None) -> None:
    with app.test_request_context("/"):
        when = (filters.today() + timedelta(days=days)).isoformat()
        assert filters.relative(when) == relative
        if since:
            assert filters.since(when) == since


def test_recent_times_are_written_in_short_words(app: Flask) -> None:
    with app.test_request_context("/"):
        now = datetime.now(UTC)
        assert filters.recent(now.isoformat()) == f"today, {now:%H:%M}"
        assert filters.recent((now - timedelta(days=1)).isoformat()) == "yesterday"
        assert filters.recent((now - timedelta(days=3)).isoformat()) == f"{now - timedelta(days=3):%a}"
        assert filters.since((now - timedelta(days=3)).isoformat()) == f"since {now - timedelta(days=3):%a}"
        assert filters.recent(date(2001, 2, 3)) == "3 February 2001"


@pytest.mark.parametrize("given", [None, "", "soon", 7, "2025-13-45", "0000-00-00"])
def test_what_is_no_day_is_written_as_nothing(app: Flask, given: object) -> None:
    with app.test_request_context("/"):
        for write in (filters.day, filters.long_day, filters.clock, filters.moment, filters.recent, filters.relative):
            assert write(given) == ""
