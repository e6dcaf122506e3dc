-- Fills the reference schema: usual lab chemicals with their hazards, the texts of H and P statements and, where a file
-- of write_substances.py is given, some 70,000 more identities. Run by the database's owner:
--
--   psql -v ON_ERROR_STOP=1 -f sql/reference/load.sql
--   sql/reference/write_substances.py substances.tsv &&
--     psql -v ON_ERROR_STOP=1 -v substances=substances.tsv -f sql/reference/load.sql
--
-- Re-runnable: a second run changes nothing. What we wrote ourselves wins over the file, in either order.
\set ON_ERROR_STOP 1
\set QUIET 1
BEGIN;
SET LOCAL lock_timeout = '2s';
\ir substances.sql
\ir hazard_classifications.sql
\ir hazard_statements.sql
\if :{?substances}
  \ir identities.sql
\endif
COMMIT;
