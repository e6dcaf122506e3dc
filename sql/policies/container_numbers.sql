\set table container_numbers
\ir tenant.sql
-- No grant at all: only a trigger reads and writes this table.
