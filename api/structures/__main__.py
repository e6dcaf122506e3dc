"""Works on structures in a process of its own.

    python -m api.structures <request >answer

Both are JSON: {"act": "draw", "smiles": "CCO"} is answered with {"svg": "<svg …"}, {"act": "check", "smiles": "CCO"} with {}, and each with
{"error": "This SMILES cannot be read …"} where the text is no structure.

A search asks back: {"act": "search", "structure": "c1ccccc1", "match": "substructure", "similarity": 70} is answered with a line of what
the database needs to leave structures out, {"pattern": "x00…"}; to the candidates [[17, "CCO", true], …] that it leaves (id, SMILES,
whether it has its fingerprints) the answer is {"found": [17], "unread": [], "made": [{"chemical_id": 18, …}]}.
"""

import json
import sys
from collections.abc import Callable
from typing import Any

from api.chemistry.structures import StructureError, draw, read_smiles
from api.core.confinement import confine

from .searching import Query, search

MOST_MEMORY = 512 * 1024 * 1024
MOST_SECONDS = 10
"""Processor time for one request: a search reads thousands of structures."""


def drawn(request: dict[str, Any]) -> dict[str, Any]:
    """The drawing of a SMILES."""
    return {"svg": draw(read_smiles(request["smiles"]))}


def checked(request: dict[str, Any]) -> dict[str, Any]:
    """Nothing, for a SMILES that can be read."""
    read_smiles(request["smiles"])
    return {}


def searched(request: dict[str, Any]) -> dict[str, Any]:
    """What is found, after the question for candidates."""
    query = Query(request["structure"], request["match"], request["similarity"])
    print(json.dumps(query.told()), flush=True)
    return search(query, json.load(sys.stdin.buffer))


ACTS: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {"draw": drawn, "check": checked, "search": searched}


def main() -> None:
    """Answers the request on standard input."""
    confine(MOST_MEMORY, MOST_SECONDS)
    request = json.loads(sys.stdin.buffer.readline())
    try:
        answer = ACTS[request["act"]](request)
    except StructureError as error:
        answer = {"error": str(error)}
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main()
