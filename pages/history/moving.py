"""What somebody is about to move. All of it is in the form, or in the address: nothing is kept between two requests."""

from dataclasses import dataclass, field
from typing import Any

from werkzeug.datastructures import MultiDict

LARGEST_ID = 2**63 - 1
MOST = 500
LONGEST_UNDO = 1000
"""The ids of the moves that Undo takes back go into the cookie, which holds 4 KB. Those of one act follow each other."""


def id_of(text: object) -> int | None:
    """The number of a row, None if it cannot be one."""
    written = str(text)
    number = int(written) if written.isascii() and written.isdigit() and len(written) < 20 else 0
    return number if 0 < number <= LARGEST_ID else None


@dataclass
class Load:
    """The containers of the form, the last scanned first, and where they go."""

    containers: list[int] = field(default_factory=list)
    location: int | None = None
    known: list[dict[str, Any]] = field(default_factory=list)

    @classmethod
    def read(cls, sent: MultiDict[str, str]) -> "Load":
        """What a form or an address says: container=12&container=15&to=4."""
        numbers = [number for text in sent.getlist("container") if (number := id_of(text))]
        return cls(list(dict.fromkeys(numbers))[:MOST], id_of(sent.get("to", "")))

    def learn(self, form: dict[str, Any]) -> bool | None:
        """Takes what the API says of the containers, and the one that was scanned: whether it was new, None if none was."""
        known = {container["id"]: container for container in form["containers"]}
        added = form["added"]
        is_new = added is not None and added not in self.containers
        if is_new:
            self.containers.insert(0, added)
        self.containers = [number for number in self.containers if number in known]
        self.known = [known[number] for number in self.containers]
        return is_new if added is not None else None

    @property
    def moving(self) -> list[dict[str, Any]]:
        """Those that do not stand there already."""
        return [container for container in self.known if not self.location or container["location_id"] != self.location]


def as_ranges(numbers: list[int]) -> str:
    """[31, 32, 33, 40] as "31-33 40"."""
    ranges: list[list[int]] = []
    for number in sorted(numbers):
        if ranges and number == ranges[-1][1] + 1:
            ranges[-1][1] = number
        else:
            ranges.append([number, number])
    return " ".join(f"{first}-{last}" if last > first else str(first) for first, last in ranges)


def of_ranges(text: str) -> list[int]:
    """What `as_ranges` wrote; what it did not write is left out."""
    numbers: list[int] = []
    for part in text.split():
        first, _, last = part.partition("-")
        begin, end = id_of(first), id_of(last or first)
        if begin and end and 0 <= end - begin < MOST - len(numbers):
            numbers += range(begin, end + 1)
    return numbers
