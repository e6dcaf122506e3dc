\set table mergers
\ir tenant.sql
-- No grant to write: inventory.merge_chemicals and inventory.undo_merger do.
GRANT SELECT ON inventory.mergers TO chemuser;
