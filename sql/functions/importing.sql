-- A spreadsheet's rows become chemicals, locations, containers and their first lines in the ledger: start_import, then
-- load_next_rows until nothing waits, then finish_import, all in one transaction.

CREATE OR REPLACE FUNCTION inventory.ensure_location(names text[]) RETURNS bigint
LANGUAGE plpgsql SECURITY INVOKER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  kinds text[] := ARRAY['building', 'room', 'storage', 'shelf'];
  depth int := 0;
  here  bigint;
  above bigint;
  part  text;
BEGIN
  FOREACH part IN ARRAY coalesce(names, '{}') LOOP
    part := inventory.composed(part);
    CONTINUE WHEN btrim(part) = '';
    depth := depth + 1;
    above := here;
    SELECT l.id INTO here FROM inventory.locations l WHERE l.parent_id IS NOT DISTINCT FROM above AND l.name_folded = lower(btrim(part));
    IF NOT found THEN
      INSERT INTO inventory.locations AS l (parent_id, kind, name) VALUES (above, kinds[least(depth, 4)], btrim(part)) RETURNING l.id INTO here;
    END IF;
    UPDATE inventory.locations l SET archived_at = NULL WHERE l.id = here AND l.archived_at IS NOT NULL;
  END LOOP;
  RETURN here;
END $$;
COMMENT ON FUNCTION inventory.ensure_location(text[]) IS 'The id of the location with this path of names. A location that is missing is made, an archived one is taken back into use. NULL for an empty path.';

CREATE OR REPLACE FUNCTION inventory.find_location(names text[]) RETURNS bigint
LANGUAGE plpgsql STABLE SECURITY INVOKER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  here  bigint;
  above bigint;
  part  text;
BEGIN
  FOREACH part IN ARRAY names LOOP
    above := here;
    SELECT l.id INTO here FROM inventory.locations l
     WHERE l.parent_id IS NOT DISTINCT FROM above AND l.name_folded = lower(btrim(inventory.composed(part))) AND l.archived_at IS NULL;
    IF NOT found THEN
      RETURN NULL;
    END IF;
  END LOOP;
  RETURN here;
END $$;
COMMENT ON FUNCTION inventory.find_location(text[]) IS 'The location in use of that path of names; NULL: there is none.';

CREATE OR REPLACE FUNCTION inventory.load_locations(import bigint, numbers int[]) RETURNS void
LANGUAGE plpgsql SECURITY INVOKER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  one   record;
  place bigint;
BEGIN
  FOR one IN SELECT i.row_number, ARRAY(SELECT jsonb_array_elements_text(i.record -> 'location_path')) AS path, i.record -> 'location' AS said
               FROM inventory.import_rows i
              WHERE i.import_id = import AND i.row_number = ANY (numbers) AND i.state = 'ready' AND i.record ? 'location' ORDER BY i.row_number LOOP
    place := inventory.find_location(one.path);
    IF place IS NULL OR EXISTS (SELECT FROM inventory.locations l WHERE l.id = place AND l.made_at = now()) THEN
      place := inventory.ensure_location(one.path);
      UPDATE inventory.locations l
         SET kind = coalesce(one.said ->> 'kind', l.kind), count_period_days = (one.said ->> 'count_period_days')::int
       WHERE l.id = place;
      UPDATE inventory.import_rows i SET state = 'loaded' WHERE i.import_id = import AND i.row_number = one.row_number;
    ELSE
      UPDATE inventory.import_rows i SET state = 'present' WHERE i.import_id = import AND i.row_number = one.row_number;
    END IF;
  END LOOP;
END $$;
COMMENT ON FUNCTION inventory.load_locations(bigint, int[]) IS
  'Makes the locations of rows that describe nothing else. One that was here before this import stays as it is.';

CREATE OR REPLACE FUNCTION inventory.settle_joined_rows(import bigint) RETURNS void
LANGUAGE sql SECURITY INVOKER SET search_path = pg_catalog, pg_temp AS $$
  UPDATE inventory.import_rows j SET state = m.state, container_id = m.container_id, chemical_id = m.chemical_id
    FROM inventory.import_rows m
   WHERE j.import_id = import AND j.state = 'joined'
     AND m.import_id = import AND m.row_number = (j.record ->> 'joined_to')::int AND m.state IN ('loaded', 'present', 'refused')
$$;
COMMENT ON FUNCTION inventory.settle_joined_rows(bigint) IS 'Gives each row that only repeats another row (state joined) the state, container and chemical of that row.';

CREATE OR REPLACE FUNCTION inventory.start_import(import bigint, with_questions boolean) RETURNS int
LANGUAGE plpgsql SECURITY INVOKER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  it      inventory.imports;
  waiting int;
BEGIN
  -- Imports of a lab run one after the other: two at once could list the same chemical twice.
  IF NOT pg_try_advisory_xact_lock(hashtext('inventory.imports'), control.lab_id()) THEN
    RAISE EXCEPTION 'another import is being loaded' USING ERRCODE = '55P03', CONSTRAINT = 'imports_are_loaded_one_at_a_time';
  END IF;
  SELECT * INTO it FROM inventory.imports i WHERE i.id = import FOR UPDATE;
  IF NOT found THEN
    RAISE EXCEPTION 'no such import' USING ERRCODE = 'P0002', CONSTRAINT = 'import_exists';
  ELSIF it.committed_at IS NOT NULL THEN
    RETURN NULL;
  ELSIF it.cancelled_at IS NOT NULL THEN
    RAISE EXCEPTION 'cancelled' USING ERRCODE = '23514', CONSTRAINT = 'import_is_open';
  ELSIF NOT it.reading ? 'summary' THEN
    RAISE EXCEPTION 'not read' USING ERRCODE = '23514', CONSTRAINT = 'import_is_read';
  END IF;
  IF with_questions THEN
    UPDATE inventory.import_rows i SET state = 'ready' WHERE i.import_id = import AND i.state = 'question';
  END IF;
  SELECT count(*) INTO waiting FROM inventory.import_rows i WHERE i.import_id = import AND i.state = 'ready';
  RETURN waiting;
END $$;
COMMENT ON FUNCTION inventory.start_import(bigint, boolean) IS
  'Locks an import for loading and returns how many rows are ready; with_questions: rows with an open question count as ready. NULL: the import was committed before.';

CREATE OR REPLACE FUNCTION inventory.columns_imported(target regclass) RETURNS text
LANGUAGE sql STABLE SECURITY INVOKER SET search_path = pg_catalog, pg_temp AS $$
  SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) FROM pg_attribute a
   WHERE a.attrelid = target AND a.attnum > 0 AND NOT a.attisdropped AND has_column_privilege('chemuser', target, a.attnum, 'INSERT')
$$;
COMMENT ON FUNCTION inventory.columns_imported(regclass) IS 'The columns of a table that an import fills: those that a person may write.';

CREATE OR REPLACE FUNCTION inventory.load_these_rows(import bigint, numbers int[], OUT containers int, OUT chemicals int)
LANGUAGE plpgsql SECURITY INVOKER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  path      jsonb;
  locations jsonb := '{}';  -- location_path as text → its id
  codes     text[];         -- new barcodes for containers whose row has none
  made      bigint[];
  keys      text[];
BEGIN
  PERFORM inventory.load_locations(import, numbers);
  PERFORM inventory.give_up_keys(array_agg(k.id))
     FROM inventory.import_rows i CROSS JOIN LATERAL generate_series(1, greatest((i.record ->> 'count')::int, 1)) AS n
     JOIN inventory.containers k
       ON k.id IN ((SELECT x.id FROM inventory.containers x WHERE x.import_key = i.key || CASE WHEN n > 1 THEN '#' || n ELSE '' END),
                   (SELECT x.id FROM inventory.containers x WHERE x.barcode_folded = lower(i.record -> 'container' ->> 'barcode') LIMIT 1))
    WHERE i.import_id = import AND i.row_number = ANY (numbers) AND i.state = 'ready' AND k.disposed_at IS NOT NULL;
  -- Each lookup is a scalar subquery by a key, not a join: the planner knows only the average size of labs and imports, and would
  -- join by reading all of a large one.
  UPDATE inventory.import_rows i
     SET (state, container_id, chemical_id) = (SELECT 'present', k.id, k.chemical_id FROM inventory.containers k WHERE k.import_key = i.key)
   WHERE i.import_id = import AND i.row_number = ANY (numbers) AND i.state = 'ready'
     AND (SELECT NOT coalesce(i.record -> 'container' ? 'barcode', false)
                 OR h.name_folded = lower(inventory.composed(i.record -> 'chemical' ->> 'name')) OR coalesce(h.cas_number = i.record -> 'chemical' ->> 'cas_number', false)
            FROM inventory.containers k JOIN inventory.chemicals h ON h.id = k.chemical_id WHERE k.import_key = i.key);

  -- Several rows may name the same chemical: the first of them gives its fields.
  EXECUTE format($insert$
  INSERT INTO inventory.chemicals (%1$s)
  SELECT %1$s
    FROM (SELECT DISTINCT ON (lower(inventory.composed(i.record -> 'chemical' ->> 'name')), i.record -> 'chemical' ->> 'cas_number') i.row_number, i.record -> 'chemical' AS fields
            FROM inventory.import_rows i
           WHERE i.import_id = $1 AND i.row_number = ANY ($2) AND i.state = 'ready'
           ORDER BY lower(inventory.composed(i.record -> 'chemical' ->> 'name')), i.record -> 'chemical' ->> 'cas_number', i.row_number) AS named
   CROSS JOIN LATERAL jsonb_populate_record(NULL::inventory.chemicals, '{"synonyms": [], "h_statements": [], "p_statements": [], "origins": {}}' || jsonb_strip_nulls(named.fields)
           || CASE WHEN named.fields ? 'pictograms' THEN jsonb_build_object('hazards_import_id', $1) ELSE '{}' END) AS f
   WHERE (SELECT true FROM inventory.chemicals h
           WHERE h.name_folded = lower(inventory.composed(f.name)) AND h.cas_number IS NOT DISTINCT FROM f.cas_number AND h.retired_at IS NULL LIMIT 1) IS NULL
   ORDER BY named.row_number
  $insert$, inventory.columns_imported('inventory.chemicals')) USING import, numbers;
  GET DIAGNOSTICS chemicals = ROW_COUNT;
  UPDATE inventory.import_rows i
     SET (chemical_id, state) = (
           SELECT k.id, CASE WHEN i.record -> 'container' <> 'null' THEN 'ready' WHEN k.made_at < now() THEN 'present' ELSE 'loaded' END
             FROM inventory.chemicals k
            WHERE k.name_folded = lower(inventory.composed(i.record -> 'chemical' ->> 'name'))
              AND k.cas_number IS NOT DISTINCT FROM (i.record -> 'chemical' ->> 'cas_number') AND k.retired_at IS NULL
            ORDER BY k.id + 0 LIMIT 1)  -- `+ 0` stops the planner from walking the primary key until a row with this name comes
   WHERE i.import_id = import AND i.row_number = ANY (numbers) AND i.state = 'ready';

  FOR path IN SELECT DISTINCT i.record -> 'location_path' FROM inventory.import_rows i
               WHERE i.import_id = import AND i.row_number = ANY (numbers) AND i.state = 'ready' LOOP
    locations := locations || jsonb_build_object(path::text, inventory.ensure_location(ARRAY(SELECT jsonb_array_elements_text(path))));
  END LOOP;
  SELECT ARRAY(SELECT inventory.next_barcodes(coalesce(sum((i.record ->> 'count')::int), 0)::int)) INTO codes
    FROM inventory.import_rows i
   WHERE i.import_id = import AND i.row_number = ANY (numbers) AND i.state = 'ready' AND NOT i.record -> 'container' ? 'barcode';
  EXECUTE format($insert$
  WITH fresh AS (
    INSERT INTO inventory.containers (%1$s)
    SELECT %1$s
      FROM (SELECT i.row_number, n, (i.record -> 'container') || jsonb_build_object(
                     'chemical_id', i.chemical_id, 'location_id', $3 ->> (i.record ->> 'location_path'),
                     'import_key', i.key || CASE WHEN n > 1 THEN '#' || n ELSE '' END,
                     'barcode', coalesce(i.record -> 'container' ->> 'barcode',
                       $4[row_number() OVER (PARTITION BY i.record -> 'container' ->> 'barcode' IS NULL ORDER BY i.row_number, n)])) AS fields
              FROM inventory.import_rows i
             CROSS JOIN LATERAL generate_series(1, (i.record ->> 'count')::int) AS n
             WHERE i.import_id = $1 AND i.row_number = ANY ($2) AND i.state = 'ready') AS made
     CROSS JOIN LATERAL jsonb_populate_record(NULL::inventory.containers, made.fields) AS f
     ORDER BY made.row_number, made.n
    RETURNING id, import_key)
  SELECT array_agg(id), array_agg(import_key), count(*) FROM fresh
  $insert$, inventory.columns_imported('inventory.containers')) INTO made, keys, containers USING import, numbers, locations, codes;

  INSERT INTO inventory.movements (container_id, kind, typed_amount, typed_unit, reason)
  SELECT m.id, 'receive', (i.record -> 'container' ->> 'amount')::numeric,
         CASE WHEN i.record -> 'container' ? 'amount' THEN i.record -> 'container' ->> 'unit' END, 'Imported'
    FROM unnest(made, keys) AS m (id, key)
    JOIN inventory.import_rows i ON i.import_id = import AND i.row_number = ANY (numbers) AND i.key = split_part(m.key, '#', 1)
   ORDER BY m.id;
  UPDATE inventory.import_rows i SET state = 'loaded', container_id = m.id
    FROM unnest(made, keys) AS m (id, key)
   WHERE i.import_id = import AND i.row_number = ANY (numbers) AND i.state = 'ready' AND i.key = m.key;
END $$;
COMMENT ON FUNCTION inventory.load_these_rows(bigint, int[]) IS
  'Turns rows that are ready into chemicals, locations, containers and movements of kind receive; returns how many containers and chemicals were made. A row whose key a container has already makes nothing and gets the state present.';

CREATE OR REPLACE FUNCTION inventory.learn_sizes() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM control.lab_id_for('manager');
  IF (SELECT c.reltuples < 100 FROM pg_class c WHERE c.oid = 'inventory.containers'::regclass) THEN
    ANALYZE inventory.chemicals, inventory.chemical_words, inventory.containers, inventory.movements, inventory.locations, inventory.import_rows;
  END IF;
EXCEPTION WHEN lock_not_available THEN
  NULL;  -- another session analyses these tables at this moment
END $$;
COMMENT ON FUNCTION inventory.learn_sizes() IS
  'Collects statistics during the first import, before autovacuum does: without them the planner expects some 200 rows in a lab, and reads all rows where an index would find one.';

DROP FUNCTION IF EXISTS inventory.load_import_rows(bigint, int);  -- replaced by load_next_rows before 1.0
CREATE OR REPLACE FUNCTION inventory.load_next_rows(import bigint, batch int, OUT rows int, OUT containers int, OUT chemicals int)
LANGUAGE plpgsql SECURITY INVOKER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  numbers int[];
  number  int;
  coded   boolean;  -- whether rows with a barcode of their own still wait
  state text; message text; broken text; facts text;
BEGIN
  -- Rows that bring a barcode come first, so that no barcode which is made here takes one of theirs. A batch ends early where a row
  -- makes many containers.
  coded := EXISTS (SELECT FROM inventory.import_rows i WHERE i.import_id = import AND i.state = 'ready' AND i.record -> 'container' ? 'barcode');
  SELECT array_agg(b.row_number), count(*) INTO numbers, rows
    FROM (SELECT i.row_number, (i.record ->> 'count')::int AS own, sum((i.record ->> 'count')::int) OVER (ORDER BY i.row_number) AS so_far
            FROM inventory.import_rows i
           WHERE i.import_id = import AND i.state = 'ready' AND coalesce(i.record -> 'container' ? 'barcode', false) = coded
           ORDER BY i.row_number LIMIT batch) AS b
   WHERE b.so_far - b.own < batch;
  IF rows = 0 THEN
    containers := 0;
    chemicals := 0;
    RETURN;
  END IF;
  BEGIN
    SELECT t.containers, t.chemicals INTO containers, chemicals FROM inventory.load_these_rows(import, numbers) AS t;
    PERFORM inventory.learn_sizes();
  EXCEPTION WHEN integrity_constraint_violation OR data_exception THEN
    -- The batch failed: load its rows one by one, so that the error names the row.
    FOREACH number IN ARRAY numbers LOOP
      PERFORM inventory.load_these_rows(import, ARRAY[number]);
    END LOOP;
    number := NULL;
    RAISE;
  END;
EXCEPTION WHEN integrity_constraint_violation OR data_exception THEN
  GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, message = MESSAGE_TEXT, broken = CONSTRAINT_NAME, facts = PG_EXCEPTION_DETAIL;
  RAISE EXCEPTION '%', message USING ERRCODE = state, CONSTRAINT = broken, DETAIL = facts, HINT = coalesce('/rows/' || number, '');
END $$;
COMMENT ON FUNCTION inventory.load_next_rows(bigint, int) IS
  'Loads the next rows that are ready, at most batch of them and about as many containers; returns how many rows it took, 0 when none is left. The hint of an error names its row: /rows/17.';

CREATE OR REPLACE FUNCTION inventory.forget_old_files() RETURNS void
LANGUAGE sql SECURITY INVOKER SET search_path = pg_catalog, pg_temp AS $$
  UPDATE inventory.imports i SET content = NULL
    FROM (SELECT x.id, row_number() OVER latest_first AS nth, sum(octet_length(x.content)) OVER latest_first AS bytes
            FROM inventory.imports x WHERE x.committed_at IS NOT NULL AND x.content IS NOT NULL
          WINDOW latest_first AS (ORDER BY x.committed_at DESC, x.id DESC)) AS kept
   WHERE i.id = kept.id AND (kept.nth > 20 OR kept.bytes > 100 * 1024 * 1024)
$$;
COMMENT ON FUNCTION inventory.forget_old_files() IS 'Keeps the files of the lab''s latest 20 imports that were loaded, 100 MB of them at most.';

CREATE OR REPLACE FUNCTION inventory.finish_import(import bigint, outcome jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY INVOKER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  newer text[];  -- what ChemTrack changed after the question whether to take over what the list says: C-7: lot
BEGIN
  PERFORM inventory.settle_joined_rows(import);
  newer := ARRAY(
    SELECT c.barcode || ': amount' FROM inventory.import_rows i JOIN inventory.containers c ON c.id = i.container_id
     WHERE i.import_id = import AND i.state = 'present'
       AND (c.amount, c.unit) IS DISTINCT FROM ((i.record -> 'recount' ->> 'amount')::numeric, i.record -> 'recount' ->> 'unit') AND i.record ? 'recount');
  INSERT INTO inventory.movements (container_id, kind, typed_amount, typed_unit, reason)
  SELECT i.container_id, 'count', (i.record -> 'container' ->> 'amount')::numeric, i.record -> 'container' ->> 'unit', 'As the list says that was imported again'
    FROM inventory.import_rows i JOIN inventory.containers c ON c.id = i.container_id
   WHERE i.import_id = import AND i.state = 'present' AND i.record ? 'recount'
     AND (c.amount, c.unit) IS NOT DISTINCT FROM ((i.record -> 'recount' ->> 'amount')::numeric, i.record -> 'recount' ->> 'unit')
   ORDER BY i.container_id;
  newer := ARRAY(SELECT DISTINCT f FROM unnest(newer || inventory.take_over(import)) AS f ORDER BY f);
  IF newer <> '{}' THEN
    outcome := outcome || jsonb_build_object('newer', cardinality(newer), 'newer_fields', to_jsonb(newer[:20]));
  END IF;
  outcome := outcome || coalesce((
    SELECT jsonb_object_agg(s.state, s.rows) FROM (
      SELECT i.state, count(*) AS rows FROM inventory.import_rows i WHERE i.import_id = import GROUP BY i.state) AS s), '{}');
  UPDATE inventory.imports i
     SET reading = i.reading || jsonb_build_object('outcome', outcome, 'began_at', now()), committed_at = control.clock()
   WHERE i.id = import;
  PERFORM inventory.forget_old_files();
  RETURN outcome;
END $$;
COMMENT ON FUNCTION inventory.finish_import(bigint, jsonb) IS 'Closes an import that was loaded, and returns outcome with the rows by state, and with the number (newer) and the first 20 (newer_fields) of the fields that stay because ChemTrack changed them after the question.';
