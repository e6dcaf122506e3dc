-- What a session of chemuser itself can do without a person's session: the position of an attacker who may run any SQL.
-- Run as the login chemuser:   psql -U chemuser -v ON_ERROR_STOP=1 -f sql/tests/as_chemuser.sql
\set ON_ERROR_STOP 1
\set QUIET 1
\pset format unaligned
\pset tuples_only on
\set ran 0
\set failed 0
BEGIN;
DO $$
DECLARE
  attempt text[];
  tests   jsonb := '[]';
  states  text;
BEGIN
  IF session_user <> 'chemuser' THEN
    RAISE EXCEPTION 'run this as the login chemuser: what SET ROLE shows is not what a session of chemuser can do';
  END IF;
  FOREACH attempt SLICE 1 IN ARRAY ARRAY[
    ['no lab is seen without entering one', 'SELECT FROM inventory.chemicals'],
    ['a forged app.lab_id is not believed', 'SELECT set_config(''app.lab_id'', ''1'', true); SELECT FROM inventory.chemicals'],
    ['a lab and a made-up session are not believed', 'SELECT set_config(''app.lab_id'', ''1'', true), set_config(''app.session'', repeat(''ab'', 32), true); SELECT FROM inventory.chemicals'],
    ['a session that is no hexadecimal opens nothing', 'SELECT set_config(''app.lab_id'', ''1'', true), set_config(''app.session'', ''zz'', true); SELECT FROM inventory.chemicals'],
    ['a lab that is no number opens nothing', 'SELECT set_config(''app.lab_id'', ''1 OR true'', true); SELECT FROM inventory.chemicals'],
    ['a forged app.user_id makes nobody', 'SELECT set_config(''app.lab_id'', ''1'', true), set_config(''app.user_id'', ''1'', true); SELECT FROM inventory.movements'],
    ['no entering with a made-up session', 'SELECT FROM control.enter_session(repeat(''ab'', 32), ''curie'', ''viewer'')'],
    ['no role is taken by set_config', 'SELECT set_config(''role'', ''chemadmin'', true); SELECT FROM control.sessions'],
    ['no role is taken by SET ROLE', 'SET LOCAL ROLE chemowner; SELECT FROM control.sessions'],
    ['no other session user is taken', 'SET SESSION AUTHORIZATION chemadmin'],
    ['policies cannot be turned off', 'SET LOCAL row_security = off; SELECT FROM inventory.chemicals'],
    ['triggers cannot be turned off', 'SET LOCAL session_replication_role = replica'],
    ['sessions are not read', 'SELECT FROM control.sessions'],
    ['sessions are not made', 'INSERT INTO control.sessions (token_hash, user_id, expires_at) VALUES ('''', 1, ''infinity'')'],
    ['administrators are not made', 'INSERT INTO control.administrators (user_id) VALUES (1)'],
    ['administration is not entered', 'SELECT FROM control.enter_administration(repeat(''ab'', 32))'],
    ['no labs, no people are seen', 'SELECT 1 / count(*) FROM control.users'],
    ['no temporary table is made', 'CREATE TEMP TABLE t (x int)'],
    ['no function is made', 'CREATE FUNCTION public.leak(text) RETURNS boolean LANGUAGE sql COST 0.0000001 AS ''SELECT true'''],
    ['no operator is made', 'CREATE OPERATOR public.<<< (LEFTARG = text, RIGHTARG = text, FUNCTION = texteq)'],
    ['the ledger is not truncated', 'TRUNCATE inventory.movements'],
    ['statistics are not read', 'SELECT 1 / count(*) FROM pg_statistic_ext_data'],
    ['planner statistics of tenant tables are not seen', 'SELECT 1 / count(*) - 1 FROM pg_stats WHERE schemaname = ''inventory'''],
    ['nor kept of what people wrote, for EXPLAIN to tell', 'SELECT 1 / count(*) FROM pg_attribute a JOIN pg_class t ON t.oid = a.attrelid AND t.relnamespace = ''inventory''::regnamespace AND t.relkind = ''r'' WHERE a.attname IN (''name'', ''name_folded'', ''word'', ''barcode'', ''reason'', ''notes'', ''supplier'', ''cas_number'') AND coalesce(a.attstattarget, -1) <> 0'],
    ['what sessions of other roles run is not seen', 'SELECT 1 / count(*) FROM pg_stat_activity WHERE usename <> current_user AND query NOT IN ('''', ''<insufficient privilege>'')'],
    ['sequences are not read', 'SELECT last_value FROM inventory.chemicals_id_seq'],
    ['sequences are not moved', 'SELECT setval(''inventory.chemicals_id_seq'', 1)'],
    ['sequences tell nothing beside', 'SELECT 1 / count(last_value) FROM pg_sequences'],
    ['the tables of all labs are not locked', 'LOCK TABLE inventory.containers IN ROW EXCLUSIVE MODE'],
    ['other roles are not changed', 'ALTER ROLE chemadmin PASSWORD NULL'],
    ['no role is made', 'CREATE ROLE intruder LOGIN'],
    ['no schema is made', 'CREATE SCHEMA intruder'],
    ['no statistics are made', 'CREATE STATISTICS intruder ON name, supplier FROM inventory.chemicals'],
    ['the server is not told to read its settings anew', 'SELECT pg_reload_conf()'],
    ['what is logged is not changed', 'SET LOCAL log_statement = ''all'''],
    ['the catalogue''s check is not asked', 'SELECT FROM control.check_catalogue()'],
    ['a DBA''s maintenance is not called', 'SELECT control.backfill(''inventory.chemicals'', ''true'', ''notes = NULL'')'],
    ['the server''s logs are not read', 'SELECT pg_ls_logdir()'],
    ['files of the server are not read', 'SELECT pg_read_file(''/etc/passwd'')'],
    ['programs are not run', 'COPY inventory.chemicals TO PROGRAM ''true''']
  ] LOOP
    BEGIN
      EXECUTE attempt[2];
      states := 'it went through';
      RAISE EXCEPTION USING ERRCODE = 'ZZ000', MESSAGE = 'undo';
    EXCEPTION
      WHEN SQLSTATE 'ZZ000' THEN NULL;
      WHEN insufficient_privilege OR invalid_authorization_specification OR invalid_text_representation OR invalid_parameter_value
           OR division_by_zero OR feature_not_supported THEN states := NULL;
      WHEN OTHERS THEN states := SQLSTATE || ' ' || SQLERRM;
    END;
    tests := tests || jsonb_build_object('what', attempt[1], 'faults', CASE WHEN states IS NULL THEN '[]'::jsonb ELSE jsonb_build_array(states) END);
  END LOOP;
  PERFORM set_config('chemtrack.found', tests::text, false);
END $$;
SELECT current_setting('chemtrack.found') AS found \gset
ROLLBACK;
\ir report.sql
\ir verdict.sql
