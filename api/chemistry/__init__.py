"""The rules of chemistry, the same for all labs: quantities, CAS numbers, formulas, hazards. Depends on no database or web framework."""
