\set table disposals
\ir tenant.sql
GRANT SELECT, INSERT (chemical_id, container_id, reason), UPDATE (outcome) ON inventory.disposals TO chemuser;
