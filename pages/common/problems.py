"""All refusals and faults as one type: the API's problem details (RFC 9457), and the pages' own of the same shape."""

from collections.abc import Mapping, Sequence
from typing import Any


class Misconfigured(Exception):
    """A setting is missing or wrong; the text says which."""


class Problem(Exception):
    """The API, or a page, refused. `detail` is a sentence for the user.

    `errors` is [{"pointer": "/lines/0/amount", "detail": "Only 140 mL is left in this bottle."}], empty when the
    refusal is about no field. `by_field` is the same as a mapping from pointer to sentence: what the field macros take.
    `retry_after` is in seconds, or None. `extra` has all other fields of the answer, such as the chemical of which another is a duplicate.
    """

    def __init__(
        self,
        status: int,
        title: str,
        detail: str = "",
        errors: Sequence[Mapping[str, Any]] = (),
        retry_after: int | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(f"{status} {title}")
        self.status = status
        self.title = title
        self.detail = detail or title
        self.errors = [
            {"pointer": str(error.get("pointer", "")), "detail": str(error.get("detail", ""))} for error in errors
        ]
        self.retry_after = retry_after
        self.extra = dict(extra or {})

    @property
    def by_field(self) -> dict[str, str]:
        """The first sentence for each pointer."""
        fields: dict[str, str] = {}
        for error in self.errors:
            fields.setdefault(error["pointer"], error["detail"])
        return fields

    def for_form(self) -> "Problem":
        """Return self if the user can correct the form (409, 422); otherwise raise self again."""
        if self.status in (409, 422):
            return self
        raise self


class Unreachable(Problem):
    """The API did not answer: nothing is known to have happened, and the same form may be sent again."""

    def __init__(self) -> None:
        super().__init__(
            503,
            "The inventory cannot be reached",
            "Nothing is lost. This usually passes within a minute.",
        )
