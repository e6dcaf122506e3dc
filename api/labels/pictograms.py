"""The nine GHS pictograms, drawn: the signs of pages/common/static/ghs as lines and curves on a field of 64 by 64."""

import re
from collections.abc import Iterator
from functools import cache

from reportlab.pdfgen.canvas import Canvas

FIELD = 64
RED = (0.83, 0, 0.1)

# A line "paint: path" each: fill or stroke with a colour, a width and round ends; M, L, C and Z as in SVG.
_SIGNS = """
GHS01
  fill black: M 31 16 L 28.1 29.6 L 33.9 29.6 L 31 16 Z M 40 22.6 L 32.4 29.1 L 37.4 32.3 L 40 22.6 Z M 22 22.6 L 24.6
      32.3 L 29.6 29.1 L 22 22.6 Z M 47.8 28.1 L 36.2 30.9 L 39 36.1 L 47.8 28.1 Z M 14.2 28.1 L 23 36.1 L
      25.8 30.9 L 14.2 28.1 Z M 46 37.5 L 38.5 34.3 L 38.3 40.2 L 46 37.5 Z M 16 37.5 L 23.7 40.2 L 23.5 34.3
      L 16 37.5 Z M 22.5 40 C 22.5 35.3 26.3 31.5 31 31.5 C 35.7 31.5 39.5 35.3 39.5 40 C 39.5 44.7 35.7 48.5
      31 48.5 C 26.3 48.5 22.5 44.7 22.5 40 Z M 20.1 24 C 20.1 23 21 22.1 22 22.1 C 23 22.1 23.9 23 23.9 24 C
      23.9 25 23 25.9 22 25.9 C 21 25.9 20.1 25 20.1 24 Z M 40.1 23.5 C 40.1 22.5 41 21.6 42 21.6 C 43 21.6
      43.9 22.5 43.9 23.5 C 43.9 24.5 43 25.4 42 25.4 C 41 25.4 40.1 24.5 40.1 23.5 Z M 45.3 32 C 45.3 31.1
      46.1 30.3 47 30.3 C 47.9 30.3 48.7 31.1 48.7 32 C 48.7 32.9 47.9 33.7 47 33.7 C 46.1 33.7 45.3 32.9 45.3
      32 Z M 13.8 33 C 13.8 32.1 14.6 31.3 15.5 31.3 C 16.4 31.3 17.2 32.1 17.2 33 C 17.2 33.9 16.4 34.7 15.5
      34.7 C 14.6 34.7 13.8 33.9 13.8 33 Z
GHS02
  fill black: M 33 13 C 34.2 19.2 42.6 22.6 42.6 32.2 C 42.6 39 37.6 43 32 43 C 26.4 43 21.4 39 21.4 32.8 C 21.4 27.8
      24.2 25 25.4 20.8 C 27.4 22.4 28.4 24.4 28.6 26.6 C 31.4 22.8 33.4 18.6 33 13 Z M 21 46 L 43 46 L 43
      49.6 L 21 49.6 L 21 46 Z
GHS03
  fill black: M 32.7 9.5 C 33.6 14.1 39.8 16.6 39.8 23.7 C 39.8 28.7 36.1 31.7 32 31.7 C 27.8 31.7 24.1 28.7 24.1 24.2
      C 24.1 20.5 26.2 18.4 27.1 15.3 C 28.6 16.5 29.3 17.9 29.5 19.6 C 31.5 16.8 33 13.6 32.7 9.5 Z
  stroke black 4: M 26 39.5 C 26 36.2 28.7 33.5 32 33.5 C 35.3 33.5 38 36.2 38 39.5 C 38 42.8 35.3 45.5 32 45.5 C 28.7
      45.5 26 42.8 26 39.5 Z
  fill black: M 24 49.5 L 40 49.5 L 40 52.7 L 24 52.7 L 24 49.5 Z
GHS04
  fill black: M 17.4 33.5 L 34.8 25.7 C 37.6 24.5 40.8 25.8 42 28.5 L 42 28.5 C 43.3 31.3 42 34.6 39.3 35.8 L 21.9
      43.5 C 19.1 44.8 15.9 43.5 14.6 40.7 L 14.6 40.7 C 13.4 38 14.7 34.7 17.4 33.5 Z M 39.9 26.2 L 44 24.4 L
      46.5 29.8 L 42.4 31.7 L 39.9 26.2 Z M 43.9 22.8 L 45.7 22 C 46.2 21.7 46.8 22 47 22.5 L 49.9 28.9 C 50.1
      29.4 49.9 30 49.4 30.2 L 47.5 31 C 47 31.2 46.4 31 46.2 30.5 L 43.4 24.1 C 43.1 23.6 43.4 23 43.9 22.8 Z
GHS05
  stroke black 6.2 round: M 18.5 27 L 27.6 20.6 M 45.5 27 L 36.4 20.6
  stroke white 1.4: M 21.5 27.3 L 27.6 23 M 42.5 27.3 L 36.4 23
  fill black: M 21.6 31 L 24.8 31 L 25.6 34.2 C 25.6 35.5 24.5 36.6 23.2 36.6 C 21.9 36.6 20.8 35.5 20.8 34.2 L 21.6
      31 Z M 39.2 31 L 42.4 31 L 43.2 34.2 C 43.2 35.5 42.1 36.6 40.8 36.6 C 39.5 36.6 38.4 35.5 38.4 34.2 L
      39.2 31 Z M 12.5 39.5 L 19.7 39.5 L 21.7 42.8 L 24.7 42.8 L 26.7 39.5 L 30.5 39.5 L 30.5 46.2 L 18.5
      46.2 L 12.5 39.5 Z M 33.5 43.2 C 35.8 40 37.8 39.4 39.8 39.9 L 40.8 42.5 L 43.4 39.5 L 50.7 39.5 L 45.5
      44.8 C 42.5 47.2 36.9 47.1 33.5 46.2 L 33.5 43.2 Z
GHS06
  fill black: M 32 11.5 C 24.3 11.5 20 16.5 20 22.5 C 20 26.5 21.8 29 24.3 30.5 L 24.3 35 L 39.7 35 L 39.7 30.5 C 42.2
      29 44 26.5 44 22.5 C 44 16.5 39.7 11.5 32 11.5 Z
  fill white: M 23.5 23.5 C 23.5 21.6 25.1 20 27 20 C 28.9 20 30.5 21.6 30.5 23.5 C 30.5 25.4 28.9 27 27 27 C 25.1 27
      23.5 25.4 23.5 23.5 Z M 33.5 23.5 C 33.5 21.6 35.1 20 37 20 C 38.9 20 40.5 21.6 40.5 23.5 C 40.5 25.4
      38.9 27 37 27 C 35.1 27 33.5 25.4 33.5 23.5 Z M 32 26.5 L 34 30.5 L 30 30.5 L 32 26.5 Z M 28.6 32.2 L
      30.2 32.2 L 30.2 35 L 28.6 35 L 28.6 32.2 Z M 33.8 32.2 L 35.4 32.2 L 35.4 35 L 33.8 35 L 33.8 32.2 Z
  stroke black 3.8 round: M 20.5 38.5 L 43 48 M 43.5 38.5 L 21 48
  fill black: M 17.2 40.5 C 17.2 39.2 18.2 38.2 19.5 38.2 C 20.8 38.2 21.8 39.2 21.8 40.5 C 21.8 41.8 20.8 42.8 19.5
      42.8 C 18.2 42.8 17.2 41.8 17.2 40.5 Z M 42.2 40.5 C 42.2 39.2 43.2 38.2 44.5 38.2 C 45.8 38.2 46.8 39.2
      46.8 40.5 C 46.8 41.8 45.8 42.8 44.5 42.8 C 43.2 42.8 42.2 41.8 42.2 40.5 Z M 19.7 50 C 19.7 48.7 20.7
      47.7 22 47.7 C 23.3 47.7 24.3 48.7 24.3 50 C 24.3 51.3 23.3 52.3 22 52.3 C 20.7 52.3 19.7 51.3 19.7 50 Z
      M 39.7 50 C 39.7 48.7 40.7 47.7 42 47.7 C 43.3 47.7 44.3 48.7 44.3 50 C 44.3 51.3 43.3 52.3 42 52.3 C
      40.7 52.3 39.7 51.3 39.7 50 Z
GHS07
  fill black: M 26.8 13.5 L 37.2 13.5 L 34.9 36.5 L 29.1 36.5 L 26.8 13.5 Z M 27 45 C 27 42.2 29.2 40 32 40 C 34.8 40
      37 42.2 37 45 C 37 47.8 34.8 50 32 50 C 29.2 50 27 47.8 27 45 Z
GHS08
  fill black: M 25.7 18.5 C 25.7 15 28.5 12.2 32 12.2 C 35.5 12.2 38.3 15 38.3 18.5 C 38.3 22 35.5 24.8 32 24.8 C 28.5
      24.8 25.7 22 25.7 18.5 Z M 32 25.5 C 24 25.5 19 28.5 17.5 35.5 L 23 42 L 25.5 39 L 25.5 50.5 L 32 56 L
      38.5 50.5 L 38.5 39 L 41 42 L 46.5 35.5 C 45 28.5 40 25.5 32 25.5 Z
  fill white: M 32 27.9 L 33.6 33.7 L 39.4 32.2 L 35.2 36.5 L 39.4 40.8 L 33.6 39.3 L 32 45.1 L 30.4 39.3 L 24.6 40.8
      L 28.8 36.5 L 24.6 32.2 L 30.4 33.7 L 32 27.9 Z
GHS09
  stroke black 3.4 round: M 25 44 L 25 16.5 M 25 30 L 18.5 25 M 25 24.5 L 31 19.5 M 25 35.5 L 31.5 29.5
  fill black: M 14 42.5 L 32 42.5 L 32 46.1 L 17.6 46.1 L 14 42.5 Z M 31.5 39.5 C 35.5 33.9 41.7 34.3 44.8 38.5 L 48.5
      35.9 L 48.5 44.1 L 44.7 41.5 C 41.1 45.1 35.1 44.9 31.5 39.5 L 31.5 39.5 Z
  fill white: M 35 38.7 C 35 38 35.6 37.4 36.3 37.4 C 37 37.4 37.6 38 37.6 38.7 C 37.6 39.4 37 40 36.3 40 C 35.6 40 35
      39.4 35 38.7 Z
  fill black: M 21.5 49.2 L 39.5 49.2 L 36.3 52.4 L 24.7 52.4 L 21.5 49.2 Z
"""


@cache
def _signs() -> dict[str, list[tuple[list[str], list[tuple[str, list[float]]]]]]:
    """Pictogram → (paint, steps); a step is a letter and its coordinates."""
    signs: dict[str, list[tuple[list[str], list[tuple[str, list[float]]]]]] = {}
    for block in re.split(r"\n(?=GHS)", _SIGNS.strip()):
        name, *lines = re.split(r"\n  (?! )", block)
        signs[name] = []
        for line in lines:
            paint, path = line.split(":")
            steps = [
                (letter, [float(x) for x in rest.split()]) for letter, rest in re.findall(r"([MLCZ])([^MLCZ]*)", path)
            ]
            signs[name].append((paint.split(), steps))
    return signs


def names() -> Iterator[str]:
    """GHS01 to GHS09."""
    yield from _signs()


def draw_pictogram(canvas: Canvas, name: str, x: float, y: float, size: float) -> None:
    """Draw a pictogram into the square at x, y (its lower left corner), in points. An unknown name draws nothing."""
    if name not in _signs():
        return
    canvas.saveState()
    canvas.translate(x, y + size)
    canvas.scale(size / FIELD, -size / FIELD)
    canvas.setStrokeColorRGB(*RED)
    canvas.setFillGray(1)
    canvas.setLineWidth(5)
    diamond = canvas.beginPath()
    diamond.moveTo(32, 3.5)
    for corner in ((60.5, 32), (32, 60.5), (3.5, 32)):
        diamond.lineTo(*corner)
    diamond.close()
    canvas.drawPath(diamond, fill=1, stroke=1)
    for (act, colour, *pen), steps in _signs()[name]:
        gray = 1 if colour == "white" else 0
        canvas.setStrokeGray(gray)
        canvas.setFillGray(gray)
        canvas.setLineWidth(float(pen[0]) if pen else 1)
        canvas.setLineCap(1 if "round" in pen else 0)
        path = canvas.beginPath()
        for letter, numbers in steps:
            if letter == "Z":
                path.close()
            else:
                move = path.curveTo if letter == "C" else path.lineTo if letter == "L" else path.moveTo
                move(*numbers)
        canvas.drawPath(path, fill=act == "fill", stroke=act == "stroke")
    canvas.restoreState()
