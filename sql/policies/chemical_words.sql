\set table chemical_words
\ir tenant.sql
-- No grant to write: only a trigger writes this table.
GRANT SELECT ON inventory.chemical_words TO chemuser;
