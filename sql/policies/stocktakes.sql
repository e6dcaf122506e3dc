\set table stocktakes
\ir tenant.sql
GRANT SELECT, INSERT (location_id), UPDATE (cancelled_at) ON inventory.stocktakes TO chemuser;
