\set table movements
\set also 'AND made_by = (SELECT control.user_id())'
\ir tenant.sql
-- Append-only: nobody updates or deletes a line. A trigger writes amount, balance, line and time.
GRANT SELECT, INSERT (container_id, kind, typed_amount, typed_unit, reason, refers_to_id, stocktake_id, delivery_id)
   ON inventory.movements TO chemuser;
