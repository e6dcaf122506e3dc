-- The new server of a move by logical replication, where apply.sql has run and nobody works yet. Run by a superuser in the database:
--
--   psql -v from='host=… dbname=chemtrack user=mover password=…' -f sql/maintenance/subscribe.sql
--
-- From PostgreSQL 16 on rows are written as the owner of each table, whom policies bind, so that nothing would be copied and the
-- server's log alone would say so: run_as_owner writes as the superuser who owns the subscription. PostgreSQL 15 always does.
\set ON_ERROR_STOP 1
-- Empty the tables that apply.sql and load.sql have filled: the old server sends the same rows.
SELECT format('TRUNCATE %s CASCADE', string_agg(t.oid::regclass::text, ', '))
  FROM pg_class t WHERE t.relkind = 'r' AND (t.relnamespace = 'reference'::regnamespace OR t.oid = 'control.login_directory'::regclass)
   AND NOT EXISTS (SELECT FROM control.labs) \gexec
SELECT format('CREATE SUBSCRIPTION moving CONNECTION %L PUBLICATION moving%s', :'from',
              CASE WHEN current_setting('server_version_num')::int >= 160000 THEN ' WITH (run_as_owner = true)' ELSE '' END) \gexec
