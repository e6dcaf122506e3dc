"""Structures: reads and draws what SMILES describe, in a process of its own (`python -m api.structures`), because RDKit takes memory and its
C++ reads what people typed.
"""

MEDIA_TYPE = "image/svg+xml"
LONGEST_STRUCTURE = 2000
MATCHES = ("substructure", "exact", "similar")
