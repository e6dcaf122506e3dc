\set table transfers
\ir tenant.sql
-- Written by a trigger alone.
GRANT SELECT ON inventory.transfers TO chemuser;
