"""Signing in, in a browser."""

from playwright.sync_api import expect

from tests.browser.conftest import Browsers, accessibility_faults
from tests.installation import PASSWORD


def test_ada_signs_in_and_lands_where_she_wanted_to_go(browsers: Browsers) -> None:
    page = browsers(path="/account")
    assert "/login?next=" in page.url
    assert accessibility_faults(page) == []
    page.fill("[name=username]", "ada")
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("/account")
    assert accessibility_faults(page) == []


def test_the_sign_in_page_fits_a_phone_and_works_without_javascript(browsers: Browsers) -> None:
    page = browsers(path="/login?next=/account", phone=True, java_script_enabled=False)
    page.fill("[name=username]", "eve")
    page.fill("[name=password]", PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("/account")


def test_what_a_page_shows_is_removed_when_its_session_idles_out_without_a_connection(browsers: Browsers) -> None:
    page = browsers("ada", "/chemicals/curie")
    page.clock.install()
    page.reload(wait_until="networkidle")
    page.context.set_offline(True)
    page.clock.fast_forward("01:59:00")
    assert "Curie lab" in page.content()
    page.clock.fast_forward("00:02:00")
    expect(page.locator("body")).to_contain_text("You were signed out")
    assert page.inner_text("body").strip().startswith("ChemTrack\nYou were signed out")
    assert accessibility_faults(page) == []
    for word in ("Curie", "Ada", "data-row", "csrf_token"):
        assert word not in page.inner_text("body") + page.evaluate("document.body.innerHTML"), word
    page.context.set_offline(False)


def test_another_tab_of_the_browser_keeps_the_session_in_use(browsers: Browsers) -> None:
    page = browsers("ada", "/chemicals/curie")
    page.clock.install()
    page.reload()
    page.wait_for_load_state("networkidle")  # an answer that comes later would count as use of the session
    page.clock.fast_forward("01:59:00")
    used = "new BroadcastChannel('chemtrack-session').postMessage({user, until: Date.now() + 7.2e6, latest: Date.now() + 4e7})"
    page.evaluate(f"""() => new Promise(done => {{
      const {{user}} = JSON.parse(document.body.dataset.session);
      new BroadcastChannel('chemtrack-session').onmessage = done;  // after the channel of the page, which was there before
      {used}
    }})""")
    page.clock.fast_forward("01:59:00")
    assert "Curie lab" in page.content()
    page.clock.fast_forward("00:02:00")
    expect(page.locator("body")).not_to_contain_text("Curie lab")


def test_what_was_typed_before_the_session_idled_out_can_be_sent_after_signing_in(browsers: Browsers) -> None:
    page = browsers(path="/login?next=/reconcile/curie/locations/new")
    page.fill("[name=username]", "ada")
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_selector("[name=name]")  # the address of the sign-in page ends in the wanted address, too
    page.clock.install()
    page.goto("/reconcile/curie/locations/new")
    page.fill("[name=name]", "Cold room of the long lunch")
    browsers.installation.psql(
        "DELETE FROM control.sessions WHERE made_at = (SELECT max(made_at) FROM control.sessions)"
    )
    page.clock.fast_forward("02:01:00")
    expect(page.locator("body")).to_contain_text("You were signed out")
    assert "Cold room" not in page.inner_text("body")
    page.get_by_role("button", name="Sign in").click()
    page.fill("[name=username]", "ada")
    page.fill("[name=password]", PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name="Send it").click()
    expect(page.locator("#ct-toasts")).to_contain_text("Cold room of the long lunch is added")


def test_signing_out_in_one_tab_empties_all_also_where_the_server_cannot_be_reached(browsers: Browsers) -> None:
    page = browsers("eve", "/chemicals/hodgkin")
    other = page.context.new_page()
    other.goto("/account")
    page.context.route("**/logout", lambda route: route.abort())
    other.get_by_role("button", name="Sign out", exact=True).last.click()
    page.wait_for_selector("text=You were signed out")
    assert "Hodgkin" not in page.evaluate("document.body.innerHTML")
    expect(other.locator("html")).not_to_contain_text("Hodgkin")


def test_a_tab_of_the_user_before_is_emptied_when_somebody_else_signs_in(browsers: Browsers) -> None:
    page = browsers("ben", "/home/curie")
    other = page.context.new_page()
    cookie = browsers.installation.cookie("eve")
    page.context.add_cookies([{"name": "chemtrack", "value": cookie, "url": browsers.url}])
    other.goto("/home/hodgkin")
    page.wait_for_selector("text=You were signed out")
    assert "Curie" not in page.evaluate("document.body.innerHTML")
