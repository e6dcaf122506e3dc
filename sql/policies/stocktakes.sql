\set table stocktakes
\ir tenant.sql
GRANT SELECT, INSERT (location_id, blind, tolerance_percent, tolerance_amount, sample_percent, not_counted_days, dangerous_only), UPDATE (cancelled_at) ON inventory.stocktakes TO chemuser;
