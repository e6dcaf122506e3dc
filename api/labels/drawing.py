"""Draws labels with reportlab."""

import io
from collections.abc import Sequence
from dataclasses import replace

from reportlab import rl_config
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from api.labels import FORMATS, MOST_LABELS, PICTURE, SHEETS, Format, Label, Sheet, check_sheet

from .codes import CODE_128_QUIET, bars_of, path_of, qr_rows
from .dots import as_png, as_zpl
from .pictograms import draw_pictogram
from .text import BOLD, REGULAR, draw, fit_line, width, wrap

rl_config.useA85 = 0  # binary streams: encoding them as ASCII took a fifth of the time
LONGEST_NAME = 300
CAPITALS, HIGHEST = 0.8, 1.08
"""How far capital letters, and the marks of Thai and Vietnamese, rise above the line, in units of the font size."""
DEEPEST = 0.2
"""The room that letters of Devanagari and Thai need below the line, beyond the room between lines, in units of the font size."""
FOOT = 0.65 * mm
"""The height of the lowest base line, so that letters which hang below it stay on the label."""
NARROWEST_BAR = 0.19 * mm
"""The narrowest bar of a Code 128 that a 300 dpi printer prints cleanly and that common scanners read."""
WIDEST_BAR = 0.33 * mm
NARROWEST_MODULE = 0.3 * mm
"""The narrowest module of a QR code: more than two dots of a 203 dpi printer, and wide enough for a phone at a hand's breadth."""


def draw_labels(
    labels: Sequence[Label], sheet: str = "a4-70x37", skip: int = 0, form: Format = FORMATS["pdf"]
) -> bytes:
    """The labels as a file of this format. `skip` leaves that many labels of the first sheet free, because they were used before.

    Raises ValueError where check_sheet does, and for no label or more than 1000.
    """
    check_sheet(sheet, skip)
    if not 0 < len(labels) <= MOST_LABELS:
        raise ValueError(f"From 1 to {MOST_LABELS} labels are printed at once.")
    paper = SHEETS[sheet]
    if not form.dots_per_inch:
        return draw_pages(labels, paper, skip)
    if form is PICTURE:
        alone = replace(paper, page=paper.label, columns=1, rows=1)
        return as_png(draw_pages(labels[:1], alone, 0, form.dots_per_inch), form.dots_per_inch)
    return as_zpl(draw_pages(labels, paper, skip, form.dots_per_inch), form.dots_per_inch)


def draw_pages(labels: Sequence[Label], paper: Sheet, skip: int, dots_per_inch: int | None = None) -> bytes:
    """The labels as a PDF, with the first `skip` labels of the first sheet left free.

    With `dots_per_inch` the pages and the modules of the codes are made of whole dots, so that a printer of this kind, which knows
    no grey, prints every bar as wide as the others.
    """
    file = io.BytesIO()
    dot = 72 / dots_per_inch if dots_per_inch else 0
    # Slightly less than a whole number of dots: a size rounded up to one dot more would make the printer scale the page.
    wide, high = (_whole(length * mm, dot) - dot / 50 for length in paper.page)
    canvas = Canvas(file, pagesize=(wide, high), invariant=1, pageCompression=1)
    canvas.setTitle("Labels")
    canvas.setAuthor("ChemTrack")
    for number, label in enumerate(labels, start=skip):
        place = number % paper.places
        if place == 0 and number > skip:
            canvas.showPage()
        left, bottom, wide, high = (_whole(length * mm, dot) for length in paper.printable(place))
        canvas.saveState()
        canvas.translate(left, bottom)
        _draw(canvas, label, wide, high, dot)
        canvas.restoreState()
    canvas.save()
    return file.getvalue()


def _whole(length: float, dot: float) -> float:
    """The length, in whole dots that are not longer; 0 dots as the length is."""
    return int(length / dot + 1e-6) * dot if dot else length


def _draw(canvas: Canvas, label: Label, room: float, height: float, dot: float) -> None:
    """Draws one label into the rectangle of `room` by `height` points at the origin."""
    code = _lines_of_code(label.code, room * 0.62)
    bars = bars_of(label.code)
    module = _whole(min(WIDEST_BAR, room * 0.62 / max(len(bars), 1)), dot)
    has_bars = bool(bars) and module >= NARROWEST_BAR
    bar_height = min(6 * mm, height * 0.22) if has_bars else 0
    strip = max(len(code) * 2.3 * mm + bar_height + 1.1 * mm, min(9.5 * mm, height * 0.36))
    qr_size = _draw_qr(canvas, label, room, height, dot)
    beside_qr = room - qr_size - 1.5 * mm
    lines = _facts(label)
    least = (
        2.9 * mm if width(label.name, BOLD, 6.5) <= beside_qr else 4.9 * mm
    )  # of the name, which stands on one line or on two
    most = max(1, int((height - strip - least) // (2.6 * mm)))
    if len(lines) < most and label.h_statements:
        lines.append(_codes_that_fit(label.h_statements, beside_qr))
    lines = lines[:most]
    y = _draw_name(canvas, label.name, height, beside_qr, height - strip - len(lines) * 2.6 * mm)
    for line in lines:
        y -= 2.6 * mm
        beside = beside_qr if y > height - qr_size - 1 * mm and y < height else room
        draw(canvas, 0, y, fit_line(line, REGULAR, 6, beside), REGULAR, 6)
    code_size = 6.5 if max(width(line, REGULAR, 6.5) for line in code) <= room * 0.62 else 5
    for place, line in enumerate(code, start=1):
        draw(canvas, 0, FOOT + (len(code) - place) * 2.3 * mm, line, REGULAR, code_size)
    if has_bars:
        canvas.addLiteral(path_of([bars], 0, len(code) * 2.3 * mm + 0.8 * mm, module, bar_height))
    edge = max(len(bars) * module if has_bars else 0, *(width(line, REGULAR, code_size) for line in code))
    if not label.is_location:
        _draw_hazards(canvas, label, min(edge + CODE_128_QUIET * module, room * 0.62 + 2 * mm), room, strip)


def _facts(label: Label) -> list[str]:
    """The lines of text between name and barcode; those that would be empty are left out."""
    opened, expires = (
        f"{word} {day.day} {day:%b %Y}" if day else ""
        for word, day in (("Opened", label.opened_on), ("Expires", label.expires_on))
    )
    rows = (
        (f"CAS {label.cas_number}" if label.cas_number else "", label.amount or ""),
        (f"Lot {label.lot}" if label.lot else "", expires),
        (label.lab, label.location or ""),
        (opened,),
    )
    return [line for row in rows if (line := " · ".join(part for part in row if part))]


def _codes_that_fit(codes: Sequence[str], room: float) -> str:
    """Whole codes on one line; an ellipsis where there are more of them."""
    for count in range(len(codes), 0, -1):
        line = " ".join([*codes[:count], *(["…"] if count < len(codes) else [])])
        if width(line, REGULAR, 6) <= room:
            return line
    return "H …"


def _draw_name(canvas: Canvas, name: str, top: float, room: float, space: float) -> float:
    """Draws the name as large as its room allows; returns where the text below it begins."""
    name = " ".join(name.split())[:LONGEST_NAME]
    rise = CAPITALS if name.isascii() else HIGHEST
    for size in (12, 10, 8.5, 7.5, 6.5, 5.5):
        lines = wrap(name, BOLD, size, room)
        most = max(1, int((space - size * (DEEPEST + rise - CAPITALS)) // (size * 1.15)))
        if len(lines) <= most:
            break
    if len(lines) > most:
        lines = [*lines[: most - 1], fit_line(" ".join(lines[most - 1 :]), BOLD, size, room)]
    y = top - size * rise
    for line in lines:
        draw(canvas, 0, y, line, BOLD, size)
        y -= size * 1.15
    return y + size * (1.15 - DEEPEST)


def _draw_qr(canvas: Canvas, label: Label, room: float, height: float, dot: float) -> float:
    """Draws the QR code into the upper right corner; returns its size. The label's white margin is part of its quiet zone."""
    rows = qr_rows(label.address or label.code)
    if label.address and len(rows) * NARROWEST_MODULE > height * 0.7:
        rows = qr_rows(label.code)  # the address is too long for this label
    size = min(max(13 * mm, (len(rows) + 2) * NARROWEST_MODULE), height * 0.7)
    module = _whole(size / (len(rows) + 2), dot)
    size = module * (len(rows) + 2)
    canvas.addLiteral(path_of(rows, room - size + module, height - size + module, module, module))
    return size


def _lines_of_code(code: str, room: float) -> list[str]:
    """The barcode as text for people: all of it, on one line or two."""
    for size in (6.5, 5):
        if width(code, REGULAR, size) <= room:
            return [code]
    lines = wrap(code, REGULAR, 5, room)
    if len(lines) <= 2:
        return lines
    half = (len(code) + 1) // 2
    return [code[:half], code[half:]]


def _draw_hazards(canvas: Canvas, label: Label, left: float, right: float, strip: float) -> None:
    """Draws signal word and pictograms, or words which say that they are not known, at the foot beside the barcode."""
    room = right - left
    if not label.pictograms:
        sentence = "Hazards not known. Treat it as hazardous." if label.pictograms is None else "No GHS pictogram"
        for place, line in enumerate(wrap(sentence, REGULAR, 5.5, room)[:3]):
            draw(canvas, left, min(6 * mm, strip - 2.2 * mm) - place * 2.2 * mm, line, REGULAR, 5.5)
    if label.pictograms is None:
        return
    draw(canvas, left, FOOT, fit_line(label.signal_word or "", BOLD, 6.5, room), BOLD, 6.5)
    top = strip + 0.2 * mm
    count = len(label.pictograms)
    across = count if count <= 4 else (count + 1) // 2
    size = min(7 * mm, top - 3 * mm) if count <= 4 else (top - 3 * mm) / 2
    size = min(size, room / max(across, 1))
    for place, name in enumerate(label.pictograms):
        row, column = divmod(place, max(across, 1))
        draw_pictogram(canvas, name, left + column * size, top - size - row * size, size)
