-- What each lab sees: for up to 50 labs that are not archived, each as chemuser with SET app.lab_id, as a DBA looks.
-- SET LOCAL and a rollback: nothing remains.
BEGIN TRANSACTION READ ONLY;
SELECT coalesce(jsonb_agg(id ORDER BY id), '[]') AS labs FROM (SELECT id FROM control.labs WHERE archived_at IS NULL ORDER BY id LIMIT 50) AS l \gset
SET LOCAL ROLE chemuser;
SELECT set_config('chemtrack.labs', :'labs', true) AS labs \gset
DO $$
DECLARE
  lab        int;
  name       text;
  own        bigint;
  others     bigint;
  total      bigint := 0;
  leaks      text[] := '{}';
  refused    boolean;
  silent     text[] := '{}';
BEGIN
  -- Without a lab every table refuses: an empty answer would hide the fault.
  PERFORM set_config('app.lab_id', '', true);
  FOR name IN SELECT format('%I.%I', schemaname, tablename) FROM pg_tables
               WHERE schemaname = 'inventory' AND pg_relation_size(format('%I.%I', schemaname, tablename)) > 0 ORDER BY 1 LOOP
    refused := false;
    BEGIN
      EXECUTE 'SELECT FROM ' || name || ' LIMIT 1';
    EXCEPTION WHEN invalid_authorization_specification THEN refused := true;
      WHEN insufficient_privilege THEN refused := true;
    END;
    IF NOT refused THEN silent := silent || name; END IF;
  END LOOP;
  FOR lab IN SELECT value::int FROM jsonb_array_elements_text(current_setting('chemtrack.labs')::jsonb) LOOP
    PERFORM set_config('app.lab_id', lab::text, true);
    FOR name IN SELECT format('%I.%I', n.nspname, c.relname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                 WHERE n.nspname = 'inventory' AND c.relkind IN ('r', 'v') AND has_table_privilege('chemuser', c.oid, 'SELECT') ORDER BY 1 LOOP
      EXECUTE format('SELECT count(*) FILTER (WHERE lab_id = $1), count(*) FILTER (WHERE lab_id IS DISTINCT FROM $1) FROM %s', name)
         INTO own, others USING lab;
      total := total + own;
      IF others > 0 THEN leaks := leaks || format('lab %s sees %s rows of others in %s', lab, others, name); END IF;
    END LOOP;
    SELECT count(*) INTO others FROM control.labs l WHERE l.id <> lab;
    IF others > 0 THEN leaks := leaks || format('lab %s sees %s other labs', lab, others); END IF;
    SELECT count(*) INTO others FROM control.members m WHERE m.lab_id <> lab;
    IF others > 0 THEN leaks := leaks || format('lab %s sees %s members of others', lab, others); END IF;
    SELECT count(*) INTO others FROM control.users u WHERE NOT EXISTS (SELECT FROM control.members m WHERE m.lab_id = lab AND m.user_id = u.id);
    IF others > 0 THEN leaks := leaks || format('lab %s sees %s people who never were its members', lab, others); END IF;
    -- Only a manager sees lines of control.events, so look as one.
    PERFORM set_config('app.user_id', coalesce((SELECT m.user_id::text FROM control.members m WHERE m.role = 'manager' AND m.ended_at IS NULL LIMIT 1), ''), true);
    SELECT count(*) INTO others FROM control.events e WHERE e.lab_id IS DISTINCT FROM lab;
    IF others > 0 THEN leaks := leaks || format('lab %s sees %s events of others', lab, others); END IF;
    PERFORM set_config('app.user_id', '', true);
  END LOOP;
  PERFORM set_config('chemtrack.found', jsonb_build_array(
    jsonb_build_object('what', 'without a lab every table of inventory that holds rows refuses to answer', 'faults', to_jsonb(silent)),
    jsonb_build_object('what', format('%s labs see their own %s rows and none of any other lab',
       jsonb_array_length(current_setting('chemtrack.labs')::jsonb), total), 'faults', to_jsonb(leaks)))::text, false);
END $$;
SELECT current_setting('chemtrack.found') AS found \gset
ROLLBACK;
\ir report.sql
