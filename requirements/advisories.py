"""Asks PyPI and npm for security advisories against the locked versions: python requirements/advisories.py

Exit code 1: there is an advisory. 2: a database of advisories does not answer, so nobody knows whether there is one. Needs the dependency
groups build and npm.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
NPM_FOLDERS = ("pages", "requirements/rds")
KNOWN, NOT_ASKED = 1, 2


def told(*command: str, folder: Path = ROOT) -> Any:
    """The JSON that a program prints; None if it prints anything else."""
    said = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)  # noqa: S603
    try:
        return json.loads(said.stdout)
    except ValueError:
        return None


def of_pypi() -> Iterator[str] | None:
    """A line for each advisory; None where PyPI's advisories cannot be read, be it for a single package."""
    audit = [
        "pip_audit",
        "--requirement=requirements/lock.txt",
        "--require-hashes",
        "--disable-pip",
        "--progress-spinner=off",
    ]
    answer = told(sys.executable, "-m", *audit, "--format=json")
    packages = answer["dependencies"] if answer else []
    # A mirror of PyPI without advisories answers "not found", which pip-audit would take for "no advisory".
    if not packages or any("skip_reason" in package for package in packages):
        return None
    return (f"{one['name']} {one['version']}: {flaw['id']}" for one in packages for flaw in one["vulns"])


def of_npm() -> Iterator[str] | None:
    """A line for each package with an advisory; None where npm's advisories cannot be read."""
    audit = ("npm", "audit", "--omit=dev", "--package-lock-only", "--json")
    answers = [told(*audit, folder=ROOT / folder) for folder in NPM_FOLDERS]
    if any(not answer or "vulnerabilities" not in answer for answer in answers):
        return None
    return (f"{name}: {one['severity']}" for answer in answers for name, one in answer["vulnerabilities"].items())


def main() -> int:
    """Prints the advisories; returns the exit code."""
    status = 0
    for registry, found in {"PyPI": of_pypi(), "npm": of_npm()}.items():
        if found is None:
            print(f"THE ADVISORIES OF {registry} CANNOT BE REACHED: nobody knows what is wrong with its packages.")
            status = status or NOT_ASKED
            continue
        lines = list(found)
        print("\n".join([f"{registry}: {len(lines)} known advisories", *lines]))
        if lines:
            status = KNOWN
    return status


if __name__ == "__main__":
    sys.exit(main())
