"""Works on structures in a process of its own.

    python -m api.structures <request >answer

Both are JSON: {"act": "draw", "smiles": "CCO"} is answered with {"svg": "<svg …"}, {"act": "check", "smiles": "CCO"} with {}, and each with
{"error": "This SMILES cannot be read …"} where the text is no structure.
"""

import json
import sys
from collections.abc import Callable
from typing import Any

from api.chemistry.structures import StructureError, draw, read_smiles
from api.core.confinement import confine

MOST_MEMORY = 512 * 1024 * 1024
MOST_SECONDS = 5
"""Processor time for one request."""


def drawn(request: dict[str, Any]) -> dict[str, Any]:
    """The drawing of a SMILES."""
    return {"svg": draw(read_smiles(request["smiles"]))}


def checked(request: dict[str, Any]) -> dict[str, Any]:
    """Nothing, for a SMILES that can be read."""
    read_smiles(request["smiles"])
    return {}


ACTS: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {"draw": drawn, "check": checked}


def main() -> None:
    """Answers the request on standard input."""
    confine(MOST_MEMORY, MOST_SECONDS)
    request = json.load(sys.stdin.buffer)
    try:
        answer = ACTS[request["act"]](request)
    except StructureError as error:
        answer = {"error": str(error)}
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main()
