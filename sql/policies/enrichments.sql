\set table enrichments
\ir tenant.sql
GRANT SELECT, INSERT (filled), UPDATE (filled, undone_at) ON inventory.enrichments TO chemuser;
