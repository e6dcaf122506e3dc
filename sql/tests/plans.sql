-- The cost of a request depends on the rows of its own lab only: the planner reaches each table of inventory by an index whose condition begins with
-- lab_id. Tried in the first lab, if there is one; nothing is run but EXPLAIN.
BEGIN TRANSACTION READ ONLY;
SELECT coalesce(min(id), 0) AS lab FROM control.labs WHERE archived_at IS NULL \gset
SET LOCAL ROLE chemuser;
SET LOCAL enable_seqscan = off; -- the planner rightly reads small tables whole; the test asks whether it could use an index
SELECT set_config('app.lab_id', :'lab', true) AS lab \gset
DO $$
DECLARE
  name   text;
  plan   jsonb;
  faults text[] := '{}';
BEGIN
  FOR name IN SELECT c.oid::regclass FROM pg_class c WHERE c.relnamespace = 'inventory'::regnamespace AND c.relkind IN ('r', 'p')
                 AND has_column_privilege('chemuser', c.oid, 'lab_id', 'SELECT') ORDER BY 1 LOOP
    EXECUTE format('EXPLAIN (FORMAT JSON) SELECT lab_id FROM %s', name) INTO plan;
    IF NOT jsonb_path_exists(plan, '$.** ? (@."Index Cond" starts with "(lab_id = ")') THEN
      faults := faults || format('%s: %s', name, plan #>> '{0,Plan,Node Type}');
    END IF;
  END LOOP;
  PERFORM set_config('chemtrack.found', jsonb_build_array(
    jsonb_build_object('what', 'each table of inventory is reached by an index that begins with lab_id', 'faults', to_jsonb(faults)))::text, false);
END $$;
SELECT current_setting('chemtrack.found') AS found \gset
ROLLBACK;
\ir report.sql
