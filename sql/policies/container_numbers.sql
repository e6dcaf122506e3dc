\set table container_numbers
\ir tenant.sql
-- Written by a trigger alone; nobody reads it.
