\set table transfers
\ir tenant.sql
-- No grant to write: only a trigger writes this table.
GRANT SELECT ON inventory.transfers TO chemuser;
