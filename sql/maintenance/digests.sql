-- Prints of each table of control and reference, and of each table of inventory lab by lab, how many rows it has and a digest of them.
-- Of two databases that hold the same it prints the same. Run by the database's owner, on each:
--
--   psql -f sql/maintenance/digests.sql > old.txt
\set ON_ERROR_STOP 1
\set QUIET 1
\pset format unaligned
\pset tuples_only on
BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY;
SET LOCAL ROLE chemowner;
DO $$
DECLARE
  lab   record;
  part  record;
  found record;
  lines text[] := '{}';
BEGIN
  FOR lab IN SELECT NULL::int AS id, '' AS slug UNION ALL SELECT l.id, l.slug FROM control.labs l ORDER BY 1 NULLS FIRST LOOP
    PERFORM set_config('app.lab_id', coalesce(lab.id::text, ''), true);
    FOR part IN SELECT t.oid::regclass AS name, string_agg(quote_ident(a.attname), ', ' ORDER BY a.attname) AS columns
                  FROM pg_class t JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
                 WHERE t.relkind = 'r' AND t.relnamespace::regnamespace::text = ANY (CASE WHEN lab.id IS NULL THEN '{control,reference}' ELSE '{inventory}' END::text[])
                 GROUP BY t.oid ORDER BY t.oid::regclass::text LOOP
      SELECT * INTO found FROM control.digest(part.name, part.columns, 'true');
      lines := lines || concat_ws(' ', part.name, nullif(lab.slug, ''), found.rows, found.digest);
    END LOOP;
  END LOOP;
  PERFORM set_config('chemtrack.found', array_to_string(lines, E'\n'), true);
END $$;
SELECT current_setting('chemtrack.found');
ROLLBACK;
