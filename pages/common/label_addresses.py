"""The addresses in the QR codes of labels, HTTPS://HOST/C/LAB/CODE. The API follows those of the lab's own labels alone."""

import re

ADDRESS = re.compile(r"(?:\][A-Za-z][0-9A-Za-z])?https?://([^/\s]+)/c/([^/\s]+)/([^/?#\s]+)", re.IGNORECASE)


def elsewhere(scanned: str) -> str:
    """For a scanned address that is on no container of the lab, the sentence that says where it leads; empty for any other text."""
    label = ADDRESS.fullmatch(scanned.strip())
    if not label:
        return ""
    host, lab, code = label[1].lower(), label[2].lower(), label[3]
    return f"{code} is on no container here: its label leads to the lab “{lab}” at {host}."
