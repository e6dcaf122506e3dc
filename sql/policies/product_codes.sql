\set table product_codes
\ir tenant.sql
GRANT SELECT, INSERT (container_id, gtin, serial_number), DELETE ON inventory.product_codes TO chemuser;
