\set table restricted_members
\set writers manager
\ir tenant.sql
GRANT SELECT, INSERT (chemical_id, user_id), DELETE ON inventory.restricted_members TO chemuser;
