"""Which of the chemicals that a typed text finds is meant by it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pages.common import answers


def named(text: str, items: Sequence[answers.ChemicalLine]) -> answers.ChemicalLine | None:
    """The only chemical whose name is the text, also where other names contain it: Pyridine beside 4-(Dimethylamino)pyridine."""
    found = [one for one in items if one["name"].casefold() == text.casefold()]
    return found[0] if len(found) == 1 else None


def only(text: str, items: Sequence[answers.ChemicalLine]) -> answers.ChemicalLine | None:
    """The chemical that Enter takes from the suggestions: the one that is named, else the only one."""
    return named(text, items) or (items[0] if len(items) == 1 else None)
