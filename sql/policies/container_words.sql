\set table container_words
\ir tenant.sql
-- No grant to write: only a trigger writes this table.
GRANT SELECT ON inventory.container_words TO chemuser;
