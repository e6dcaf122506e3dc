\set table import_rows
\ir tenant.sql
GRANT SELECT, INSERT (import_id, row_number, key, state, record, problems), UPDATE (state, record, problems, container_id), DELETE
   ON inventory.import_rows TO chemuser;
