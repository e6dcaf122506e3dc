\set table import_rows
\set writers manager
\ir tenant.sql
GRANT SELECT, INSERT (import_id, row_number, key, state, record, problems, container_id),
      UPDATE (state, container_id, chemical_id), DELETE
   ON inventory.import_rows TO chemuser;
-- Databases made before 1.0 have a grant to rewrite a row: take it away.
REVOKE UPDATE (record, problems) ON inventory.import_rows FROM chemuser;
