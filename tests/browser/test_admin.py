"""An administrator's work, in a browser."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import SCREENSHOTS, Browsers, accessibility_faults, fits
from tests.installation import Installation


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_root_makes_a_lab_with_members_and_removes_one(browsers: Browsers, phone: bool) -> None:
    slug = "phone-lab" if phone else "desk-lab"
    page = browsers("root", "/admin", phone=phone)
    page.get_by_role("link", name="New lab").click()
    expect(page.get_by_label("Short name")).to_be_visible()
    assert accessibility_faults(page) == []
    page.get_by_label("Name", exact=True).fill(f"The {slug}")
    page.get_by_label("Short name").fill(slug)
    page.get_by_role("button", name="Make the lab").click()
    page.wait_for_url(f"/admin/labs/{slug}")
    page.get_by_label("Add members").fill("ada cleo")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_role("status").filter(has_text="ada, cleo added")).to_be_visible()
    page.screenshot(path=SCREENSHOTS / f"admin-{slug}.png")
    assert accessibility_faults(page) == []
    page.get_by_label("Role of ada").select_option("manager")
    expect(page.get_by_text("ada is a manager now")).to_be_visible()
    page.get_by_role("link", name="Remove… cleo").click()
    expect(page.get_by_role("dialog")).to_contain_text("Remove cleo from")
    assert accessibility_faults(page) == []
    page.get_by_role("dialog").get_by_role("button", name="Remove cleo").click()
    expect(page.get_by_text("1 former member")).to_be_visible()


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_root_makes_logins_and_hands_over_their_passwords(browsers: Browsers, phone: bool) -> None:
    page = browsers("root", "/admin/logins/new", phone=phone)
    names = ("dora", "finn") if phone else ("gus", "hal")
    page.get_by_label("Who").fill("\n".join(names))
    page.get_by_role("button", name="Make logins").click()
    expect(page.get_by_text("shown this once")).to_be_visible()
    page.screenshot(path=SCREENSHOTS / f"admin-logins-{phone}.png")
    assert accessibility_faults(page) == []
    page.get_by_role("link", name="Done").click()
    expect(page.locator("table")).to_contain_text(names[0])
    assert accessibility_faults(page) == []
    assert fits(page)


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
@pytest.mark.parametrize("broken", [False, True], ids=["green", "red"])
def test_root_proves_isolation(browsers: Browsers, installation: Installation, phone: bool, broken: bool) -> None:
    page = browsers("root", "/admin/isolation", phone=phone)
    if broken:
        installation.psql("ALTER TABLE inventory.containers NO FORCE ROW LEVEL SECURITY")
    try:
        page.get_by_role("button", name="Run").click()
        expect(page.locator(".ct-verdict b")).to_contain_text("Isolation is broken" if broken else "Nothing of")
    finally:
        installation.psql("ALTER TABLE inventory.containers FORCE ROW LEVEL SECURITY")
    page.screenshot(path=SCREENSHOTS / f"isolation-{'red' if broken else 'green'}-{phone}.png")
    assert accessibility_faults(page) == []
    assert fits(page)


def test_a_new_lab_with_three_people_is_one_form(browsers: Browsers) -> None:
    page = browsers("root", "/admin/new-lab")
    assert page.locator("form.ct-panel").evaluate("form => parseFloat(getComputedStyle(form).paddingLeft)") >= 12
    page.get_by_label("Name", exact=True).fill("Meitner lab")
    page.get_by_label("Short name").fill("Meitner lab")
    page.get_by_label("Managers").fill("ada")
    page.get_by_label("Members").fill("nora")
    page.get_by_label("Viewers").fill("olaf")
    page.get_by_role("button", name="Make the lab").click()
    expect(page.locator(".ct-error")).to_contain_text("Write 2 to 40 small letters, digits and hyphens, a letter first")
    expect(page.get_by_label("Members")).to_have_value("nora")
    page.get_by_label("Short name").fill("meitner")
    page.get_by_role("button", name="Make the lab").click()
    expect(page.locator("tbody tr")).to_have_count(2)  # ada is missing: she had a login already
    assert accessibility_faults(page) == []
    page.get_by_role("link", name="Done").click()
    page.wait_for_url("**/admin/labs/meitner")
    expect(page.locator("tbody")).to_contain_text("nora")
    expect(page.get_by_label("Role of ada")).to_have_value("manager")
    page.get_by_label("Add members").fill("piet")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.locator(".ct-error")).to_contain_text("There is no login piet.")
    page.get_by_label("Make logins for those who have none").check()
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.locator("tbody tr")).to_have_count(1)
    page.get_by_role("link", name="Done").click()
    expect(page.get_by_label("Role of piet")).to_have_value("member")


def test_links_among_words_of_the_logins_are_told_from_them(browsers: Browsers) -> None:
    page = browsers("root", "/admin/logins")
    assert (
        page.locator("td a", has_text="Curie lab").first.evaluate("link => getComputedStyle(link).textDecorationLine")
        == "underline"
    )
    assert accessibility_faults(page) == []


def test_where_there_is_nothing_a_page_says_so_and_ben_keeps_his_menu(browsers: Browsers) -> None:
    page = browsers("ben", "/nothing")
    expect(page.get_by_role("heading", name="There is nothing here")).to_be_visible()
    page.get_by_role("link", name="Home").click()
    page.wait_for_url(lambda address: not address.endswith("/nothing"))
    page.goto("/admin")
    expect(page.get_by_role("navigation", name="Main", exact=True)).to_contain_text("Chemicals")
    expect(page.locator("body")).not_to_contain_text("Prove isolation")
