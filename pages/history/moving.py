"""The containers that somebody is about to move. The form or the address carries them; the page stores nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from werkzeug.datastructures import MultiDict

from pages.common.ids import id_of
from pages.common.narrowing import narrowing_of

if TYPE_CHECKING:
    from pages.common import answers

MOST = 500
LONGEST_ADDRESS = 2000
LONGEST_UNDO = 1000
"""The longest text of ids for Undo, because it goes into the cookie, which holds 4 KB. (Ids of one act follow each other, so ranges are short.)"""


@dataclass
class Load:
    """The containers of the form, the last scanned first, and where they go."""

    containers: list[int] = field(default_factory=list)
    chemicals: list[int] = field(default_factory=list)
    """Chemicals that were chosen in a list. Each stands for its containers in stock that fulfil `narrowing`."""
    narrowing: dict[str, list[str]] = field(default_factory=dict)
    location: int | None = None
    known: list[answers.Container] = field(default_factory=list)

    @classmethod
    def read(cls, sent: MultiDict[str, str]) -> Load:
        """Read a form or an address: container=12&container=15&to=4."""
        containers, chemicals = (
            list(dict.fromkeys(number for text in sent.getlist(name) if (number := id_of(text))))[:MOST]
            for name in ("container", "chemical")
        )
        return cls(containers, chemicals, narrowing_of(sent), id_of(sent.get("to", "")))

    def learn(self, form: answers.MoveForm) -> bool | None:
        """Take over the API's answer with the container scanned. Returns whether it is new; None if none was scanned."""
        known = {container["id"]: container for container in form["containers"]}
        added = form["added"]
        is_new = added is not None and added not in self.containers
        if added is not None and is_new:
            self.containers.insert(0, added)
        self.containers = [number for number in dict.fromkeys([*self.containers, *known]) if number in known]
        self.known = [known[number] for number in self.containers]
        return is_new if added is not None else None

    @property
    def moving(self) -> list[answers.Container]:
        """The containers that are not at the chosen location already."""
        return [container for container in self.known if not self.location or container["location_id"] != self.location]


def as_ranges(numbers: list[int]) -> str:
    """Write numbers as ranges: [31, 32, 33, 40] as "31-33 40"."""
    ranges: list[list[int]] = []
    for number in sorted(numbers):
        if ranges and number == ranges[-1][1] + 1:
            ranges[-1][1] = number
        else:
            ranges.append([number, number])
    return " ".join(f"{first}-{last}" if last > first else str(first) for first, last in ranges)


def of_ranges(text: str) -> list[int]:
    """Read a text that `as_ranges` wrote; parts that are no ranges are left out."""
    numbers: list[int] = []
    for part in text.split():
        first, _, last = part.partition("-")
        begin, end = id_of(first), id_of(last or first)
        if begin and end and 0 <= end - begin < MOST - len(numbers):
            numbers += range(begin, end + 1)
    return numbers
