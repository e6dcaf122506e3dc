\set table locations
\set writers manager
\ir tenant.sql
GRANT SELECT, INSERT (parent_id, kind, name, count_period_days), UPDATE (parent_id, kind, name, count_period_days, archived_at)
   ON inventory.locations TO chemuser;
