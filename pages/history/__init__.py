"""History: the ledger and what happened to containers; correct a line, move containers."""
