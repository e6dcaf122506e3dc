-- Proves that nothing of a lab is left, in any table with the column lab_id. Prints TAP; exit code 3 when something is left.
-- Run by the database's owner, at any time after the lab was erased:
--
--   psql -v number=2 -v slug=hodgkin -v backup_days=5 -f sql/maintenance/prove_erased.sql
--
-- backup_days: for how many days automated backups are kept (5 if not given), and can so bring the lab back.
\set ON_ERROR_STOP 1
\set QUIET 1
\pset format unaligned
\pset tuples_only on
\if :{?backup_days}
\else
  \set backup_days 5
\endif
BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY;
SELECT set_config('chemtrack.number', :'number', true), set_config('chemtrack.slug', :'slug', true), set_config('app.lab_id', :'number', true) \g /dev/null
DO $$
DECLARE
  number int := current_setting('chemtrack.number');
  found  jsonb := '[]';
  held   record;
  rows   bigint;
BEGIN
  FOR held IN SELECT t.oid::regclass AS name, EXISTS (
                SELECT FROM pg_constraint c WHERE c.conrelid = t.oid AND c.contype = 'f' AND c.convalidated AND cardinality(c.conkey) = 1
                   AND c.confrelid = 'control.labs'::regclass AND c.conkey[1] = a.attnum) AS fenced
                FROM pg_class t JOIN pg_attribute a ON a.attrelid = t.oid AND a.attname = 'lab_id' AND NOT a.attisdropped
               WHERE t.relkind IN ('r', 'p') ORDER BY 1 LOOP
    EXECUTE format('SELECT count(*) FROM %s WHERE lab_id = %s', held.name, number) INTO rows;
    found := found || jsonb_build_object('what', format('%s has no row of lab %s', held.name, number), 'faults',
      to_jsonb(ARRAY(SELECT f FROM (VALUES (rows > 0, rows || ' rows are left'), (NOT held.fenced, 'and no foreign key to control.labs says so')) AS s (is_so, f) WHERE is_so)));
  END LOOP;
  found := found || jsonb_build_object('what', format('there is no lab %s, and none called %s', number, current_setting('chemtrack.slug')), 'faults',
    (SELECT coalesce(jsonb_agg(format('lab %s (%s)', l.id, l.slug)), '[]') FROM control.labs l WHERE l.id = number OR l.slug = current_setting('chemtrack.slug')));
  PERFORM set_config('chemtrack.found', found::text, false);
END $$;
SELECT current_setting('chemtrack.found') AS found \gset
SELECT format('# Asked at %s of the database %s.', to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI "UTC"'), current_database()) || E'\n'
       || format('# Automated backups of the server hold the lab until %s at the latest, if it was erased by now; snapshots and folders of backup.sh until somebody deletes them.',
                 to_char((now() AT TIME ZONE 'UTC')::date + (:'backup_days')::int, 'YYYY-MM-DD'))
       || coalesce((SELECT E'\n# In no lab now, and no administrator: ' || string_agg(u.username, ', ' ORDER BY u.username)
                      FROM control.users u
                     WHERE NOT EXISTS (SELECT FROM control.members m WHERE m.user_id = u.id)
                       AND NOT EXISTS (SELECT FROM control.administrators a WHERE a.user_id = u.id)), '') AS notes \gset
ROLLBACK;
\set ran 0
\set failed 0
\ir ../tests/report.sql
\echo :notes
\echo 1..:ran
SELECT :failed > 0 AS bad \gset
\if :bad
DO $$ BEGIN RAISE EXCEPTION 'something of the lab is left: see the lines that begin with "not ok"'; END $$;
\endif
