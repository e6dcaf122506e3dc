"""The structure of a chemical, in a browser."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Browsers, accessibility_faults
from tests.browser.scanner import type_by_hand
from tests.installation import Installation
from tests.sql.shelf import shelf

# The widest stroke's colour as the eye sees it: the picture is drawn anew on a canvas, with the filter of the page's style.
DARKEST = """picture => {
  const canvas = document.createElement('canvas');
  canvas.width = picture.naturalWidth; canvas.height = picture.naturalHeight;
  const on = canvas.getContext('2d');
  on.filter = getComputedStyle(picture).filter;
  on.drawImage(picture, 0, 0);
  const dots = on.getImageData(0, 0, canvas.width, canvas.height).data;
  let found = null;
  for (let at = 0; at < dots.length; at += 4) {
    if (dots[at + 3] === 255 && (found === null || dots[at] + dots[at + 1] + dots[at + 2] < found)) found = dots[at] + dots[at + 1] + dots[at + 2];
  }
  return { found, corner: dots[3] };
}"""


def add(installation: Installation, **fields: str) -> int:
    return int(installation.as_user("ada").post("/labs/curie/chemicals", json=fields).json()["id"])


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_structure_is_seen_in_the_light_and_in_the_dark(
    browsers: Browsers, installation: Installation, scheme: str
) -> None:
    chemical = add(installation, name="Hexane", formula="C6H14", smiles="CCCCCC")
    page = browsers("cleo", f"/chemicals/curie/{chemical}", color_scheme=scheme, phone=scheme == "dark")
    picture = page.get_by_role("img", name="Structure of Hexane, C6H14")
    expect(picture).to_be_visible()
    page.wait_for_function("document.querySelector('[data-structure]').naturalWidth > 0")
    seen = picture.evaluate(DARKEST)
    assert seen["corner"] == 0, "it stands on the page's own paper"
    assert seen["found"] == (0 if scheme == "light" else 765)
    assert accessibility_faults(page) == []


def test_where_a_smiles_cannot_be_read_a_sentence_says_so(browsers: Browsers, installation: Installation) -> None:
    chemical = add(installation, name="Slip")
    with shelf(installation) as on:
        on.run("UPDATE inventory.chemicals SET smiles = 'CC)C' WHERE id = %s", chemical)
    page = browsers("cleo", f"/chemicals/curie/{chemical}")
    expect(page.locator(".ct-structure p")).to_have_text(
        "This SMILES cannot be read at character 3, “)”: this bracket was never opened."
    )
    expect(page.locator(".ct-structure img")).to_have_count(0)


def test_a_structure_is_searched_from_the_keyboard(browsers: Browsers, installation: Installation) -> None:
    add(installation, name="Toluene", smiles="Cc1ccccc1")
    add(installation, name="Pentane", smiles="CCCCC")
    page = browsers("ben", "/chemicals/curie")
    facet = page.locator("#filters summary", has_text=re.compile("^Structure$"))
    facet.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    type_by_hand(page, "c1ccccc1")
    page.keyboard.press("Tab")
    expect(page.locator("#results .ct-chip")).to_have_text("Part c1ccccc1")
    names = page.locator("#results tbody a.name")
    expect(names).to_have_text(["Toluene"])
    expect(page).to_have_url(re.compile(r"structure=c1ccccc1$"))
    page.get_by_label("It is").select_option("exact")
    expect(names).to_have_count(0)
    expect(page).to_have_url(re.compile(r"match=exact"))
    page.get_by_label("SMILES or SMARTS").fill("C1=CC=CC=C1C")
    page.keyboard.press("Enter")
    expect(names).to_have_text(["Toluene"])
    page.get_by_label("SMILES or SMARTS").fill("C1=CC=CC=C1C(")
    page.keyboard.press("Enter")
    expect(page.locator("#results .ct-note").first).to_contain_text("This SMILES cannot be read at character 13")
    assert accessibility_faults(page) == []
