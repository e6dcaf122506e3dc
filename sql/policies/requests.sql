\set table requests
\set also 'AND user_id = (SELECT control.user_id())'
\ir tenant.sql
GRANT SELECT, INSERT (key, fingerprint), UPDATE (answer), DELETE ON inventory.requests TO chemuser;
