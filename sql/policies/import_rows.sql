\set table import_rows
\ir tenant.sql
GRANT SELECT, INSERT (import_id, row_number, key, state, record, problems, container_id),
      UPDATE (state, container_id, chemical_id), DELETE
   ON inventory.import_rows TO chemuser;
-- Before 1.0 a row could be rewritten.
REVOKE UPDATE (record, problems) ON inventory.import_rows FROM chemuser;
