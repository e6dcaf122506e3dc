-- What a lab cannot write: as chemuser in one lab, tried on another one's chemical and container. All of it is rolled back.
-- Needs two labs that are not archived, a container in one of them; where there are none it says so.
BEGIN;
SELECT coalesce(jsonb_agg(id ORDER BY id), '[]') AS labs FROM (SELECT id FROM control.labs WHERE archived_at IS NULL ORDER BY id LIMIT 50) AS l \gset
SET LOCAL ROLE chemuser;
SELECT set_config('chemtrack.labs', :'labs', true) AS labs \gset
DO $$
DECLARE
  labs      int[] := ARRAY(SELECT value::int FROM jsonb_array_elements_text(current_setting('chemtrack.labs')::jsonb));
  owner     int;
  stranger  int;
  container bigint;
  chemical  bigint;
  statement text;
  touched   bigint;
  faults    text[] := '{}';
  tried     int := 0;
BEGIN
  FOREACH owner IN ARRAY labs LOOP
    PERFORM set_config('app.lab_id', owner::text, true);
    SELECT c.id, c.chemical_id INTO container, chemical FROM inventory.containers c LIMIT 1;
    EXIT WHEN found;
  END LOOP;
  SELECT l INTO stranger FROM unnest(labs) AS l WHERE l <> owner LIMIT 1;
  IF container IS NULL OR stranger IS NULL THEN
    PERFORM set_config('chemtrack.found', '[{"what": "writing across labs # SKIP there are no two labs with a container", "faults": []}]', false);
    RETURN;
  END IF;
  PERFORM set_config('app.lab_id', stranger::text, true);
  FOREACH statement IN ARRAY ARRAY[
    format('INSERT INTO inventory.chemicals (lab_id, name) VALUES (%s, ''planted'')', owner),
    format('UPDATE inventory.chemicals SET lab_id = %s', owner),
    format('UPDATE inventory.chemicals SET name = ''taken over'' WHERE id = %s', chemical),
    format('UPDATE inventory.containers SET notes = ''taken over'' WHERE id = %s', container),
    format('INSERT INTO inventory.containers (chemical_id) VALUES (%s)', chemical),
    format('INSERT INTO inventory.movements (container_id, kind, typed_amount, typed_unit) VALUES (%s, ''count'', 1, ''g'')', container),
    format('INSERT INTO inventory.disposals (chemical_id, reason) VALUES (%s, ''planted'')', chemical),
    format('DELETE FROM inventory.import_rows WHERE container_id = %s', container),
    'DELETE FROM inventory.movements', 'TRUNCATE inventory.movements', 'DELETE FROM inventory.containers',
    'UPDATE control.members SET role = ''manager''', 'UPDATE control.labs SET archived_at = now()',
    'INSERT INTO control.sessions (token_hash, user_id, expires_at) VALUES ('''', 1, ''infinity'')'
  ] LOOP
    tried := tried + 1;
    BEGIN
      EXECUTE statement;
      GET DIAGNOSTICS touched = ROW_COUNT;
      IF touched > 0 THEN faults := faults || format('%s rows: %s', touched, statement); END IF;
      RAISE EXCEPTION USING ERRCODE = 'ZZ000', MESSAGE = 'undo';
    EXCEPTION WHEN SQLSTATE 'ZZ000' OR insufficient_privilege OR foreign_key_violation OR check_violation OR not_null_violation THEN NULL;
    END;
  END LOOP;
  PERFORM set_config('chemtrack.found', jsonb_build_array(jsonb_build_object(
    'what', format('lab %s changes nothing of lab %s: %s ways tried', stranger, owner, tried), 'faults', to_jsonb(faults)))::text, false);
END $$;
SELECT current_setting('chemtrack.found') AS found \gset
ROLLBACK;
\ir report.sql
