\set table imports
\set writers manager
\ir tenant.sql
GRANT SELECT, INSERT (file_name, content, reading), UPDATE (content, reading, committed_at, cancelled_at) ON inventory.imports TO chemuser;
-- Databases made before 1.0 have a grant to write who committed an import. A trigger writes that now.
REVOKE UPDATE (committed_by) ON inventory.imports FROM chemuser;
