"""Two people edit the same: fields that only one of them changed are merged, fields that both changed become a question.

A form carries the values with which it was opened, in the hidden field `was`. When it arrives, `merge` compares them with what was
typed and with what is saved at present. The present version goes to the API with the change, so that nobody can save in between.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from pages.common.problems import Problem

Values = dict[str, Any]
Words = Mapping[str, Mapping[str, str]]

AGAIN = "Somebody else changed the same meanwhile. Nothing was saved yet. Save again to put yours in its place."


def opened(values: Values) -> str:
    """The values that a form showed when it was opened; the form sends them along in a hidden field."""
    return json.dumps(values)


def merge(
    values: Values,
    was: str | None,
    now: Values,
    *,
    together: Sequence[tuple[str, ...]] = (),
    words: Words | None = None,
) -> None:
    """Merge into the typed `values` the changes that somebody else saved since the form was opened.

    `was` has the values when the form was opened, `now` those that are saved at present. Fields of one group of `together` say
    something only together, so they are taken over or asked about together; a group whose first field is empty says nothing.
    `words` has, for the fields whose values are not words for a person, the word for each value.

    Raises Problem 409, with both versions, for what both of them changed.
    """
    try:
        before = json.loads(was or "")
    except ValueError:
        return
    if not isinstance(before, dict):
        return
    both = []
    for group in _groups(values, together):
        typed, shown, stands = (_said(group, one) for one in (values, before, now))
        if stands == shown:
            continue
        if typed == shown:
            values |= {name: now[name] for name in group}
        elif typed != stands:
            both.append({"pointer": f"/{group[0]}", "detail": _sentence(group, now, words or {})})
    if both:
        raise Problem(409, "Somebody else changed this meanwhile", AGAIN, both)


def _groups(values: Values, together: Sequence[tuple[str, ...]]) -> list[tuple[str, ...]]:
    groups = [group for group in together if group[0] in values]
    taken = {name for group in groups for name in group}
    return groups + [(name,) for name in values if name not in taken]


def _said(group: tuple[str, ...], values: Values) -> list[str]:
    """The values of a group of fields, as texts that can be compared."""
    if not values.get(group[0]):
        return []
    return [_text(values.get(name)) for name in group]


def _text(value: Any) -> str:
    if isinstance(value, list):
        return " ".join(sorted(str(part) for part in value))
    return "\n".join(line.strip() for line in str("" if value is None else value).strip().splitlines())


def _sentence(group: tuple[str, ...], now: Values, words: Words) -> str:
    stands = " ".join(
        words.get(name, {}).get(text, text) for name, text in zip(group, _said(group, now), strict=False) if text
    )
    return f"It is now: {stands}." if stands else "It is empty now."
