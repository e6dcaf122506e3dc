"""Every template obeys the strict policy, escapes what it is given, and gives each field a label."""

import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from flask import Flask, render_template_string

from tests.pages.sample_page import sample_page, signed_in

PAGES = Path(__file__).parents[2] / "pages"
TEMPLATES = sorted(PAGES.glob("*/templates/**/*.html"))
REFUSED_BY_THE_BROWSER = {
    "an inline style": r"\sstyle\s*=",
    "a style element": r"<style\b",
    "an inline script": r"<script(?![^>]*\bsrc=)",
    "an event attribute": r"<[^>]+\son[a-z]+\s*=\s*[\"']",
    "a script address": r"javascript:",
    "an address elsewhere": r"(?:\ssrc|<link[^>]*\shref)\s*=\s*[\"']https?://",
    "an attribute that needs eval": r"\bhx-on\b|\bhx-vals=[\"']js:",
}


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(PAGES)))
def test_a_template_has_nothing_that_the_browser_refuses(template: Path) -> None:
    text = re.sub(r"\{#.*?#\}", "", template.read_text(), flags=re.DOTALL)
    for what, pattern in REFUSED_BY_THE_BROWSER.items():
        found = re.search(pattern, text)
        assert not found, f"{template.name} has {what}: {text[found.start() : found.start() + 60]!r}"


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(PAGES)))
def test_a_template_can_be_read(template: Path) -> None:
    app = sample_page()
    text = template.read_text()
    app.jinja_env.parse(text)
    assert not [line for line in text.splitlines() if len(line) > 160]


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(PAGES)))
def test_a_block_tag_stands_on_one_line(template: Path) -> None:
    """djhtml does not see a block tag of several lines, and indents everything behind its end wrongly."""
    text = template.read_text()
    assert not re.findall(r"\{%-?\s*(?:block|call|elif|for|if|macro)\b[^%]*\n[^%]*%\}", text)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(PAGES)))
def test_a_form_that_writes_has_its_token(template: Path) -> None:
    text = re.sub(r"\{#.*?#\}", "", template.read_text(), flags=re.DOTALL)
    for form in re.findall(r"<form\b[^>]*method=\"post\".*?</form>", text, flags=re.DOTALL | re.IGNORECASE):
        assert re.search(r"form_start\(|csrf\(|csrf_token\(", form), f"{template.name}: {form[:80]}"


def test_a_text_field_keeps_the_newline_that_its_value_begins_with(app: Flask) -> None:
    with app.test_request_context():
        field = render_template_string('{% import "macros.html" as ui %}{{ ui.area("notes", "Notes", "\\n  a\\n") }}')
    assert ">\n\n  a\n</textarea>" in field  # a browser drops the first newline newline


@pytest.fixture(scope="module")
def app() -> Flask:
    return sample_page()


@pytest.fixture(scope="module")
def parts(app: Flask) -> BeautifulSoup:
    return BeautifulSoup(signed_in(app).get("/checkout/curie").text, "html.parser")


def test_what_is_rendered_has_no_inline_style_or_script(parts: BeautifulSoup) -> None:
    assert not parts.select("[style], style, script:not([src])")
    assert not [tag for tag in parts.find_all(True) for name in tag.attrs if name.startswith("on")]


def test_every_field_has_a_label(parts: BeautifulSoup) -> None:
    for field in parts.select("input:not([type=hidden]), select, textarea"):
        labelled = (
            field.get("aria-label") or parts.select_one(f'label[for="{field.get("id")}"]') or field.find_parent("label")
        )
        assert labelled, field


def test_every_icon_is_in_the_sprite(parts: BeautifulSoup) -> None:
    sprite = (PAGES / "common/static/icons.svg").read_text()
    for use in parts.select("use"):
        assert f'id="{str(use["href"]).partition("#")[2]}"' in sprite


def test_an_error_stands_below_its_field_and_the_typed_value_stays(parts: BeautifulSoup) -> None:
    field = parts.select_one("#cas")
    assert field
    assert field["value"] == "<b>109-99-8"
    assert field["aria-invalid"] == "true"
    said = parts.select_one(f"#{field['aria-describedby']}")
    assert said
    assert said.text == "Its check digit is 9."
    assert field.has_attr("required")
    assert not field.has_attr("autofocus")


def test_an_amount_and_its_unit_are_one_control(parts: BeautifulSoup) -> None:
    amount, unit = parts.select_one("[name=lines-0-amount]"), parts.select_one("select[name=lines-0-unit]")
    assert amount
    assert unit
    assert amount["inputmode"] == "decimal"
    assert [str(option["value"]) for option in unit.select("option[selected]")] == ["mg"]
    assert parts.select_one("#lines-0-amount-error")


def test_a_choice_keeps_what_was_chosen(parts: BeautifulSoup) -> None:
    assert [option.text for option in parts.select("#location option[selected]")] == ["Room 2.16"]
    assert parts.select("#location option")[0]["value"] == ""


def test_the_four_states_of_hazards_are_words(parts: BeautifulSoup) -> None:
    said = [hazards.get_text(" ", strip=True) for hazards in parts.select(".ct-haz")]
    assert said == ["+1 Danger", "Not known", "None", "Looking up"]
    assert [str(image["alt"]) for image in parts.select(".ct-haz")[0].select("img")] == [
        "Flammable",
        "Corrosive",
        "Acutely toxic",
        "Harmful or irritant",
    ]
    assert parts.select_one('.ct-haz .more[title="Hazardous to the environment"]')


def test_each_form_has_a_key_of_its_own(parts: BeautifulSoup) -> None:
    keys = [str(field["value"]) for field in parts.select("input[name=key]")]
    assert len(keys) == len(set(keys)) == 3


def test_the_plot_is_read_from_an_attribute(parts: BeautifulSoup) -> None:
    import json

    canvas = parts.select_one("canvas[data-plot]")
    assert canvas
    assert json.loads(str(canvas["data-plot"]))["labels"] == ["it's"]
    assert canvas["aria-label"] == "Rising"
