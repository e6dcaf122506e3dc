"""The version and the commit of ChemTrack, which each service's /health, the API's OpenAPI document and the foot of each page show."""

import os
import tomllib
from pathlib import Path

VERSION: str = tomllib.loads((Path(__file__).parent / "pyproject.toml").read_text())["project"]["version"]
COMMIT: str = os.environ.get("CHEMTRACK_COMMIT") or "unknown"
"""The commit from which this service runs. The build of an image sets the variable, or local/processes.py when it starts a service.
A service cannot ask git, because an image contains no repository."""


def health() -> dict[str, str]:
    """The answer of a healthy service's /health."""
    return {"status": "ok", "version": VERSION, "commit": COMMIT}
