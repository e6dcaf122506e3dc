\set table label_settings
\set writers manager
\ir tenant.sql
GRANT SELECT, INSERT (sheet, fields), UPDATE (sheet, fields) ON inventory.label_settings TO chemuser;
