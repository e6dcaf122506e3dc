"""One row of the table of measurements, and its bar."""

from dataclasses import dataclass
from statistics import median
from typing import Literal


@dataclass(frozen=True)
class Result:
    """What was measured, beside what. `figure` is a ratio unless `unit` says otherwise; `bar` is the limit that it must keep."""

    what: str
    beside: str
    figure: float
    sense: Literal["at least", "at most"]
    bar: float
    unit: str = "×"
    detail: str = ""

    @property
    def holds(self) -> bool:
        """Whether the bar is kept."""
        return self.figure >= self.bar if self.sense == "at least" else self.figure <= self.bar

    def cells(self) -> list[str]:
        """The row as text: what, beside, figure, bar, verdict, detail."""
        verdict = "holds" if self.holds else "**missed**"
        bar = f"{self.sense} {self.bar:g} {self.unit}"
        return [self.what, self.beside, f"{self.figure:.2f} {self.unit}", bar, verdict, self.detail]


HEADS = ["what", "measured beside it", "figure", "bar", "", "in this run"]


def table(results: list[Result]) -> str:
    """The rows as a table in Markdown."""
    rows = [HEADS, ["---"] * len(HEADS), *(result.cells() for result in results)]
    return "\n".join("| " + " | ".join(row) + " |" for row in rows) + "\n"


def middle(values: list[float]) -> float:
    """The median, which a noisy machine moves less than the mean."""
    return float(median(values))
