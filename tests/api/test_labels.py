"""Labels as a PDF: every text fits, in any script, and every sheet has its places."""

import re
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from api.labels import SHEETS, Label, draw_labels
from api.labels.pictograms import names
from api.labels.text import REGULAR, fit_line, runs, width, wrap

ETHANOL = Label(
    "Ethanol",
    "CT-000123",
    "Curie lab",
    "64-17-5",
    "500 mL",
    "Danger",
    ["GHS02", "GHS07"],
    "Main › 204 A",
    "K1234",
    date(2027, 6, 30),
)


def page_count(pdf: bytes) -> int:
    assert pdf.startswith(b"%PDF-")
    return len(re.findall(rb"/Type /Page\b", pdf))


@pytest.mark.parametrize(("labels", "skip", "pages"), [(1, 0, 1), (24, 0, 1), (25, 0, 2), (24, 1, 2), (1, 23, 1)])
def test_an_a4_sheet_has_24_labels(labels: int, skip: int, pages: int) -> None:
    assert page_count(draw_labels([ETHANOL] * labels, skip=skip)) == pages


def test_a_roll_has_a_page_for_each_label() -> None:
    pdf = draw_labels([ETHANOL] * 3, "roll-62")
    assert page_count(pdf) == 3
    assert b"/MediaBox [ 0 0 175.748 82.20472 ]" in pdf, "62 × 29 mm"


@pytest.mark.parametrize(
    ("count", "sheet", "skip", "sentence"),
    [(1, "a5", 0, "Labels are printed on one of"), (1, "roll-62", 1, "The sheet has 1 labels"), (1, "a4-70x37", -1, "The sheet has 24"),
     (1001, "a4-70x37", 0, "From 1 to 1000 labels"),
        (0, "a4-70x37", 0, "From 1 to 1000 labels")],
)  # fmt: skip
def test_what_cannot_be_printed_is_refused(count: int, sheet: str, skip: int, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        draw_labels([ETHANOL] * count, sheet, skip)


@settings(max_examples=60, deadline=None)
@given(
    some.builds(
        Label,
        name=some.text(max_size=400),
        code=some.text(min_size=1, max_size=64),
        lab=some.text(max_size=100),
        cas_number=some.none() | some.text(max_size=20),
        amount=some.none() | some.text(max_size=40),
        signal_word=some.sampled_from([None, "", "Danger", "Warning"]),
        pictograms=some.none() | some.lists(some.sampled_from([*names(), "GHS99", "unknown"]), max_size=12),
        location=some.none() | some.text(max_size=200),
        lot=some.none() | some.text(max_size=100),
        expires_on=some.none() | some.dates(),
    ),
    some.sampled_from(sorted(SHEETS)),
)
def test_any_label_is_drawn(label: Label, sheet: str) -> None:
    assert page_count(draw_labels([label], sheet)) == 1


@pytest.mark.parametrize(
    ("text", "fonts"),
    [
        ("Ethanol", ["Vera"]),
        ("α-Pinene", ["Symbol", "Vera"]),
        ("乙醇", ["STSong-Light"]),
        ("エタノール", ["HeiseiKakuGo-W5"]),
        ("에탄올", ["HYGothic-Medium"]),
        ("Этанол", ["HeiseiKakuGo-W5"]),
    ],
)
def test_letters_come_from_a_font_that_has_them(text: str, fonts: list[str]) -> None:
    found = list(runs(text, REGULAR))
    assert [font for font, _ in found] == fonts
    assert "".join(piece for _, piece in found) == text


def test_what_no_font_has_loses_its_accent_or_becomes_a_question_mark() -> None:
    assert "".join(piece for _, piece in runs("ě₂\u202e😀ا", REGULAR)) == "e2??"


@given(some.text(max_size=120), some.integers(min_value=30, max_value=200))
def test_lines_are_never_wider_than_their_place(text: str, room: int) -> None:
    assert width(fit_line(text, REGULAR, 6, room), REGULAR, 6) <= room
    assert all(
        width(
            line,
            REGULAR,
            6,
        )
        <= room
        for line in wrap(text, REGULAR, 6, room)
    )


def test_a_long_name_is_broken_where_chemists_would() -> None:
    lines = wrap("2-(imidazol-1-ylmethyl)-1,3-dioxolan", REGULAR, 9, 125)
    assert lines == ["2-(imidazol-1-ylmethyl)-", "1,3-dioxolan"]
