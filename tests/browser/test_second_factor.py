"""Setting a second factor up by its QR code, and signing in with it, in a browser."""

import io
import time

import pyotp
import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import expect

from tests.browser.conftest import Browsers, accessibility_faults
from tests.installation import Installation, make_login

OWN = "a password of their own"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_phone_reads_the_code_and_signs_in_with_it(
    browsers: Browsers, installation: Installation, scheme: str
) -> None:
    name = f"phone-{scheme}"
    make_login(installation.as_user("root"), name, OWN)
    page = browsers(path="/login?next=/account/second-factor", phone=scheme == "dark", color_scheme=scheme)
    page.fill("[name=username]", name)
    page.fill("[name=password]", OWN)
    page.keyboard.press("Enter")
    page.wait_for_url("/account/second-factor")
    assert accessibility_faults(page) == []
    seen = Image.open(io.BytesIO(page.locator("svg[aria-label]").screenshot()))
    [code] = zxingcpp.read_barcodes(seen)
    phone = pyotp.parse_uri(code.text)
    assert isinstance(phone, pyotp.TOTP)
    assert (phone.issuer, phone.name) == ("ChemTrack", name)
    page.fill("[name=code]", phone.now())
    page.fill("form:has([name=key]) [name=password]", OWN)
    page.get_by_role("button", name="Turn it on").click()
    page.get_by_text("Your second factor is on").wait_for()
    expect(page.locator("li.ct-code")).to_have_count(10)
    assert accessibility_faults(page) == []

    page = browsers(path="/login?next=/account%3Fwanted%3D1", phone=scheme == "dark", color_scheme=scheme)
    page.fill("[name=username]", name)
    page.fill("[name=password]", OWN)
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Your code").wait_for()
    expect(page.locator("[name=code]")).to_be_focused()
    assert accessibility_faults(page) == []
    page.keyboard.type("000000")
    page.keyboard.press("Enter")
    page.get_by_text("This code is wrong").wait_for()
    page.fill("[name=code]", phone.at(int(time.time()), counter_offset=1))
    page.keyboard.press("Enter")
    page.wait_for_url("/account?wanted=1")
