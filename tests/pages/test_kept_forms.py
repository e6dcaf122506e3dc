"""A session that ends while somebody works: what was typed is kept for them alone, and sent when they say so."""

import re

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from pages.common.field_words import words_of_field
from tests.installation import PASSWORD, Installation, PageClient, words
from tests.sql.shelf import shelf

TYPED = "Synthesis of <b>ether</b>"


def both(installation: Installation, username: str) -> tuple[PageClient, PageClient]:
    """One browser on two pages, check-out and sign-in: whoever signs in on one is signed in on the other."""
    return installation.page("checkout", username), installation.page("login", username)


def copy_cookie(source: FlaskClient, target: FlaskClient) -> None:
    cookie = source.get_cookie("chemtrack")
    if cookie:
        target.set_cookie("chemtrack", cookie.value)
    else:
        target.delete_cookie("chemtrack")


def soup(answer: TestResponse) -> BeautifulSoup:
    return BeautifulSoup(answer.text, "html.parser")


def fields(page: BeautifulSoup, form: str) -> dict[str, str]:
    found = page.select_one(form)
    assert found, page.text[:500]
    return {str(tag["name"]): str(tag.get("value", "")) for tag in found.select("input[name]")}


def filled(installation: Installation, checkout: PageClient) -> tuple[dict[str, str], int]:
    """The fields of a check-out that was filled in before its session ended, and the container that it takes from."""
    with shelf(installation) as on:
        bottle = on.add_container("500", "mL")
    page = checkout.soup(f"/checkout/curie?container={bottle}&amount=20&unit=mL")
    return fields(page, "form#basket") | {"lines-0-unit": "mL", "purpose": TYPED}, bottle


def sign_out(installation: Installation, checkout: PageClient) -> None:
    checkout.delete_cookie("chemtrack")


def sign_in(login: PageClient, kept: BeautifulSoup, username: str) -> TestResponse:
    """Fill in the sign-in form that stands in place of the page."""
    return login.post(
        "/login", data=fields(kept, "form:has([name=password])") | {"username": username, "password": PASSWORD}
    )


def left(installation: Installation, bottle: int) -> int | None:
    with shelf(installation) as on:
        amount = on.left(bottle)
    return None if amount is None else int(amount)


def test_what_was_typed_is_sent_after_signing_in_again(installation: Installation) -> None:
    checkout, login = both(installation, "ben")
    form, bottle = filled(installation, checkout)
    sign_out(installation, checkout)
    answer = checkout.post("/checkout/curie", data=form)
    assert answer.status_code == 401
    kept = soup(answer)
    assert "You were signed out" in kept.text
    copy_cookie(checkout, login)
    asked = sign_in(login, kept, "ben")
    assert (asked.status_code, left(installation, bottle)) == (200, 500)  # asked first, never sent unasked
    again = soup(asked)
    said = [words(one) for one in again.select("details dt, details dd")]
    assert dict(zip(said[::2], said[1::2], strict=True)) == {
        "Line 1: Amount": "20",
        "Line 1: Unit": "mL",
        "Purpose": TYPED,
    }
    copy_cookie(login, checkout)
    sent = fields(again, 'form[action="/checkout/curie"]')
    assert sent["key"] == form["key"]
    done = checkout.post("/checkout/curie", data=sent)
    assert (done.status_code, left(installation, bottle)) == (303, 480)
    assert checkout.post("/checkout/curie", data=sent).status_code == 303
    assert left(installation, bottle) == 480  # the form was sent twice with the same key, and counts once


@pytest.mark.parametrize(
    ("name", "called"),
    [
        ("lines-0-chemical-cas_number", "Line 1: CAS RN"), ("lines-12-pack-amount", "Line 13: Pack size"), ("lines-1-expires_on", "Line 2: Expires"),
        ("flash_point_celsius", "Flash point"), ("low_stock_amount-unit", "Unit of the reorder point"), ("amount-12", "Amount"),
        ("reason-31", "Reason"), ("right_container", "Right container"), ("order_number", "Order number"),
        *((name, "") for name in ("key", "next", "was", "lines-0-chemical_id", "lines-0-number", "reason-was-31", "version_id")),
    ],
)  # fmt: skip
def test_fields_are_called_by_words(name: str, called: str) -> None:
    assert words_of_field(name) == called


def test_a_wrong_password_keeps_what_was_typed(installation: Installation) -> None:
    checkout, login = both(installation, "ben")
    form, _ = filled(installation, checkout)
    sign_out(installation, checkout)
    kept = soup(checkout.post("/checkout/curie", data=form))
    copy_cookie(checkout, login)
    given = fields(kept, "form:has([name=password])")
    refused = login.post("/login", data=given | {"username": "ben", "password": "not this one"})
    assert refused.status_code == 401
    assert fields(soup(refused), "form:has([name=password])")["kept"] == given["kept"]
    assert TYPED in sign_in(login, soup(refused), "ben").text.replace("&lt;", "<").replace("&gt;", ">")


def test_nobody_else_gets_the_form(installation: Installation) -> None:
    checkout, login = both(installation, "ben")
    form, bottle = filled(installation, checkout)
    sign_out(installation, checkout)
    kept = soup(checkout.post("/checkout/curie", data=form))
    copy_cookie(checkout, login)
    answer = sign_in(login, kept, "ada")
    assert (answer.status_code, answer.location) == (302, "/")
    assert "Synthesis" not in answer.text
    copy_cookie(login, checkout)
    refused = checkout.post("/checkout/curie", data=form)  # the page that ben left open
    assert refused.status_code == 400
    assert "somebody else" in refused.text
    assert "Synthesis" not in refused.text
    assert left(installation, bottle) == 500


def test_a_form_from_before_a_new_sign_in_is_asked_about(installation: Installation) -> None:
    checkout, login = both(installation, "ben")
    form, bottle = filled(installation, checkout)
    login.submit("/logout", 'form[action="/logout"]')
    login.submit("/login", "form:has([name=password])", username="ben", password=PASSWORD, follow=False)
    copy_cookie(login, checkout)  # signed in again in another tab
    asked = checkout.post("/checkout/curie", data=form)
    assert (asked.status_code, left(installation, bottle)) == (409, 500)
    done = checkout.post("/checkout/curie", data=fields(soup(asked), 'form[action="/checkout/curie"]'))
    assert (done.status_code, left(installation, bottle)) == (303, 480)
    installation._cookies.pop("ben", None)  # its session has ended


def test_a_form_that_no_page_of_ours_has_made_is_not_kept(installation: Installation) -> None:
    checkout = installation.page("checkout")
    for token in ("", "forged", "IjEuYWJjIg.aaaa.bbbb"):
        answer = checkout.post("/checkout/curie", data={"csrf_token": token, "purpose": "planted"})
        assert answer.status_code == 401
        assert "kept" not in fields(soup(answer), "form:has([name=password])")
        assert "planted" not in answer.text
    login = installation.page("login")
    given = fields(login.soup("/login"), "form:has([name=password])")
    planted = login.post("/login", data=given | {"kept": "IjEi.x.y", "username": "ben", "password": PASSWORD})
    assert planted.status_code == 302


def test_a_password_is_never_kept(installation: Installation) -> None:
    login = installation.page("login", "ben")
    form = fields(login.soup("/account"), "form:has([name=new_password])")
    login.delete_cookie("chemtrack")
    answer = login.post("/account", data=form | {"new_password": "hunter2hunter2"})
    assert answer.status_code == 401
    assert "could not be kept" in answer.text
    assert "hunter2" not in answer.text


def test_a_part_of_a_page_says_that_the_session_ended_and_takes_the_new_token(installation: Installation) -> None:
    checkout, login = both(installation, "ben")
    form, _ = filled(installation, checkout)
    live = {"HX-Request": "true"}
    cookie = checkout.get_cookie("chemtrack")
    assert cookie
    sign_out(installation, checkout)
    for answer in (
        checkout.post("/checkout/curie/lines", data=form, headers=live),
        installation.page("chemicals").get("/chemicals/curie?q=ether", headers=live),
        installation.page("checkin").get("/checkin/curie/find?scan=ether", headers=live),
    ):
        assert (answer.status_code, answer.headers["HX-Retarget"]) == (401, "#ct-problem")
        assert "You were signed out. What you typed is still here" in answer.text
        assert "<html" not in answer.text
    login.submit("/logout", 'form[action="/logout"]')
    login.submit("/login", "form:has([name=password])", username="ben", password=PASSWORD, follow=False)
    installation._cookies.pop("ben", None)
    copy_cookie(login, checkout)
    again = checkout.post("/checkout/curie/lines", data=form, headers=live)
    assert again.status_code == 401
    [token] = re.findall(r'"ct-token": "([^"]+)"', again.headers["HX-Trigger"])
    assert checkout.post("/checkout/curie/lines", data=form | {"csrf_token": token}, headers=live).status_code == 200
