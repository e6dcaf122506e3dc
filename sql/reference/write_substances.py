#!/usr/bin/env python3
"""Writes the identities of some 70,000 substances, for load.sql, from the data files of the PyPI package `chemicals`.

    pip install --no-deps -r requirements/reference.txt
    sql/reference/write_substances.py substances.tsv

Output: PostgreSQL's text format, one substance a line: CAS RN, name, synonyms (parted by "; ", at most 8), formula (Hill),
molar mass in g/mol, SMILES, InChIKey; an unknown value is \\N. Nothing of the package is run: it is only read.
Source: chemicals by Caleb Bell and contributors (MIT), which took the identities from PubChem.
"""

import argparse
import importlib.util
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

# The first file that has a CAS RN is believed: the smaller ones were checked by hand.
FILES = (
    "chemical identifiers pubchem small.tsv",
    "chemical identifiers example user db.tsv",
    "Inorganic db.tsv",
    "chemical identifiers pubchem large.tsv",
)
CAS_NUMBER = re.compile(r"[1-9][0-9]{1,6}-[0-9]{2}-[0-9]")
INCHIKEY = re.compile(r"[A-Z]{14}-[A-Z]{10}-[A-Z]")
LONGEST_NAME = 80
MOST_SYNONYMS = 8
# Names that nobody would type: index names ("benzene, chloro-"), other registries' numbers, remarks in brackets.
ODD_NAME = re.compile(
    r"[0-9]{2,7}-[0-9]{2}-[0-9]|, .*-$|.*,.*-\s*\(|[a-z]{0,9}[-_ ]?[0-9]{3,}.*|.*\b(8ci|9ci|inn|usan|ban|jan|nf|usp|tn)\b.*"
    r"|.*\[.*(polish|german|french|dutch|italian|czech|spanish|iso|hsdb|inn).*\].*|.*(inverted|\.alpha\.|\.beta\.|\.gamma\.).*"
    r"|.*,[- ][a-z0-9,()'-]+-|.*[;\t\\].*"
)
HYDRATE = re.compile(r"(di|tri|tetra|penta|hexa|hepta|octa|nona|deca|dodeca)hydrate\b|hydrate \((\d+):(\d+)\)")
WATERS = {"di": 2, "tri": 3, "tetra": 4, "penta": 5, "hexa": 6, "hepta": 7, "octa": 8, "nona": 9, "deca": 10, "dodeca": 12}
