"""The history: the lines of the ledger and the transfers (changes of location or holder) in one list."""
