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
COMMENT ON FUNCTION inventory.ensure_location(text[]) IS 'The location of that path of names, made where missing, brought back where archived; NULL for an empty path.';

CREATE OR REPLACE FUNCTION inventory.settle_joined_rows(import bigint) RETURNS void
LANGUAGE sql SECURITY INVOKER SET search_path = pg_catalog, pg_temp AS $$
  UPDATE inventory.import_rows j SET state = m.state, container_id = m.container_id, chemical_id = m.chemical_id
    FROM inventory.import_rows m
   WHERE j.import_id = import AND j.state = 'joined'
     AND m.import_id = import AND m.row_number = (j.record ->> 'joined_to')::int AND m.state IN ('loaded', 'present', 'refused')
$$;
COMMENT ON FUNCTION inventory.settle_joined_rows(bigint) IS 'Rows that only name the row above once more share what became of it.';

CREATE OR REPLACE FUNCTION inventory.start_import(import bigint, with_questions boolean) RETURNS int
LANGUAGE plpgsql SECURITY INVOKER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  it      inventory.imports;
  waiting int;
BEGIN
  -- Two at a time could list one chemical twice.
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
  'Locks an import for loading and returns how many rows are ready, those with a question too where wanted; NULL: it was committed before.';

CREATE OR REPLACE FUNCTION inventory.load_these_rows(import bigint, numbers int[], OUT containers int, OUT chemicals int)
LANGUAGE plpgsql SECURITY INVOKER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  path   jsonb;
  places jsonb := '{}';  -- location_path as text → its id
  codes  text[];         -- new barcodes for containers that bring none
  made   bigint[];
  keys   text[];
BEGIN
  -- Row by row and by keys, each lookup a value: the planner knows labs and imports by their average only, and would rather read
  -- all of a large one.
  UPDATE inventory.import_rows i
     SET (state, container_id, chemical_id) = (SELECT 'present', k.id, k.chemical_id FROM inventory.containers k WHERE k.import_key = i.key)
   WHERE i.import_id = import AND i.row_number = ANY (numbers) AND i.state = 'ready'
     AND (SELECT true FROM inventory.containers k WHERE k.import_key = i.key);

  -- A chemical is made of the first row that names it.
  INSERT INTO inventory.chemicals (name, synonyms, cas_number, formula, molar_mass_g_per_mol, smiles, inchikey, physical_state, density_g_per_ml,
                                   pictograms, signal_word, h_statements, p_statements, storage_class, sds_url, supplier, catalogue_number, notes)
  SELECT f.name, coalesce(f.synonyms, '{}'), f.cas_number, f.formula, f.molar_mass_g_per_mol, f.smiles, f.inchikey, f.physical_state, f.density_g_per_ml,
         f.pictograms, f.signal_word, coalesce(f.h_statements, '{}'), coalesce(f.p_statements, '{}'), f.storage_class, f.sds_url, f.supplier,
         f.catalogue_number, f.notes
    FROM (SELECT DISTINCT ON (lower(i.record -> 'chemical' ->> 'name'), i.record -> 'chemical' ->> 'cas_number') i.row_number, i.record -> 'chemical' AS fields
            FROM inventory.import_rows i
           WHERE i.import_id = import AND i.row_number = ANY (numbers) AND i.state = 'ready'
           ORDER BY lower(i.record -> 'chemical' ->> 'name'), i.record -> 'chemical' ->> 'cas_number', i.row_number) AS named
   CROSS JOIN LATERAL jsonb_populate_record(NULL::inventory.chemicals, named.fields) AS f
   WHERE (SELECT true FROM inventory.chemicals h
           WHERE h.name_folded = lower(f.name) AND h.cas_number IS NOT DISTINCT FROM f.cas_number AND h.retired_at IS NULL LIMIT 1) IS NULL
   ORDER BY named.row_number;
  GET DIAGNOSTICS chemicals = ROW_COUNT;
  UPDATE inventory.import_rows i
     SET (chemical_id, state) = (
           SELECT k.id, CASE WHEN i.record -> 'container' <> 'null' THEN 'ready' WHEN k.made_at < now() THEN 'present' ELSE 'loaded' END
             FROM inventory.chemicals k
            WHERE k.name_folded = lower(i.record -> 'chemical' ->> 'name')
              AND k.cas_number IS NOT DISTINCT FROM (i.record -> 'chemical' ->> 'cas_number') AND k.retired_at IS NULL
            ORDER BY k.id + 0 LIMIT 1)  -- + 0: not by walking all ids until the name comes
   WHERE i.import_id = import AND i.row_number = ANY (numbers) AND i.state = 'ready';

  FOR path IN SELECT DISTINCT i.record -> 'location_path' FROM inventory.import_rows i
               WHERE i.import_id = import AND i.row_number = ANY (numbers) AND i.state = 'ready' LOOP
    places := places || jsonb_build_object(path::text, inventory.ensure_location(ARRAY(SELECT jsonb_array_elements_text(path))));
  END LOOP;
  SELECT ARRAY(SELECT inventory.next_barcodes(coalesce(sum((i.record ->> 'count')::int), 0)::int)) INTO codes
    FROM inventory.import_rows i
   WHERE i.import_id = import AND i.row_number = ANY (numbers) AND i.state = 'ready' AND NOT i.record -> 'container' ? 'barcode';
  WITH fresh AS (
    INSERT INTO inventory.containers (chemical_id, barcode, location_id, unit, pack_size, pack_unit, lot, supplier, catalogue_number,
                                      purity, price, currency, received_on, opened_on, expires_on, notes, import_key)
    SELECT i.chemical_id, coalesce(f.barcode, codes[row_number() OVER (PARTITION BY f.barcode IS NULL ORDER BY i.row_number, n)]),
           (places ->> (i.record ->> 'location_path'))::bigint, f.unit, f.pack_size, f.pack_unit, f.lot, f.supplier, f.catalogue_number,
           f.purity, f.price, f.currency, f.received_on, f.opened_on, f.expires_on, f.notes, i.key || CASE WHEN n > 1 THEN '#' || n ELSE '' END
      FROM inventory.import_rows i
     CROSS JOIN LATERAL jsonb_populate_record(NULL::inventory.containers, i.record -> 'container') AS f
     CROSS JOIN LATERAL generate_series(1, (i.record ->> 'count')::int) AS n
     WHERE i.import_id = import AND i.row_number = ANY (numbers) AND i.state = 'ready'
     ORDER BY i.row_number, n
    RETURNING id, import_key)
  SELECT array_agg(id), array_agg(import_key), count(*) INTO made, keys, containers FROM fresh;

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
  'Turns rows that are ready into chemicals, locations, containers and receive movements; returns how many containers and chemicals were made. A row whose key is there already is left alone (present).';

CREATE OR REPLACE FUNCTION inventory.learn_sizes() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF (SELECT c.reltuples < 100 FROM pg_class c WHERE c.oid = 'inventory.containers'::regclass) THEN
    ANALYZE inventory.chemicals, inventory.chemical_words, inventory.containers, inventory.movements, inventory.locations, inventory.import_rows;
  END IF;
EXCEPTION WHEN lock_not_available THEN
  NULL;  -- somebody does it just now
END $$;
COMMENT ON FUNCTION inventory.learn_sizes() IS
  'Statistics for the planner on the day of the first import, when autovacuum has not come by: without them it takes a lab for one of 200 and reads all of it where a key would do.';

DROP FUNCTION IF EXISTS inventory.load_import_rows(bigint, int);  -- before 1.0
CREATE OR REPLACE FUNCTION inventory.load_next_rows(import bigint, batch int, OUT rows int, OUT containers int, OUT chemicals int)
LANGUAGE plpgsql SECURITY INVOKER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  numbers int[];
  number  int;
  coded   boolean;  -- rows with a barcode are left
  state text; said text; broken text; facts text;
BEGIN
  -- Those that bring their barcode come first: none that is made here takes it. Of rows with many containers fewer are taken.
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
    -- One by one, to say which it is.
    FOREACH number IN ARRAY numbers LOOP
      PERFORM inventory.load_these_rows(import, ARRAY[number]);
    END LOOP;
    number := NULL;
    RAISE;
  END;
EXCEPTION WHEN integrity_constraint_violation OR data_exception THEN
  GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, said = MESSAGE_TEXT, broken = CONSTRAINT_NAME, facts = PG_EXCEPTION_DETAIL;
  RAISE EXCEPTION '%', said USING ERRCODE = state, CONSTRAINT = broken, DETAIL = facts, HINT = coalesce('/rows/' || number, '');
END $$;
COMMENT ON FUNCTION inventory.load_next_rows(bigint, int) IS
  'Loads the next rows that are ready, at most batch of them and about as many containers; returns how many rows it took, 0 when none is left. An error says the row by its hint, /rows/17.';

CREATE OR REPLACE FUNCTION inventory.finish_import(import bigint, outcome jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY INVOKER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM inventory.settle_joined_rows(import);
  outcome := outcome || coalesce((
    SELECT jsonb_object_agg(s.state, s.rows) FROM (
      SELECT i.state, count(*) AS rows FROM inventory.import_rows i WHERE i.import_id = import GROUP BY i.state) AS s), '{}');
  UPDATE inventory.imports i
     SET reading = i.reading || jsonb_build_object('outcome', outcome), content = NULL, committed_at = control.clock(), committed_by = control.user_id()
   WHERE i.id = import;
  RETURN outcome;
END $$;
COMMENT ON FUNCTION inventory.finish_import(bigint, jsonb) IS 'Closes an import that was loaded, forgets the file, and returns outcome with the rows by state.';
