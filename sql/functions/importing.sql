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

CREATE OR REPLACE FUNCTION inventory.load_import_rows(import bigint, batch int) RETURNS TABLE (loaded int, present int, waiting int)
LANGUAGE plpgsql SECURITY INVOKER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  r         inventory.import_rows;
  substance bigint;
  made      bigint;
  place     bigint;
  places    jsonb := '{}';
  place_key text;
BEGIN
  loaded := 0; present := 0;
  FOR r IN SELECT * FROM inventory.import_rows i WHERE i.import_id = import AND i.state = 'ready' ORDER BY i.row_number LIMIT batch LOOP
    SELECT c.id INTO made FROM inventory.containers c WHERE c.import_key = r.key;
    IF NOT found THEN
      SELECT c.id INTO made FROM inventory.containers c WHERE c.barcode = r.record -> 'container' ->> 'barcode';
    END IF;
    IF made IS NOT NULL THEN
      UPDATE inventory.import_rows i SET state = 'present', container_id = made WHERE i.import_id = import AND i.row_number = r.row_number;
      present := present + 1;
      CONTINUE;
    END IF;

    SELECT h.id INTO substance FROM inventory.chemicals h
     WHERE h.name_folded = lower(r.record -> 'chemical' ->> 'name')
       AND h.cas_number IS NOT DISTINCT FROM (r.record -> 'chemical' ->> 'cas_number') AND h.retired_at IS NULL
     ORDER BY h.id LIMIT 1;
    IF NOT found THEN
      substance := inventory.insert_row('inventory.chemicals', r.record -> 'chemical');
    END IF;

    place_key := coalesce(r.record ->> 'location_path', '[]');
    IF NOT places ? place_key THEN
      places := jsonb_set(places, ARRAY[place_key], coalesce(to_jsonb(inventory.ensure_location(
        ARRAY(SELECT jsonb_array_elements_text(coalesce(r.record -> 'location_path', '[]'))))), 'null'));
    END IF;
    place := (places ->> place_key)::bigint;

    INSERT INTO inventory.containers AS c (chemical_id, barcode, location_id, unit, pack_size, pack_unit, lot, supplier, catalogue_number,
                                           purity, price, currency, received_on, opened_on, expires_on, notes, import_key)
    SELECT substance, f.barcode, place, f.unit, f.pack_size, f.pack_unit, f.lot, f.supplier, f.catalogue_number,
           f.purity, f.price, f.currency, f.received_on, f.opened_on, f.expires_on, f.notes, r.key
      FROM jsonb_populate_record(NULL::inventory.containers, r.record -> 'container') AS f
    RETURNING c.id INTO made;
    INSERT INTO inventory.movements (container_id, kind, typed_amount, typed_unit, reason)
    SELECT made, 'receive', f.amount, CASE WHEN f.amount IS NOT NULL THEN f.unit END, 'Imported'
      FROM jsonb_populate_record(NULL::inventory.containers, r.record -> 'container') AS f;
    UPDATE inventory.import_rows i SET state = 'loaded', container_id = made WHERE i.import_id = import AND i.row_number = r.row_number;
    loaded := loaded + 1;
  END LOOP;
  SELECT count(*) INTO waiting FROM inventory.import_rows i WHERE i.import_id = import AND i.state = 'ready';
  RETURN NEXT;
EXCEPTION WHEN integrity_constraint_violation OR data_exception THEN
  DECLARE
    state text; said text; broken text; facts text;
  BEGIN
    GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, said = MESSAGE_TEXT, broken = CONSTRAINT_NAME, facts = PG_EXCEPTION_DETAIL;
    RAISE EXCEPTION '%', said USING ERRCODE = state, CONSTRAINT = broken, DETAIL = facts, HINT = '/rows/' || r.row_number;
  END;
END $$;
COMMENT ON FUNCTION inventory.load_import_rows(bigint, int) IS
  'Turns the next rows that are ready into chemicals, locations, containers and receive movements, at most batch of them. A row whose key or barcode is there already is left alone (present).';
