"""What a scanner types is a scan, whatever its length and wherever the focus is; what a person types is an amount."""

import base64
import io
import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.conftest import SCREENSHOTS, Browsers, accessibility_faults
from tests.browser.scanner import SCANNER, keyboard_of, scan, type_by_hand
from tests.browser.test_common_scripts import TYPE_AS_A_SCANNER, leave_fields
from tests.browser.test_typing_meanwhile import held_back
from tests.installation import PASSWORD, Installation
from tests.sql.shelf import LEDGER_FAULTS, shelf

ASK = "is a bottle: did you scan it?"


@dataclass
class Bottle:
    id: int
    code: str


def bottle(installation: Installation, code: str, amount: str = "500", unit: str = "mL", name: str = "") -> Bottle:
    """A bottle of Curie lab with the barcode `code`."""
    with shelf(installation, "ada") as on:
        [[chemical]] = on.run(
            "INSERT INTO inventory.chemicals (name) VALUES (%s) RETURNING id", name or f"Salt of {code}"
        )
        [[made]] = on.run(
            "INSERT INTO inventory.containers (chemical_id, unit, barcode) VALUES (%s, %s, %s) RETURNING id",
            chemical,
            unit,
            code,
        )
        on.post(made, "receive", amount, unit)
    return Bottle(made, code)


_numbers = iter(range(191, 999))


def short(installation: Installation, amount: str = "500") -> Bottle:
    """A bottle with an old label of three digits."""
    return bottle(installation, str(next(_numbers)), amount)


def long(installation: Installation, amount: str = "1000") -> Bottle:
    """A bottle with a longer barcode."""
    return bottle(installation, f"AA-{uuid.uuid4().hex[:6].upper()}", amount)


def left(installation: Installation, one: Bottle) -> Decimal | None:
    with shelf(installation) as on:
        assert on.run(LEDGER_FAULTS) == []
        return on.left(one.id)


def lines(page: Page) -> list[str]:
    """The barcodes of the check-out's lines, the first scanned first."""
    return [text.strip() for text in page.locator("#taking .ct-basket .ct-code").all_inner_texts()][::-1]


# -- a short barcode is never an amount ------------------------------------------------------------------------------


def test_a_short_barcode_scanned_into_the_amount_adds_its_bottle(
    browsers: Browsers, installation: Installation
) -> None:
    first, second = long(installation), short(installation)
    page = browsers("ben", "/checkout/curie")
    scan(page, first.code)
    expect(page.locator("#lines-0-amount")).to_be_focused()
    scan(page, second.code)
    expect(page.locator("#taking .ct-basket > li")).to_have_count(2)
    assert lines(page) == [first.code, second.code]
    assert [page.input_value(f"#lines-{n}-amount") for n in (0, 1)] == ["", ""]
    assert (left(installation, first), left(installation, second)) == (1000, 500)


def test_an_amount_typed_by_hand_is_booked_by_enter_though_a_bottle_is_called_so(
    browsers: Browsers, installation: Installation
) -> None:
    first, second = long(installation), short(installation)
    page = browsers("ben", "/checkout/curie")
    scan(page, first.code)
    expect(page.locator("#lines-0-amount")).to_be_focused()
    type_by_hand(page, second.code, end="Enter")
    expect(page.locator(".ct-toast")).to_contain_text("checked out")
    assert left(installation, first) == 1000 - int(second.code)


@pytest.mark.parametrize(("answer", "leaves"), [("No, I typed it", 1), ("Yes, it was scanned", 2)])
def test_a_short_code_that_may_be_an_amount_is_asked_about(
    browsers: Browsers, installation: Installation, answer: str, leaves: int
) -> None:
    first, second = long(installation), short(installation)
    page = browsers("ben", "/checkout/curie")
    scan(page, first.code)
    expect(page.locator("#lines-0-amount")).to_be_focused()
    type_by_hand(page, second.code, end="Enter", gap=0.09)
    dialog = page.get_by_role("dialog", name=f"{second.code} {ASK}")
    expect(dialog).to_be_visible()
    assert accessibility_faults(page) == []
    page.keyboard.press("Enter")  # Enter alone answers no question, because a scanner presses it too
    expect(dialog).to_be_visible()
    assert left(installation, first) == 1000
    dialog.get_by_role("button", name=answer).click()
    if leaves == 1:
        expect(page.locator(".ct-toast")).to_contain_text("checked out")
        assert left(installation, first) == 1000 - int(second.code)
    else:
        expect(page.locator("#taking .ct-basket > li")).to_have_count(2)
        assert left(installation, first) == 1000


def test_a_fast_amount_that_is_no_barcode_is_booked_unasked(browsers: Browsers, installation: Installation) -> None:
    first = long(installation)
    page = browsers("ben", "/checkout/curie")
    scan(page, first.code)
    expect(page.locator("#lines-0-amount")).to_be_focused()
    type_by_hand(page, "5.5", end="Enter", gap=0.08)
    expect(page.locator(".ct-toast")).to_contain_text("5.5 mL")
    assert left(installation, first) == Decimal("994.5")


def test_a_code_of_no_bottle_that_comes_as_fast_as_a_scanners_is_asked_about(
    browsers: Browsers, installation: Installation
) -> None:
    first = long(installation)
    page = browsers("ben", "/checkout/curie")
    scan(page, first.code)
    expect(page.locator("#lines-0-amount")).to_be_focused()
    scan(page, "10472")
    page.get_by_role("dialog", name="Did you scan “10472”?").get_by_role("button", name="Yes").click()
    expect(page.locator("#scan-state")).to_contain_text("“10472” is on no container here")
    assert (page.input_value("#lines-0-amount"), left(installation, first)) == ("", 1000)


def test_a_short_barcode_ends_with_tab(browsers: Browsers, installation: Installation) -> None:
    first, second = long(installation), short(installation)
    page = browsers("ben", "/checkout/curie")
    scan(page, first.code, end="Tab")
    expect(page.locator("#lines-0-amount")).to_be_focused()
    scan(page, second.code, end="Tab")
    expect(page.locator("#taking .ct-basket > li")).to_have_count(2)
    assert [page.input_value(f"#lines-{n}-amount") for n in (0, 1)] == ["", ""]


def test_a_scan_while_bringing_back_is_not_what_is_left(browsers: Browsers, installation: Installation) -> None:
    mine, other = long(installation), short(installation)
    taken = installation.as_user("ben").send_once("/labs/curie/holdings", {"container_ids": [mine.id]})
    assert taken.status_code == 201
    page = browsers("ben", f"/checkout/curie/bring-back?container={mine.id}")
    expect(page.get_by_label("What is left in it")).to_be_focused()
    scan(page, other.code)
    page.wait_for_url(re.compile(rf"/chemicals/curie/\d+\?container={other.id}"))
    assert left(installation, mine) == 1000
    back = installation.as_user("ben").send_once(
        "/labs/curie/holdings/returns", {"lines": [{"container_id": mine.id, "unchanged": True}]}
    )
    assert back.status_code == 201


def test_a_scan_while_returning_shows_the_line_of_its_bottle(browsers: Browsers, installation: Installation) -> None:
    taken, other = short(installation), short(installation)
    moved = []
    for one in (taken, other):
        line = {"container_id": one.id, "amount": "300", "unit": "mL"}
        items = installation.as_user("ben").send_once("/labs/curie/check-outs", {"lines": [line]}).json()["items"]
        moved.append(items[0]["movement_id"])
    page = browsers("ben", f"/checkout/curie/returns?movement={moved[0]}&movement={moved[1]}")
    scan(page, taken.code)
    expect(page.locator(f"#amount-{moved[0]}")).to_be_focused()
    expect(page.locator(f"#amount-{moved[0]}")).to_have_value("")
    scan(page, other.code)
    expect(page.locator(f"#amount-{moved[1]}")).to_be_focused()
    assert [page.input_value(f"#amount-{n}") for n in moved] == ["", ""]
    assert (left(installation, taken), left(installation, other)) == (200, 200)


def test_a_scan_while_correcting_names_the_right_container(browsers: Browsers, installation: Installation) -> None:
    one, other = long(installation), short(installation)
    line = {"container_id": one.id, "amount": "300", "unit": "mL"}
    [item] = installation.as_user("ben").send_once("/labs/curie/check-outs", {"lines": [line]}).json()["items"]
    page = browsers("ben", f"/history/curie/{item['movement_id']}/correct")
    expect(page.get_by_label("What was taken", exact=True)).to_be_focused()
    scan(page, other.code)
    expect(page.get_by_label("The right container")).to_have_value(other.code)
    expect(page.get_by_label("Wrong container")).to_be_checked()
    assert left(installation, one) == 700
    page.get_by_role("button", name="Correct it").click()
    expect(page.locator(".ct-toast")).to_contain_text(f"Moved to {other.code}")
    assert (left(installation, one), left(installation, other)) == (1000, 200)


def test_a_scan_while_counting_is_the_next_bottle(browsers: Browsers, installation: Installation) -> None:
    shown, other = long(installation), short(installation)
    page = browsers("ben", f"{new_stocktake(installation, shown, other)}/count")
    scan(page, shown.code)
    expect(page.locator("#count-hit")).to_contain_text(shown.code)
    page.locator("#count-hit").get_by_label("What is in it", exact=True).focus()
    scan(page, other.code)
    expect(page.locator("#count-hit")).to_contain_text(other.code)
    expect(page.locator("#count-top")).to_contain_text("0 of 2")


def test_a_scan_into_how_many_is_a_barcode_of_the_delivery(browsers: Browsers, installation: Installation) -> None:
    here = short(installation)
    with shelf(installation) as on:
        [[chemical]] = on.run("SELECT chemical_id FROM inventory.containers WHERE id = %s", here.id)
    page = browsers("ben", f"/checkin/curie?chemical={chemical}")
    expect(page.get_by_label("How many")).to_be_focused()
    scan(page, here.code)
    expect(page.get_by_text(f"{here.code} is here already: one more of the same.")).to_be_visible()
    assert [field.input_value() for field in page.get_by_label("How many").all()] == ["1", "1"]


def new_stocktake(installation: Installation, *bottles: Bottle) -> str:
    """Makes a stocktake of a room with these bottles; returns the address of its page."""
    ada = installation.as_user("ada")
    room = ada.post("/labs/curie/locations", json={"name": f"Room {uuid.uuid4().hex[:6]}", "kind": "room"}).json()["id"]
    with shelf(installation) as on:
        on.run(
            "UPDATE inventory.containers SET location_id = %s WHERE id = ANY (%s)", room, [one.id for one in bottles]
        )
    started = installation.as_user("ben").send_once("/labs/curie/stocktakes", {"location_id": room})
    assert started.status_code == 201, started.text
    return f"/reconcile/curie/{started.json()['id']}"


@pytest.mark.parametrize(
    "by", [scan, lambda page, code: type_by_hand(page, code, end="Enter")], ids=["scanner", "hand"]
)
def test_a_barcode_and_enter_on_the_list_open_the_container(
    browsers: Browsers, installation: Installation, by: Callable[[Page, str], None]
) -> None:
    one = short(installation)
    page = browsers("ben", "/chemicals/curie")
    page.focus("#q")
    by(page, one.code)
    page.wait_for_url(re.compile(rf"/chemicals/curie/\d+\?container={one.id}"))


def test_outside_of_a_field_a_slow_scan_is_not_asked_about(browsers: Browsers, installation: Installation) -> None:
    one = short(installation)
    page = browsers("ben", "/chemicals/curie")
    page.evaluate("document.activeElement.blur()")
    type_by_hand(page, one.code, end="Enter", gap=0.09)
    page.wait_for_url(re.compile(rf"/chemicals/curie/\d+\?container={one.id}"))


# -- no scan is lost, none is cut ----------------------------------------------------------------------------------------


SLOWLY = """seconds => {
  const send = XMLHttpRequest.prototype.send;
  XMLHttpRequest.prototype.send = function (...body) { setTimeout(() => send.apply(this, body), 1000 * seconds); };
}"""


def slow(page: Page, seconds: float) -> None:
    """Delays each answer to a script from now on."""
    page.evaluate(SLOWLY, seconds)


@pytest.mark.parametrize(("delay", "apart"), [(0.0, 20), (0.3, 60), (1.0, 120)])
def test_eleven_scans_are_eleven_bottles_in_their_order(
    browsers: Browsers, installation: Installation, delay: float, apart: int
) -> None:
    bottles = [short(installation) if n % 3 == 2 else long(installation) for n in range(11)]
    page = browsers("ben", "/checkout/curie")
    slow(page, delay)
    for one in bottles:
        scan(page, one.code)
        page.wait_for_timeout(apart)
    expect(page.locator("#taking .ct-basket > li")).to_have_count(11, timeout=60_000)
    assert lines(page) == [one.code for one in bottles]
    expect(page.locator("#scan")).to_have_value("")
    assert [page.input_value(f"#lines-{n}-amount") for n in range(11)] == [""] * 11


def test_eleven_scans_are_eleven_labels(browsers: Browsers, installation: Installation) -> None:
    bottles = [short(installation) if n % 3 == 2 else long(installation) for n in range(11)]
    page = browsers("cleo", "/chemicals/curie/labels")
    expect(page.get_by_role("button", name="Print labels")).to_be_hidden()
    slow(page, 0.3)
    for one in bottles:
        scan(page, one.code)
    expect(page.locator("#chosen tbody tr")).to_have_count(11, timeout=60_000)
    assert sorted(page.locator("#chosen .ct-code").all_inner_texts()) == sorted(one.code for one in bottles)
    assert accessibility_faults(page) == []
    page.reload()
    expect(page.locator("#chosen tbody tr")).to_have_count(11)


@pytest.mark.parametrize("quick", [True, False])
def test_eleven_scans_are_eleven_counts(browsers: Browsers, installation: Installation, quick: bool) -> None:
    bottles = [long(installation) for _ in range(11)]
    page = browsers("ben", f"{new_stocktake(installation, *bottles)}/count{'?quick=1' if quick else ''}")
    slow(page, 0.3)
    for one in bottles:
        scan(page, one.code)
    expect(page.locator("#count-hit")).to_contain_text(bottles[-1].code, timeout=60_000)
    expect(page.locator("#count-top")).to_contain_text("11 of 11" if quick else "0 of 11")


SCAN_ON_THE_FIRST_ANSWER = """code => { window.scanned = new Promise(done => {
  const look = event => {
    if (!event.detail.requestConfig.path.endsWith('/lines')) return;
    document.removeEventListener('htmx:afterRequest', look);
    const press = key => document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
    [...code, 'Enter'].forEach(press);
    done();
  };
  document.addEventListener('htmx:afterRequest', look);
}); }"""


def test_a_scan_that_comes_just_as_an_answer_does_is_kept(browsers: Browsers, installation: Installation) -> None:
    a, b, c, d = bottles = [long(installation) for _ in range(4)]
    page = browsers("ben", "/checkout/curie")
    slow(page, 1)
    page.evaluate(SCAN_ON_THE_FIRST_ANSWER, c.code)
    page.evaluate(TYPE_AS_A_SCANNER, a.code)  # all keys at once, so that none falls between the keys of the next scan
    page.evaluate(TYPE_AS_A_SCANNER, b.code)
    page.evaluate("scanned")
    page.evaluate(TYPE_AS_A_SCANNER, d.code)
    expect(page.locator("#taking .ct-basket > li")).to_have_count(4)
    assert lines(page) == [one.code for one in bottles]


def test_a_scan_waits_while_the_inventory_is_away(browsers: Browsers, installation: Installation) -> None:
    first, second = long(installation), long(installation)
    page = browsers("ben", "/checkout/curie")
    page.route("**/checkout/curie/lines", lambda route: route.abort(), times=1)
    scan(page, first.code)
    expect(page.locator(".ct-toast")).to_contain_text(f"“{first.code}” waits")
    scan(page, second.code)
    expect(page.locator("#taking .ct-basket > li")).to_have_count(2)
    assert lines(page) == [first.code, second.code]
    browsers.troubles.clear()  # the console says that one request did not arrive: this test let it fail


@pytest.mark.parametrize("late", [1, 3, 8])
@pytest.mark.parametrize("where", ["#scan", "#purpose", "body"])
def test_a_scan_of_which_a_key_comes_late_is_not_cut(
    browsers: Browsers, installation: Installation, where: str, late: int
) -> None:
    one = long(installation)
    page = browsers("ben", "/checkout/curie")
    page.fill("#purpose", "Synthesis")
    page.evaluate(
        "where => where === 'body' ? document.activeElement.blur() : document.querySelector(where).focus()", where
    )
    scan(page, one.code, gaps={late: 0.2})
    expect(page.locator("#taking .ct-basket > li")).to_have_count(1)
    assert lines(page) == [one.code]
    expect(page.locator("#purpose")).to_have_value("Synthesis")


@pytest.mark.parametrize("first", [1, 4])
def test_a_scan_that_begins_while_no_field_has_the_focus_is_not_cut(
    browsers: Browsers, installation: Installation, first: int
) -> None:
    """An answer that replaces the form takes the focus away for a moment: the first keys then go nowhere."""
    one = long(installation)
    page = browsers("ben", "/checkout/curie")
    leave_fields(page)
    keys = keyboard_of(page)
    for place, key in enumerate(one.code[:first]):
        keys.press(key, None if place == 0 else SCANNER)
    page.focus("#scan")
    for key in [*one.code[first:], "Enter"]:
        keys.press(key, SCANNER)
    expect(page.locator("#taking .ct-basket > li")).to_have_count(1)
    assert lines(page) == [one.code]


@pytest.mark.parametrize("after", [0.13, 0.3])
def test_a_scan_after_a_half_typed_amount_leaves_the_amount(
    browsers: Browsers, installation: Installation, after: float
) -> None:
    first, second = long(installation), long(installation)
    page = browsers("ben", "/checkout/curie")
    scan(page, first.code)
    expect(page.locator("#lines-0-amount")).to_be_focused()
    type_by_hand(page, "25")
    scan(page, second.code, after=after)
    expect(page.locator("#taking .ct-basket > li")).to_have_count(2)
    assert [page.input_value(f"#lines-{n}-amount") for n in (0, 1)] == ["", "25"]


def test_what_is_typed_while_a_scan_is_looked_for_stays_with_its_bottle(
    browsers: Browsers, installation: Installation
) -> None:
    first, second = long(installation), long(installation)
    page = browsers("ben", "/checkout/curie")
    scan(page, first.code)
    expect(page.locator("#lines-0-amount")).to_be_focused()
    with held_back(page, "**/checkout/curie/lines", lambda: scan(page, second.code)):
        page.focus("#lines-0-amount")
        type_by_hand(page, "25")
    expect(page.locator("#taking .ct-basket > li")).to_have_count(2)
    assert [page.input_value(f"#lines-{n}-amount") for n in (0, 1)] == ["", "25"]
    expect(page.locator("#lines-1-amount")).to_be_focused()
    type_by_hand(page, "0")
    expect(page.locator("#lines-1-amount")).to_have_value("250")


# -- the session ends meanwhile --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("script", [True, False])
def test_a_form_is_sent_after_signing_in_again(browsers: Browsers, installation: Installation, script: bool) -> None:
    one = long(installation)
    page = browsers("ben", f"/checkout/curie?container={one.id}&amount=20&unit=mL", java_script_enabled=script)
    page.context.clear_cookies()
    page.get_by_role("button", name="Check out 1 amount").click()
    expect(page.get_by_role("heading", name="You were signed out")).to_be_visible()
    page.fill("#username", "ben")
    page.fill("#password", PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Send it now?")).to_be_visible()
    assert left(installation, one) == 1000
    page.get_by_role("button", name="Send it").click()
    expect(page.locator("#ct-toasts")).to_contain_text("20 mL of")
    assert left(installation, one) == 980


def test_a_scan_waits_until_one_is_signed_in_again_in_another_tab(
    browsers: Browsers, installation: Installation
) -> None:
    first, second = long(installation), long(installation)
    page = browsers("ben", "/checkout/curie")
    scan(page, first.code)
    expect(page.locator("#lines-0-amount")).to_be_focused()
    type_by_hand(page, "20")
    page.context.clear_cookies()
    scan(page, second.code)
    expect(page.locator("#ct-problem")).to_contain_text("You were signed out. What you typed is still here")
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="sign in in a new tab").click()
    tab = opened.value
    tab.fill("#username", "ben")
    tab.fill("#password", PASSWORD)
    tab.get_by_role("button", name="Sign in").click()
    tab.wait_for_url(re.compile("/(home/curie|login/lab)"))
    tab.close()
    expect(page.locator("#taking .ct-basket > li")).to_have_count(2)
    assert [page.input_value(f"#lines-{n}-amount") for n in (0, 1)] == ["", "20"]
    page.fill("#lines-0-amount", "30")
    page.get_by_role("button", name="Check out 2 amounts").click()
    expect(page.locator(".ct-toast").last).to_contain_text("2 amounts checked out")
    assert (left(installation, first), left(installation, second)) == (980, 970)


# -- the sound says what the server did ----------------------------------------------------------------------------------

LISTEN = """
window.heard = [];
window.AudioContext = class {
  currentTime = 0; destination = null;
  createOscillator() {
    const tone = { frequency: { set value(pitch) { window.heard.push(pitch); } }, connect: () => tone, start() {}, stop() {} };
    return tone;
  }
  createGain() { return { gain: {}, connect() {} }; }
};
"""
HIT, FOUND, MISS = 1320, 880, 220


def heard(page: Page) -> list[int]:
    """The pitches of the sounds since `heard` was emptied; waits for the first."""
    return list(
        page.evaluate("async () => { while (!heard.length) await new Promise(requestAnimationFrame); return heard; }")
    )


def test_the_sound_of_a_hit_comes_after_the_server_has_counted(browsers: Browsers, installation: Installation) -> None:
    one, elsewhere, small = long(installation), long(installation), long(installation)
    address = new_stocktake(installation, one)
    page = browsers("ben")
    page.add_init_script(LISTEN)
    page.goto(f"{address}/count?quick=1")
    for code, sound in ((one.code, HIT), ("NO-SUCH-CODE", MISS), (elsewhere.code, HIT)):
        page.evaluate("heard.length = 0")
        scan(page, code)
        assert heard(page) == [sound], code
        with shelf(installation) as on:
            counted = on.run(
                "SELECT count(*) FROM inventory.stocktake_counts n WHERE n.stocktake_id = %s",
                int(address.split("/")[-1]),
            )
        assert counted == [(2 if code == elsewhere.code else 1,)]
    page.evaluate("heard.length = 0")
    scan(page, small.code.lower())  # whether it is found or not: no sound of a hit without a count
    sounds = heard(page)
    with shelf(installation) as on:
        counted = on.run("SELECT count(*) FROM inventory.stocktake_counts n WHERE n.container_id = %s", small.id)
    assert (sounds, counted) in (([HIT], [(1,)]), ([MISS], [(0,)]))
    page.goto(f"{address}/count")
    scan(page, one.code)
    assert heard(page) == [FOUND]


@pytest.mark.parametrize("size", ["wide", "phone"])
def test_a_manufacturers_code_is_attached_and_then_moves_and_opens_its_container(
    browsers: Browsers, installation: Installation, size: str
) -> None:
    one = long(installation)
    code = f"]d2010541234567890821S{one.id}\x1d10L7"
    page = browsers(
        "ben", "/history/curie/move", phone=size == "phone", color_scheme="dark" if size == "wide" else "light"
    )
    scan(page, code)
    expect(page.locator("#scan-state")).to_contain_text(
        "No pack in stock has this manufacturer’s code, of GTIN 05412345678908"
    )
    assert accessibility_faults(page) == []
    page.get_by_role("button", name="Ignore it").click()
    expect(page.locator("#scan-state")).not_to_contain_text("GTIN")
    expect(page.locator("#scan")).to_be_focused()
    scan(page, code)
    page.get_by_role("link", name="Attach it to a container").click()
    expect(page.get_by_role("heading", name="GTIN 05412345678908")).to_be_visible()
    scan(page, one.code)
    expect(page.locator(f"input[name=container][value='{one.id}']")).to_be_checked()
    assert accessibility_faults(page) == []
    page.screenshot(path=SCREENSHOTS / f"attach-{size}.png", full_page=True)
    page.get_by_role("button", name="Attach the code").click()
    page.wait_for_url(re.compile(r"/chemicals/curie/\d+\?container="))
    page.goto("/history/curie/move")
    scan(page, code)
    expect(page.locator("#moving")).to_contain_text(one.code)
    page.goto("/home/curie")
    scan(page, code)
    page.wait_for_url(re.compile(rf"container={one.id}$"))


@pytest.mark.parametrize("layout", ["german", "french"])
def test_a_scanner_with_an_american_keyboard_is_understood_on_other_computers(
    browsers: Browsers, installation: Installation, layout: str
) -> None:
    dashes = bottle(installation, f"ZY-{uuid.uuid4().hex[:5].upper()}-2.0")
    letters = bottle(installation, f"AZQWY{next(_numbers)}M")
    page = browsers("ben", "/history/curie/move")
    for one in (dashes, letters):
        scan(page, one.code, layout=layout)
        expect(page.locator("#scan-state")).to_contain_text(f"{one.code}, added.")
    address = f"HTTPS://CHEMTRACK.EXAMPLE.EDU/C/CURIE/{long(installation).code}"
    scan(page, address, layout=layout)
    expect(page.locator("#scan-state")).to_contain_text("its label leads to the lab “curie” at chemtrack.example.edu")
    # A scan into the field of an amount: the page takes the code out of it, and opens the container
    page.goto(f"/checkout/curie?container={dashes.id}")
    page.focus("[name$='-amount']")
    scan(page, letters.code, layout=layout)
    expect(page.locator("#taking")).to_contain_text(letters.code)
    expect(page.locator(f"li:has-text('{dashes.code}') [name$='-amount']")).to_have_value("")


def test_a_code_of_which_nobody_knows_the_keyboard_is_said(browsers: Browsers) -> None:
    page = browsers("ben", "/history/curie/move")
    scan(page, "ZINC-YY", layout="german")
    expect(page.locator("#scan-state")).to_contain_text("“ZINC-YY” is on no container here")
    scan(page, "ZYMOSE", layout="german")
    expect(page.locator("#scan-state")).to_contain_text("“YZMOSE” is on no container here")
    expect(page.locator("#ct-toasts")).to_contain_text("may be “ZYMOSE”")


CAMERA = """async pictures => {
  const canvas = document.createElement('canvas'), pen = canvas.getContext('2d');
  canvas.width = 1280; canvas.height = 720;
  const image = new Image();
  image.src = pictures;
  await image.decode();
  const draw = () => { pen.fillStyle = '#fff'; pen.fillRect(0, 0, 1280, 720); pen.drawImage(image, 100, 60); };
  setInterval(draw, 50);
  draw();
  window.streams = 0;
  navigator.mediaDevices.getUserMedia = async () => { window.streams += 1; return canvas.captureStream(20); };
}"""
"""The camera of this machine: it sees a picture."""


def picture(text: str, kind: object, gs1: bool = False) -> str:
    pixels = zxingcpp.create_barcode(text, kind, **({"gs1": True} if gs1 else {})).to_image(scale=5)  # type: ignore[arg-type]
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return "data:image/png;base64," + base64.b64encode(file.getvalue()).decode()


def test_the_camera_reads_codes_where_the_browser_reads_none(browsers: Browsers, installation: Installation) -> None:
    one = long(installation)
    with shelf(installation) as on:
        on.run(
            "INSERT INTO inventory.product_codes (container_id, gtin, serial_number) VALUES (%s, '05412345678908', 'C7')",
            one.id,
        )
    gs1 = ("(01)05412345678908(10)L-1(21)C7", zxingcpp.BarcodeFormat.DataMatrix, True)
    page = browsers("ben", "/history/curie/move", phone=True)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    assert page.evaluate("'BarcodeDetector' in window") is False, "this Chromium has none of its own"
    for code in (
        (one.code, zxingcpp.BarcodeFormat.QRCode, False),
        (one.code, zxingcpp.BarcodeFormat.Code128, False),
        gs1,
    ):
        page.goto("/history/curie/move")
        page.evaluate(CAMERA, picture(*code))
        page.get_by_role("button", name="Scan with the camera").click()
        expect(page.locator("#scan-state")).to_contain_text(f"{one.code}, added.")
        expect(page.locator(".ct-camera")).to_have_count(0)
    assert any(url.endswith("/zxing_reader.wasm") for url in asked)
    assert all(url.startswith((browsers.url, "data:")) for url in asked), "nothing is fetched from elsewhere"


def test_a_scan_field_that_an_answer_brings_has_its_camera(browsers: Browsers, installation: Installation) -> None:
    one = long(installation)
    page = browsers("ben", "/checkin/curie", phone=True)
    page.locator("#scan").fill("CT-NEW-1")
    page.locator("#scan").press("Enter")
    expect(page.locator("#work")).to_contain_text("CT-NEW-1")
    page.evaluate(CAMERA, picture(one.code, zxingcpp.BarcodeFormat.QRCode))
    page.get_by_role("button", name="Scan with the camera").click()
    expect(page.locator("#work")).to_contain_text(one.code)


def test_only_pages_with_a_scan_field_may_run_web_assembly(browsers: Browsers) -> None:
    page = browsers("ben", "/home/curie")
    for path, may in (
        ("/home/curie", False),
        ("/chemicals/curie", False),
        ("/history/curie/move", True),
        ("/checkin/curie", True),
    ):
        answer = page.goto(path)
        assert answer
        policy = answer.headers["content-security-policy"]
        assert ("script-src 'self' 'wasm-unsafe-eval';" in policy) is may, path
        assert "unsafe-eval" not in policy.replace("'wasm-unsafe-eval'", "")
