-- The ledger of every lab that is not archived: what is left is the sum of its lines, and no line is missing.
BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY;
SELECT coalesce(jsonb_agg(id ORDER BY id), '[]') AS labs FROM control.labs WHERE archived_at IS NULL \gset
SET LOCAL ROLE chemuser;
SELECT set_config('chemtrack.labs', :'labs', true) AS labs \gset
DO $$
DECLARE
  lab        int;
  containers bigint;
  all_of_all bigint := 0;
  faults     text[] := '{}';
  broken     text[];
BEGIN
  SET LOCAL statement_timeout = 0;
  FOR lab IN SELECT value::int FROM jsonb_array_elements_text(current_setting('chemtrack.labs')::jsonb) LOOP
    PERFORM set_config('app.lab_id', lab::text, true);
    SELECT count(*) INTO containers FROM inventory.containers;
    all_of_all := all_of_all + containers;
    SELECT array_agg(format('lab %s, container %s (%s): %s left, lines add up to %s', lab, c.id, c.barcode, c.amount, m.total)) INTO broken
      FROM inventory.containers c
      LEFT JOIN (SELECT container_id, sum(amount) AS total, count(*) AS lines, max(line) AS last FROM inventory.movements GROUP BY container_id) AS m
             ON m.container_id = c.id
      LEFT JOIN inventory.movements l ON l.container_id = c.id AND l.line = c.last_line
     WHERE (c.amount IS NOT NULL AND c.amount IS DISTINCT FROM m.total)
        OR coalesce(m.lines, 0) <> c.last_line OR coalesce(m.last, 0) <> c.last_line OR l.balance IS DISTINCT FROM c.amount;
    faults := faults || coalesce(broken[1:20], '{}');
  END LOOP;
  PERFORM set_config('chemtrack.found', jsonb_build_array(jsonb_build_object(
    'what', format('the ledger of %s containers adds up, line by line', all_of_all), 'faults', to_jsonb(faults)))::text, false);
END $$;
SELECT current_setting('chemtrack.found') AS found \gset
ROLLBACK;
\ir report.sql
