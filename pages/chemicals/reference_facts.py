"""What the reference knows of a substance beside the fields of the form, in words, each fact with its source."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from pages.common.filters import number

if TYPE_CHECKING:
    from pages.common import answers

LIMITS = (("twa", "8 hours"), ("stel", "15 minutes"), ("ceiling", "at no time more"))
LISTINGS = {
    "known": "known to be a human carcinogen",
    "reasonably anticipated": "reasonably anticipated to be a human carcinogen",
}


class Fact(NamedTuple):
    """A line: what it is, what the reference says, and where that is from."""

    label: str
    text: str
    source: str


def facts_of(substance: "answers.Substance") -> list[Fact]:
    """The facts that the reference has, in the order in which they are shown."""
    return [
        Fact(label, text, substance["sources"].get(figure, "")) for figure, label, text in _facts(substance) if text
    ]


def _facts(substance: "answers.Substance") -> Iterator[tuple[str, str, str]]:
    for figure, label in (
        ("melting_point_celsius", "Melting point"),
        ("boiling_point_celsius", "Boiling point"),
        ("flash_point_celsius", "Flash point"),
        ("autoignition_celsius", "Ignites by itself at"),
    ):
        value = substance[figure]  # type: ignore[literal-required]
        yield figure, label, "" if value is None else f"{number(value)} °C"
    lower, upper = substance["lower_explosion_limit_percent"], substance["upper_explosion_limit_percent"]
    if lower is not None or upper is not None:
        ends = [f"from {number(lower)} %"] * (lower is not None) + [f"to {number(upper)} %"] * (upper is not None)
        yield (
            "lower_explosion_limit_percent" if lower is not None else "upper_explosion_limit_percent",
            "Explosive in air",
            " ".join(ends),
        )
    limits = [
        (f"{limit}_{key}", f"{number(value)} {unit} ({words})")
        for limit, words in LIMITS
        for key, unit in (("ppm", "ppm"), ("mg_per_m3", "mg/m³"))
        if (value := substance[f"{limit}_{key}"]) is not None  # type: ignore[literal-required]
    ]
    if limits:
        skin = ["taken up by the skin"] if substance["absorbed_by_skin"] else []
        yield limits[0][0], "Exposure limits", ", ".join([text for _, text in limits] + skin)
    if substance["iarc_group"]:
        yield "iarc_group", "IARC", f"group {substance['iarc_group']}: {substance['iarc_agent']}"
    yield "ntp_listing", "NTP", LISTINGS.get(substance["ntp_listing"] or "", "")
