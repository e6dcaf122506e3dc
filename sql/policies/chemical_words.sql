\set table chemical_words
\ir tenant.sql
-- Written by a trigger alone.
GRANT SELECT ON inventory.chemical_words TO chemuser;
