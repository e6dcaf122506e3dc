"""What the scripts of every page do: scanner, keys, dialogs, busy buttons, theme. On a sample page, without a database."""

import threading
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Route, expect
from werkzeug.serving import make_server

from tests.browser.conftest import DESKTOP, PHONE, accessibility_faults, fits, new_context
from tests.browser.scanner import type_by_hand
from tests.pages.sample_page import sample_page


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    server = make_server("127.0.0.1", 0, sample_page(), threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


def opened(chromium: Browser, address: str, path: str = "/checkout/curie", **options: object) -> Page:
    """Ada's browser on the sample page."""
    page = new_context(chromium, address, **options).new_page()
    page.goto("/checkout/sign-in")
    page.goto(path)
    return page


@pytest.fixture
def page(chromium: Browser, address: str) -> Iterator[Page]:
    made = opened(chromium, address)
    yield made
    made.context.close()


TYPE_AS_A_SCANNER = """code => {
  const field = document.activeElement, editable = field.matches('input, textarea');
  const press = key => field.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
  for (const letter of code) if (press(letter) && editable) field.value += letter;
  press('Enter');
}"""


def scan(page: Page, code: str) -> None:
    """Type as a scanner does, one key after the other, then Enter; as fast as a scanner, however busy this machine is."""
    page.evaluate(TYPE_AS_A_SCANNER, code)


def press(page: Page, key: str) -> None:
    """Press a key as a person does: so long after the key before that it cannot be a scanner's."""
    page.wait_for_timeout(150)
    page.keyboard.press(key)


def leave_fields(page: Page) -> None:
    page.evaluate("document.activeElement.blur()")


EDGE = """() => {
  window.edge = new Promise(done => new MutationObserver(() => {
    const scan = document.querySelector('.ct-scan.hit, .ct-scan.miss');
    if (scan) done(scan.classList.contains('hit') ? 'hit' : 'miss');
  }).observe(document, { subtree: true, attributes: true, childList: true }));
}"""
"""Notes the colour that the edge of the scan field takes for a moment."""


def test_a_scan_into_another_field_is_taken_out_and_goes_to_the_scan_field(page: Page) -> None:
    page.evaluate(EDGE)
    page.fill("#why", "as it was")
    page.focus("#why")
    scan(page, "CT-00A7F2")
    expect(page.locator("#answer")).to_have_text("CT-00A7F2")
    expect(page.locator("#why")).to_have_value("as it was")
    expect(page.locator("#scan")).to_be_focused()
    expect(page.locator("#scan")).to_have_value("")
    assert page.evaluate("edge") == "hit"


def test_a_scan_outside_of_any_field_presses_no_shortcut(page: Page) -> None:
    leave_fields(page)
    scan(page, "gcjx0001")
    expect(page.locator("#answer")).to_have_text("gcjx0001")
    assert page.url.endswith("/checkout/curie")


def test_an_unknown_code_colours_the_edge(page: Page) -> None:
    page.evaluate(EDGE)
    leave_fields(page)
    scan(page, "UNKNOWN-1")
    assert page.evaluate("edge") == "miss"


def test_what_a_person_types_stays_where_it_is_typed(page: Page) -> None:
    page.fill("#why", "")
    page.locator("#why").press_sequentially("typed by hand", delay=90)
    assert page.input_value("#why") == "typed by hand"


def test_on_a_page_without_a_scan_field_a_scan_is_a_search(chromium: Browser, address: str) -> None:
    page = opened(chromium, address, "/checkout/curie/fail/409")
    scan(page, "CT-00A7F2")
    page.wait_for_url("**/chemicals/curie?q=CT-00A7F2")
    page.context.close()


def test_single_keys(page: Page) -> None:
    leave_fields(page)
    press(page, "/")
    expect(page.locator("#q")).to_be_focused()
    leave_fields(page)
    press(page, "j")
    expect(page.get_by_role("link", name="Acetone")).to_be_focused()
    press(page, "j")
    expect(page.get_by_role("link", name="Benzene")).to_be_focused()
    press(page, "x")
    expect(page.get_by_label("Choose Benzene")).to_be_checked()
    press(page, "k")
    expect(page.get_by_role("link", name="Acetone")).to_be_focused()
    press(page, "Escape")
    expect(page.locator("#scan")).to_be_focused()
    leave_fields(page)
    press(page, "?")
    expect(page.locator("#ct-keys")).to_be_visible()
    press(page, "Escape")
    leave_fields(page)
    type_by_hand(page, "gc")
    page.wait_for_url("**/chemicals/curie")


def test_choosing_rows_shows_the_bar(page: Page) -> None:
    expect(page.locator("[data-chosen-bar]")).to_be_hidden()
    page.check("[data-choose-all]")
    expect(page.locator("[data-chosen-bar]")).to_have_text("3 chosen")
    page.get_by_label("Choose Benzene").uncheck()
    expect(page.locator("[data-chosen-count]")).to_have_text("2")


def test_a_question_is_asked_in_a_dialog_and_can_be_left(page: Page) -> None:
    page.click("#dispose")
    dialog = page.get_by_role("dialog", name="Dispose of 120 mL of Bromine?")
    expect(dialog).to_be_visible()
    assert accessibility_faults(page) == []
    dialog.get_by_text("Keep it").click()
    expect(dialog).to_have_count(0)
    assert page.url.endswith("/checkout/curie")


def test_no_test_runs_ahead_of_the_scripts_of_a_page(page: Page) -> None:
    def slowly(route: Route) -> None:
        time.sleep(1)
        route.continue_()

    page.route("**/main.js*", slowly)
    page.goto("/checkout/curie", wait_until="commit")
    page.click("#dispose")
    expect(page.get_by_role("dialog", name="Dispose of 120 mL of Bromine?")).to_be_visible()


def test_a_refusal_for_htmx_is_said_at_the_top(page: Page) -> None:
    page.click("#refused")
    expect(page.locator("#ct-problem")).to_contain_text("A sentence of the API.")


def test_a_button_is_busy_until_the_answer_and_sends_once(page: Page) -> None:
    sent = []
    page.on("request", lambda request: sent.append(request) if request.method == "POST" else None)
    page.route("**/checkout/curie", lambda route: route.fulfill(status=204))  # the browser stays on its page
    button = page.locator("#fields [data-busy]")
    button.click()
    expect(button).to_have_text("Checking out…")
    expect(button).to_have_attribute("aria-busy", "true")
    button.click()
    page.wait_for_timeout(200)
    assert len(sent) == 1


def test_the_first_bad_field_has_the_focus(page: Page) -> None:
    expect(page.locator("#cas")).to_be_focused()


def test_the_theme_changes_without_leaving_the_page(page: Page) -> None:
    page.fill("#why", "half filled in")
    page.route("**/login/theme", lambda route: route.fulfill(status=204))
    page.click(".ct-top [data-theme-form] button")
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    expect(page.locator("#why")).to_have_value("half filled in")
    expect(page.locator(".ct-top [data-theme-form] button")).to_have_attribute("aria-label", "Switch to light")


def test_a_toast_goes_by_itself_but_not_while_one_is_on_it(chromium: Browser, address: str) -> None:
    page = opened(chromium, address, "/checkout/sign-in")
    page.clock.install(time=0)
    page.clock.pause_at(3_600_000)
    page.goto("/checkout/curie?toast=1")
    page.clock.run_for(200)
    toast = page.locator(".ct-toast")
    expect(toast).to_be_visible()
    toast.hover()
    page.clock.run_for(20_000)
    expect(toast).to_be_visible()
    page.mouse.move(0, 0)
    page.clock.run_for(7_000)
    expect(toast).to_have_count(0)
    page.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE, (1024, 768)])
def test_every_part_passes_axe_and_fits(chromium: Browser, address: str, size: tuple[int, int], scheme: str) -> None:
    said: list[str] = []
    viewport = {"width": size[0], "height": size[1]}
    page = opened(chromium, address, "/checkout/curie/none", viewport=viewport, color_scheme=scheme)
    assert accessibility_faults(page) == []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto("/checkout/curie?toast=1")
    assert accessibility_faults(page) == []
    assert fits(page)
    assert said == []
    page.context.close()


def test_without_script_menus_and_keys_open_too(chromium: Browser, address: str) -> None:
    page = opened(chromium, address, java_script_enabled=False)
    page.click("text=Keys")
    expect(page.locator("#ct-keys")).to_be_visible()
    page.click("#ct-keys [data-close]")
    expect(page.locator("#ct-keys")).to_be_hidden()
    page.click(".ct-side .ct-lab summary")
    expect(page.get_by_role("link", name="Hodgkin lab").first).to_be_visible()
    page.context.close()
