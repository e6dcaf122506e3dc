\set table deliveries
\set also 'AND made_by = (SELECT control.user_id())'
\ir tenant.sql
GRANT SELECT, INSERT (order_number, supplier, received_on) ON inventory.deliveries TO chemuser;
