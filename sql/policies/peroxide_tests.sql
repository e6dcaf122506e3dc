\set table peroxide_tests
\set also 'AND noted_by = (SELECT control.user_id())'
\ir tenant.sql
GRANT SELECT, INSERT (container_id, ppm, tested_on, next_due) ON inventory.peroxide_tests TO chemuser;
