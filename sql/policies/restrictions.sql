\set table restrictions
\set writers manager
\ir tenant.sql
GRANT SELECT, INSERT (chemical_id, is_restricted), UPDATE (is_restricted, changed_at) ON inventory.restrictions TO chemuser;
