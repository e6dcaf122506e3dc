"""The nine GHS pictograms, drawn from the files that the pages show, too: pages/common/static/ghs."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

from reportlab.lib.colors import toColor
from reportlab.pdfgen.canvas import Canvas

FOLDER = Path(__file__).parents[2] / "pages/common/static/ghs"
FIELD = 64
PATH = "{http://www.w3.org/2000/svg}path"
Steps = list[tuple[str, list[float]]]


@cache
def _signs() -> dict[str, list[tuple[dict[str, str], Steps]]]:
    """Pictogram → its paths from back to front. Each path has its attributes and its steps; a step is a letter and coordinates.

    A test checks that the files use only the part of SVG that this function reads: paths of M, L, C and Z, colours of six digits.
    """
    signs = {}
    for file in sorted(FOLDER.glob("ghs0*.svg")):
        paths = [dict(path.attrib) for path in ElementTree.parse(file).iter(PATH)]  # noqa: S314 (files of our own)
        signs[file.stem.upper()] = [(path, _steps(path["d"])) for path in paths]
    return signs


def _steps(drawn: str) -> Steps:
    return [(letter, [float(x) for x in rest.split()]) for letter, rest in re.findall(r"([MLCZ])([^MLCZ]*)", drawn)]


def names() -> Iterator[str]:
    """GHS01 to GHS09."""
    yield from _signs()


def draw_pictogram(canvas: Canvas, name: str, x: float, y: float, size: float) -> None:
    """Draw a pictogram into the square at x, y (its lower left corner), in points. An unknown name draws nothing.

    A document holds the drawing once, as a form that each label shows.
    """
    if name not in _signs():
        return
    if not canvas.hasForm(name):
        canvas.beginForm(name, 0, 0, FIELD, FIELD)
        _draw_sign(canvas, name)
        canvas.endForm()
    canvas.saveState()
    canvas.translate(x, y + size)
    canvas.scale(size / FIELD, -size / FIELD)
    canvas.doForm(name)
    canvas.restoreState()


def _draw_sign(canvas: Canvas, name: str) -> None:
    """Draws the pictogram as its file has it, where y grows downwards."""
    for paint, steps in _signs()[name]:
        fill, stroke = paint.get("fill", "#000000"), paint.get("stroke", "none")
        if fill != "none":
            canvas.setFillColor(toColor(fill))
        if stroke != "none":
            canvas.setStrokeColor(toColor(stroke))
            canvas.setLineWidth(float(paint["stroke-width"]))
            canvas.setLineCap(1 if paint.get("stroke-linecap") == "round" else 0)
        path = canvas.beginPath()
        for letter, numbers in steps:
            if letter == "Z":
                path.close()
            else:
                move = path.curveTo if letter == "C" else path.lineTo if letter == "L" else path.moveTo
                move(*numbers)
        canvas.drawPath(path, fill=fill != "none", stroke=stroke != "none")
