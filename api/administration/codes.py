"""Codes of authenticator apps (TOTP, RFC 6238), recovery codes, and the ticket between password and code."""

import base64
import hashlib
import hmac
import secrets
from datetime import datetime, timedelta

STEP_SECONDS = 30
STEPS_ASIDE = 1
"""A code is also taken one step early or late, because the clocks of phones differ and people type slowly."""
TICKET_IS_GOOD_FOR = timedelta(minutes=5)
RECOVERY_CODES = 10
RECOVERY_BYTES = 15
ISSUER = "ChemTrack"


def new_key() -> str:
    """A random key of 160 bits for an authenticator app, in Base32."""
    import pyotp  # here and below: only who has a second factor pays for the import

    return pyotp.random_base32()


def address_of(key: str, username: str) -> str:
    """The otpauth:// address that an authenticator app reads from a QR code."""
    import pyotp

    return pyotp.TOTP(key, interval=STEP_SECONDS).provisioning_uri(name=username, issuer_name=ISSUER)


def step_of(key: str, code: str, now: datetime) -> int | None:
    """The step of 30 seconds to which a code belongs; None: the code is wrong, or its time is over."""
    import pyotp

    totp = pyotp.TOTP(key, interval=STEP_SECONDS)
    present = int(now.timestamp()) // STEP_SECONDS
    steps = range(present - STEPS_ASIDE, present + STEPS_ASIDE + 1)
    fitting = [step for step in steps if hmac.compare_digest(totp.generate_otp(step).encode(), code.encode())]
    return fitting[-1] if fitting else None


def new_recovery_codes() -> list[str]:
    """Random codes of 120 bits, in groups of four: each opens the second step once, without the phone."""
    return [_in_groups(secrets.token_bytes(RECOVERY_BYTES)) for _ in range(RECOVERY_CODES)]


def _in_groups(random: bytes) -> str:
    text = base64.b32encode(random).decode().lower()
    return "-".join(text[at : at + 4] for at in range(0, len(text), 4))


def bare(code: str) -> str:
    """A typed code without the blanks and hyphens that people put into it."""
    return "".join(sign for sign in code.lower() if sign.isalnum())


def recovery_hash(code: str) -> bytes:
    """What the database keeps of a recovery code."""
    return hashlib.sha256(bare(code).encode()).digest()


def new_ticket(username: str, stored_password: str, key: str, now: datetime) -> str:
    """Says that the right password was typed, for five minutes. Only who knows the stored password and the app's key can make one, so
    all processes of the API can check it, and it ends with either of the two."""
    until = int((now + TICKET_IS_GOOD_FOR).timestamp())
    return f"{until}.{_signature(until, username, stored_password, key)}"


def is_good(ticket: str, username: str, stored_password: str, key: str, now: datetime) -> bool:
    """Whether the ticket was made for this user, and lately."""
    until, _, signature = ticket.partition(".")
    if not (until.isascii() and until.isdigit() and len(until) <= 12):
        return False
    expected = _signature(int(until), username, stored_password, key)
    return hmac.compare_digest(signature.encode(), expected.encode()) and now.timestamp() < int(until)


def _signature(until: int, username: str, stored_password: str, key: str) -> str:
    signing = hashlib.sha256(f"ticket\0{key}\0{stored_password}".encode()).digest()
    return hmac.new(signing, f"{until}\0{username}".encode(), "sha256").hexdigest()
