\set table structures
\ir tenant.sql
GRANT SELECT, INSERT (chemical_id, smiles, release, canonical, pattern, morgan),
      UPDATE (smiles, release, canonical, pattern, morgan) ON inventory.structures TO chemuser;
