"""A form sent after its session had ended is kept for the user who filled it in, and is sent when that user confirms.

Each form's CSRF token names the user for whom the page was made (`bind`), so the user of a form is known even after the session
has ended. The typed fields travel in the sign-in form, signed, as one hidden field. If the same user signs in there, the page asks
whether to send the form. No server stores it, it is never sent without asking, and no other user sees or sends it.
"""

import secrets
from dataclasses import asdict, dataclass

from flask import request, session
from itsdangerous import BadData

from pages.common.field_words import words_of_field
from pages.common.paths import on_this_site, this_address
from pages.common.signing import serializer

LONGEST = 24 * 3600  # seconds from filling in to sending
LARGEST = 120 * 1024  # bytes when sealed, as the sign-in form accepts; a delivery of 200 lines needs a quarter
PASSWORD_AGAIN, PASSWORD_AGAIN_BACK = "password_again", "password_again_back"
"""What confirming.py adds to a form: the password, typed again, and the page to go back to."""
NOT_KEPT = ("csrf_token", PASSWORD_AGAIN, PASSWORD_AGAIN_BACK)


@dataclass(frozen=True)
class KeptForm:
    """A form that was not accepted: its user, its target, the page it was on, and whether it had a file (files are not kept)."""

    user_id: int
    path: str
    back: str
    fields: list[list[str]]
    had_file: bool

    @property
    def typed(self) -> list[list[str]]:
        """What the user typed, for them to see before the form is sent again: the words of each field, and its value."""
        said = [[words_of_field(name), value] for name, value in self.fields]
        return [[words, value] for words, value in said if words and value]


def bind(user_id: int) -> None:
    """Put the user's id into the CSRF tokens of the new session."""
    session["csrf_token"] = f"{user_id}.{secrets.token_hex(20)}"


def maker() -> int | None:
    """The id of the user for whom the form of this request was made, read from its CSRF token; None if the token is not ours."""
    token = request.form.get("csrf_token") or request.headers.get("X-CSRFToken") or ""
    try:
        named = str(serializer("wtf-csrf-token").loads(token, max_age=LONGEST)).partition(".")[0]
    except BadData:
        return None
    return int(named) if named.isascii() and named.isdigit() else None


def fields_of_request() -> list[list[str]] | None:
    """The fields of this request's form, to be sent once more. None where one of them is a password: secrets are not sent to the
    browser again, not even in a form that would send them again."""
    fields = [[name, value] for name, value in request.form.items(multi=True) if name not in NOT_KEPT]
    return None if any("password" in name for name, _ in fields) else fields


def form_of_request() -> KeptForm | None:
    """The form of this request; None where its user is unknown or where it holds a password."""
    user_id, path, fields = maker(), on_this_site(request.full_path.rstrip("?")), fields_of_request()
    if user_id is None or path is None or fields is None:
        return None
    back = on_this_site(this_address(request)) or "/"
    return KeptForm(user_id, path, back, fields, any(file.filename for file in request.files.values()))


def seal(form: KeptForm) -> str | None:
    """The form as one signed text; None where it would be too large for the sign-in form."""
    sealed = serializer("kept-form").dumps(asdict(form))
    return str(sealed) if len(sealed) <= LARGEST else None


def unseal(text: str | None) -> KeptForm | None:
    """The form in a text that `seal` wrote; None for any other text, and for one that is too old."""
    try:
        return KeptForm(**serializer("kept-form").loads(text or "", max_age=LONGEST))
    except (BadData, TypeError):
        return None
