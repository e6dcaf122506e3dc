\set table imports
\ir tenant.sql
GRANT SELECT, INSERT (file_name, content, reading), UPDATE (content, reading, committed_at, committed_by, cancelled_at) ON inventory.imports TO chemuser;
