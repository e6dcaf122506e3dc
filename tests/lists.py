"""Lists that are no part of the project: inventories of labs, and published lists to compare with.

CHEMTRACK_LISTS names their folder (CONTRIBUTING.md says what is in it). Tests that need it are skipped where nobody has named one, and
pytest names each of them in the last lines that it prints.
"""

import os
from pathlib import Path

import pytest

LISTS = Path(os.environ.get("CHEMTRACK_LISTS", ""))
INVENTORIES = LISTS / "inventories"
needs_lists = pytest.mark.skipif(
    "CHEMTRACK_LISTS" not in os.environ, reason="NOT TESTED: CHEMTRACK_LISTS names no folder of lists"
)
