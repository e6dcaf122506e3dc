"""Labels as a PDF: every text fits, in any script, and every sheet has its places."""

import binascii
import io
import re
import zlib
from base64 import b64decode
from dataclasses import replace
from datetime import date
from itertools import groupby, product
from typing import Any
from xml.etree import ElementTree

import pypdfium2
import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as some
from PIL import Image

from api.labels import FORMATS, PICTURE, SHEETS, Label, check_format
from api.labels.drawing import draw_labels
from api.labels.letters import printable_name, unprintable
from api.labels.pictograms import FIELD, FOLDER, PATH, names
from api.labels.text import BOLD, FIRST_GLYPH, REGULAR, fit_line, runs, width, wrap

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
        opened_on=some.none() | some.dates(),
        h_statements=some.lists(some.text(max_size=12), max_size=40),
    ),
    some.sampled_from(sorted(SHEETS)),
)
def test_any_label_is_drawn(label: Label, sheet: str) -> None:
    assert page_count(draw_labels([label], sheet)) == 1


SCRIPTS = {
    "Latin": "Ethanol (99,8 %) ½ H₂SO₄ ⁿBu → Å °C µ ± ′ ″ ‐ −",
    "Greek": "α-Πινένιο Ω",
    "Cyrillic": "Серная кислота, їжак",
    "Arabic": "حمض الكبريتيك",
    "Hebrew": "חומצה גופרתית",
    "Hindi": "सल्फ्यूरिक अम्ल",
    "Thai": "กรดซัลฟิวริก น้ำกลั่น",
    "Chinese": "硫酸 氫氧化鈉",
    "Japanese": "エタノール、ぶどう糖",
    "Korean": "에탄올 황산",
    "Vietnamese": "Điện phân ẩ",
    "Georgian": "მჟავა",
}


@pytest.mark.parametrize("script", SCRIPTS)
@pytest.mark.parametrize("font", [REGULAR, BOLD])
def test_letters_of_all_these_scripts_have_a_glyph(script: str, font: str) -> None:
    text = SCRIPTS[script]
    assert unprintable(text) == ""
    found = runs(text, font)
    assert found
    assert chr(FIRST_GLYPH) not in "".join(run.text for run in found), "the box that a font shows for what it lacks"
    assert all(run.width > 0 for run in found)


def glyphs(text: str) -> list[int]:
    [run] = runs(text, REGULAR)
    return [ord(char) - FIRST_GLYPH for char in run.text]


def test_arabic_letters_join_and_stand_from_right_to_left() -> None:
    alone = [glyphs(letter)[0] for letter in "حمض"]
    joined = glyphs("حمض")
    assert len(joined) == 3
    assert not set(joined) & set(alone), "each has another shape between its neighbours than alone"
    assert joined == glyphs("مض")[:1] + joined[1:], "the last letter stands on the left"


def test_vowels_of_hindi_stand_before_their_consonant_and_marks_of_thai_above_it() -> None:
    assert glyphs("कि") != glyphs("क") + glyphs("ि"), "written behind the letter, seen before it"
    assert glyphs("कि")[-1] == glyphs("क")[0]
    [thai] = runs("น้ำ", REGULAR)
    assert thai.width < sum(run.width for char in "นำ" for run in runs(char, REGULAR)) * 1.01


def test_figures_and_brackets_keep_their_order_within_arabic() -> None:
    seen = "".join(run.text for run in runs("حمض (H2SO4) 98%", REGULAR) if not run.places)
    assert seen == "98% (H2SO4) "
    assert "".join(run.text for run in runs("A (حمض) B", REGULAR) if not run.places) == "A () B"
    assert "".join(run.text for run in runs("חומצה [חומצה]", REGULAR) if not run.places) == "[] "


@pytest.mark.parametrize(
    ("name", "synonyms", "cas_number", "printed"),
    [
        ("Ethanol", ["Alcohol"], "64-17-5", "Ethanol"),
        ("Ethanol 🔥 (99 %)", ["Alcohol"], "64-17-5", "Ethanol (99 %)"),
        ("எத்தனால்", ["இது", "Ethanol"], "64-17-5", "Ethanol"),
        ("எத்தனால் 99 %", [], "64-17-5", "CAS 64-17-5"),
        ("எத்தனால்", [], None, "(no printable name)"),
        ("🔥🔥", [], "64-17-5", "CAS 64-17-5"),
    ],
)
def test_a_name_without_glyphs_gives_way(name: str, synonyms: list[str], cas_number: str | None, printed: str) -> None:
    assert printable_name(name, synonyms, cas_number) == printed


def test_what_no_font_has_is_named_and_left_out() -> None:
    assert unprintable("Ethanol 🔥🔥 தி") == "🔥தி"
    assert "".join(run.text for run in runs("ě₂\u202e😀", REGULAR)) == "ě₂"
    assert unprintable("ě₂\u202e\ufe0f\u200b") == "", "nobody misses what is invisible"


ADDRESS = "HTTPS://CHEMTRACK.EXAMPLE.EDU/C/CURIE/"
CODES = ["CT-000123", "1", "AB.12:+_-x", "CT-" + "0123456789" * 2, "A" * 31 + "-" + "Ab1+" * 8, "ab_." * 16]
NAMES = ["Ethanol", "2-(4-(2-Hydroxyethyl)piperazin-1-yl)ethane-1-sulfonic acid " * 4, *SCRIPTS.values()]


def decoded(page: Any, dots_per_inch: int) -> set[tuple[str, str]]:
    """Kind and text of each code on a page, as it is printed."""
    found = zxingcpp.read_barcodes(page.render(scale=dots_per_inch / 72, grayscale=True).to_pil())
    return {("QR" if "QR" in str(code.format) else "bars", code.text) for code in found}


@pytest.mark.parametrize("dots_per_inch", [203, 300])
@pytest.mark.parametrize("sheet", SHEETS)
def test_every_code_is_read_from_every_paper(sheet: str, dots_per_inch: int) -> None:
    labels = [
        replace(ETHANOL, name=NAMES[number % len(NAMES)], code=f"{code}{number % 10}"[-64:], address=address and f"{ADDRESS}{code}{number}".upper())
        for number, (code, address) in enumerate(product(CODES, (None, ADDRESS)))
    ]  # fmt: skip
    pdf = pypdfium2.PdfDocument(draw_labels(labels, sheet))
    found = set().union(*(decoded(page, dots_per_inch) for page in pdf))
    assert {("QR", label.address or label.code) for label in labels} <= found
    assert {text for kind, text in found if kind == "bars"} >= {label.code for label in labels if len(label.code) <= 10}
    assert {text for kind, text in found if kind == "bars"} <= {label.code for label in labels}


ROLLS = [name for name, sheet in SHEETS.items() if sheet.places == 1]
GRAPHIC = re.compile(
    rb"\^XA\^PW(\d+)\^LL(\d+)\^LH0,0\^FO0,0\^GFA,(\d+),(\d+),(\d+),:Z64:([A-Za-z0-9+/=]+):([0-9A-F]{4})\^FS\^XZ\n"
)


def printed(zpl: bytes) -> list[Image.Image]:
    """What a Zebra printer prints of ZPL: the dots of each label's graphic field."""
    labels = []
    assert GRAPHIC.sub(b"", zpl) == b"", "nothing but labels"
    for found in GRAPHIC.finditer(zpl):
        wide, high, size, total, row = (int(number) for number in found.groups()[:5])
        dots = zlib.decompress(b64decode(found[6]))
        assert int(found[7], 16) == binascii.crc_hqx(found[6], 0)
        assert len(dots) == size == total == row * high
        assert row == -(-wide // 8)
        image = Image.frombytes("1", (row * 8, high), dots).convert("L").point(lambda shade: 255 - shade)
        labels.append(image.crop((0, 0, wide, high)))
    return labels


@pytest.mark.parametrize("form", ["zpl-203", "zpl-300"])
@pytest.mark.parametrize("sheet", ROLLS)
def test_every_code_is_read_from_what_a_zebra_prints(sheet: str, form: str) -> None:
    labels = [
        replace(ETHANOL, name=NAMES[number % len(NAMES)], code=code, address=address and f"{ADDRESS}{code}".upper())
        for number, (code, address) in enumerate(product(CODES, (None, ADDRESS)))
    ]
    images = printed(draw_labels(labels, sheet, form=FORMATS[form]))
    dots = FORMATS[form].dots_per_inch or 0
    wide, high = (int(length / 25.4 * dots) for length in SHEETS[sheet].page)
    for label, image in zip(labels, images, strict=True):
        assert image.size == (wide, high)
        found = {("QR" if "QR" in str(code.format) else "bars", code.text) for code in zxingcpp.read_barcodes(image)}
        assert {text for kind, text in found if kind == "QR"} <= {label.address, label.code}
        assert "QR" in {kind for kind, _ in found}
        assert len(label.code) > 9 or ("bars", label.code) in found


def test_bars_and_modules_are_whole_dots_for_a_zebra() -> None:
    [image] = printed(draw_labels([ETHANOL], "roll-62", form=FORMATS["zpl-203"]))
    [bars] = [code for code in zxingcpp.read_barcodes(image) if "QR" not in str(code.format)]
    place = bars.position
    row = [image.getpixel((x, place.top_left.y + 4)) == 0 for x in range(place.top_left.x, place.top_right.x + 1)]
    runs = [len(list(same)) for _, same in groupby(row)]
    assert {run % 2 for run in runs} == {0}, "two dots a bar, at 203 dpi"


def test_zpl_is_for_rolls_and_the_picture_is_of_one_label() -> None:
    with pytest.raises(ValueError, match="prints rolls"):
        check_format("zpl-203", "avery-l7160")
    with pytest.raises(ValueError, match="leave as one of pdf"):
        check_format("epl", "roll-62")
    picture = Image.open(io.BytesIO(draw_labels([ETHANOL] * 3, "avery-l7160", 5, PICTURE)))
    assert picture.size == (int(63.5 / 25.4 * 300), 450)
    assert {code.text for code in zxingcpp.read_barcodes(picture)} == {ETHANOL.code}


def texts(label: Label, sheet: str) -> str:
    return str(pypdfium2.PdfDocument(draw_labels([label], sheet))[0].get_textpage().get_text_range())


def test_opened_and_h_codes_stand_where_there_is_room_and_no_code_is_cut() -> None:
    label = replace(ETHANOL, opened_on=date(2026, 3, 1), h_statements=["H225", "H319"])
    assert "Opened 1 Mar 2026" in texts(label, "zebra-102x51")
    assert "H225 H319" in texts(label, "zebra-102x51")
    many = [f"H3{number:02}+H3{number:02}" for number in range(30)]
    found = texts(replace(ETHANOL, lot=None, expires_on=None, h_statements=many), "brother-dk-22205").split()
    codes = [word for word in found if word.startswith("H3")]
    assert codes == many[: len(codes)]
    assert 1 < len(codes) < 30
    assert found[found.index(codes[-1]) + 1] == "…", "a list that is not whole says so"


def test_a_long_name_has_two_lines_before_the_last_facts_have_theirs() -> None:
    name = "2-(4-Nitrophenyl)-1,3-dioxolane-4-carboxylic acid ethyl ester"
    label = replace(ETHANOL, name=name, opened_on=date(2026, 3, 1), h_statements=["H225"])
    written = "".join(filter(str.isalnum, texts(label, "zebra-51x25")))
    assert "".join(filter(str.isalnum, name)) in written


@pytest.mark.parametrize("sheet", SHEETS)
def test_a_code_of_64_signs_is_whole_in_letters(sheet: str) -> None:
    code = "Ab1+" * 16
    page = pypdfium2.PdfDocument(
        draw_labels([replace(ETHANOL, code=code, address=ADDRESS + code.upper(), location=None)], sheet)
    )[0]
    lines = page.get_textpage().get_text_range().split()
    assert code in "".join(line for line in lines if set(line) <= set(code))


def test_a_brother_label_stays_on_the_rows_that_are_printed() -> None:
    labels = [
        replace(ETHANOL, name=name, code=code, pictograms=list(names()))
        for name, code in zip(NAMES, CODES * 3, strict=False)
    ]
    for page in pypdfium2.PdfDocument(draw_labels(labels, "roll-62")):
        image = page.render(scale=300 / 72, grayscale=True).to_pil().point(lambda shade: 255 - shade)
        assert image.size == (733, 343)
        _, top, _, bottom = image.getbbox()
        assert 36 <= top < bottom <= 307


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
    lines = wrap("2-(imidazol-1-ylmethyl)-1,3-dioxolan", REGULAR, 9, 112)
    assert lines == ["2-(imidazol-1-ylmethyl)-", "1,3-dioxolan"]


def test_a_long_name_is_broken_at_brackets() -> None:
    assert wrap("tris(hydroxymethyl)aminomethane", REGULAR, 9, 100) == ["tris(hydroxymethyl)", "aminomethane"]


def test_labels_draw_the_pictograms_of_the_pages() -> None:
    """Each SVG file uses only what the drawing can read, so that a pictogram looks the same on a label and on a page."""
    assert list(names()) == [f"GHS0{number}" for number in range(1, 10)]
    for file in FOLDER.glob("ghs0*.svg"):
        image = ElementTree.parse(file).getroot()
        assert image.get("viewBox") == f"0 0 {FIELD} {FIELD}"
        title, *paths = image
        assert title.tag.endswith("title")
        for path in paths:
            assert path.tag == PATH, file.name
            assert set(path.attrib) <= {"d", "fill", "stroke", "stroke-width", "stroke-linecap"}, file.name
            assert re.fullmatch(r"M( -?[\d.]+){2}( ([ML]( -?[\d.]+){2}|C( -?[\d.]+){6}|Z))*", path.attrib["d"]), (
                file.name
            )
            assert path.get("fill") == "none" or path.attrib["d"].count("M") == 1, (
                "where two overlap, SVG and PDF differ"
            )
            for paint in (path.get("fill", "#000000"), path.get("stroke", "none")):
                assert re.fullmatch(r"none|#[0-9a-f]{6}", paint), file.name
            assert ("stroke-width" in path.attrib) == ("stroke" in path.attrib), file.name
