"""Keys as a scanner types them, and as a person does: real key events, whose times are given and do not depend on the machine."""

import string
import time

from playwright.sync_api import CDPSession, Page

from tests.browser.conftest import started

KEYS = {"Enter": (13, "\r"), "Tab": (9, "")}
SCANNER, PERSON = 0.012, 0.16
"""Seconds between two keys."""

KEYS_OF_AMERICA = (
    {letter: (f"Key{letter.upper()}", letter.isupper()) for letter in string.ascii_letters}
    | {digit: (f"Digit{digit}", False) for digit in string.digits}
    | {
        "-": ("Minus", False),
        "/": ("Slash", False),
        ":": ("Semicolon", True),
        ".": ("Period", False),
        "+": ("Equal", True),
    }
    | {"]": ("BracketRight", False), "_": ("Minus", True)}
)
"""What is typed: its key (KeyboardEvent.code), and whether Shift is held."""
LAYOUTS = {
    "german": {"-": "ß", "/": "-", ":": "Ö", "y": "z", "z": "y", "Y": "Z", "Z": "Y", "+": "", "_": "?", "]": "+"},
    "french": dict(zip("1234567890-/:.aAqQwWzZmM]", "&é\"'(-è_çà)!M:qQaAzZwW,?$", strict=True)),
}
"""What the same keys type with these layouts; empty: a dead key."""

_keyboards: dict[Page, "Keyboard"] = {}


class Keyboard:
    """The keyboard of one page, and the time of its last key."""

    def __init__(self, page: Page) -> None:
        self.session: CDPSession = page.context.new_cdp_session(page)
        self.last = time.time()

    def press(self, key: str, after: float | None, layout: str = "") -> None:
        """Press a key `after` seconds behind the one before it. None: press it now, yet too late to be a scanner's.

        With a `layout`: the key that types this on an American keyboard is pressed on a computer with that layout.
        """
        self.last = max(time.time(), self.last + 0.3) if after is None else self.last + after
        number, text = KEYS.get(key, (0, key))
        if len(key) == 1:
            number = ord(key.upper()) if key.isalnum() and key.isascii() else 0
        if key == "\x1d":  # GS, which scanners send as Ctrl+]
            event = {
                "key": "]",
                "code": "BracketRight",
                "modifiers": 2,
                "windowsVirtualKeyCode": 221,
                "timestamp": self.last,
            }
            self.session.send("Input.dispatchKeyEvent", event | {"type": "rawKeyDown"})
            self.session.send("Input.dispatchKeyEvent", event | {"type": "keyUp"})
            return
        event = {"key": key, "windowsVirtualKeyCode": number, "timestamp": self.last}
        if layout and len(key) == 1:
            code, is_shifted = KEYS_OF_AMERICA[key]
            text = LAYOUTS[layout].get(key, key)
            event |= {"code": code, "key": text or "Dead", "modifiers": 8 * is_shifted}
            self.session.send(
                "Input.dispatchKeyEvent",
                event | ({"type": "keyDown", "text": text} if text else {"type": "rawKeyDown"}),
            )
        else:
            self.session.send("Input.dispatchKeyEvent", event | {"type": "keyDown", "text": text})
        self.session.send("Input.dispatchKeyEvent", event | {"type": "keyUp"})


def keyboard_of(page: Page) -> Keyboard:
    """The page's keyboard."""
    if page not in _keyboards:
        _keyboards[page] = Keyboard(page)
    return _keyboards[page]


def scan(
    page: Page,
    code: str,
    end: str = "Enter",
    gaps: dict[int, float] | None = None,
    after: float | None = None,
    layout: str = "",
) -> None:
    """A keyboard-wedge scanner types `code` where the focus is. `gaps`: place of a late key → its seconds of delay; `after`: seconds
    between the keyboard's last key and the first key of this scan; `layout`: of the computer, where the scanner has an American one.
    """
    started(page)
    keys = keyboard_of(page)
    for place, key in enumerate([*code, end]):
        keys.press(key, after if place == 0 else (gaps or {}).get(place, SCANNER), layout)


def type_by_hand(page: Page, text: str, end: str = "", gap: float = PERSON) -> None:
    """A person types `text`, and then perhaps Enter."""
    started(page)
    keys = keyboard_of(page)
    for place, key in enumerate([*text, *([end] if end else [])]):
        keys.press(key, None if place == 0 else gap)
    page.wait_for_timeout(1000 * max(keys.last - time.time(), 0))  # until the last key is past
