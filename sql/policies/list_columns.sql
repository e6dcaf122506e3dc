\set table list_columns
\set also 'AND user_id = (SELECT control.user_id())'
\ir tenant.sql
GRANT SELECT, INSERT (columns), UPDATE (columns) ON inventory.list_columns TO chemuser;
