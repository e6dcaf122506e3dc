-- Receives a purchase: one delivery of many lines, each of which becomes containers. A line names a chemical that is listed
-- (chemical_id) or describes a new one (chemical). The hint of an error names its line, such as /lines/3.
CREATE OR REPLACE FUNCTION inventory.fill_in(chemical jsonb) RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY INVOKER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  -- OFFSET 0 lets origins_of be called once, not for each column.
  RETURN coalesce((
    SELECT jsonb_object_agg(known.key, known.value)
           || jsonb_build_object('origins', coalesce(jsonb_object_agg(known.key, o.origins -> known.key)
                FILTER (WHERE o.origins ? known.key AND NOT chemical ? known.key), '{}'))
      FROM reference.substances s LEFT JOIN reference.hazard_classifications h ON h.cas_number = s.cas_number
     CROSS JOIN LATERAL (SELECT reference.origins_of(s, h.source) AS origins OFFSET 0) AS o
     CROSS JOIN LATERAL jsonb_each(jsonb_strip_nulls(
             to_jsonb(s) || coalesce(to_jsonb(h), '{}')
             || jsonb_build_object('hazards_from', CASE WHEN NOT chemical ?| ARRAY['pictograms', 'signal_word', 'h_statements', 'p_statements'] THEN h.source END)
             || jsonb_build_object('synonyms', (SELECT jsonb_agg(n.name ORDER BY n.name) FROM reference.substance_names n WHERE n.cas_number = s.cas_number)))) AS known
     WHERE s.cas_number = chemical ->> 'cas_number'
       AND known.key IN (SELECT a.attname FROM pg_attribute a WHERE a.attrelid = 'inventory.chemicals'::regclass)), '{}') || chemical;
END $$;
COMMENT ON FUNCTION inventory.fill_in(jsonb) IS
  'The columns of a new chemical. Those that the lab left empty, the name too, are filled with what the reference tables know of its CAS RN; origins says which.';

CREATE OR REPLACE FUNCTION inventory.receive(delivery jsonb, lines jsonb) RETURNS TABLE (delivery_id bigint, line int, container_id bigint, barcode text)
LANGUAGE plpgsql SECURITY INVOKER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  item       jsonb;
  chemical   jsonb;
  listed     inventory.chemicals;
  substances bigint[] := '{}';
  fields     jsonb;
  code       text;
  nth        int;
  made       inventory.movements;
  codes      text[] := ARRAY(SELECT c FROM jsonb_array_elements(lines) AS l, jsonb_array_elements_text(l -> 'barcodes') AS c);
  state      text; message text; broken text; facts text; of_column text;
BEGIN
  line := -1;
  delivery := jsonb_build_object('received_on', control.today()) || jsonb_strip_nulls(delivery);
  IF (delivery ->> 'received_on')::date > control.today() THEN
    RAISE EXCEPTION 'not received yet' USING ERRCODE = '23514', CONSTRAINT = 'deliveries_received_on_has_come';
  END IF;
  SELECT jsonb_agg(c)::text INTO facts FROM unnest(codes) AS c WHERE inventory.find_barcode(c) IS NOT NULL;
  IF facts IS NOT NULL THEN
    RAISE EXCEPTION 'barcodes are taken' USING ERRCODE = '23505', CONSTRAINT = 'containers_barcode_is_taken',
      DETAIL = jsonb_build_object('barcodes', facts::jsonb)::text;
  END IF;

  delivery_id := inventory.insert_row('inventory.deliveries', delivery);
  FOR item IN SELECT value FROM jsonb_array_elements(lines) LOOP
    line := line + 1;
    IF item ? 'chemical' THEN
      chemical := CASE WHEN (item ->> 'fill_in')::boolean THEN inventory.fill_in(item -> 'chemical') ELSE item -> 'chemical' END;
      IF NOT chemical ? 'name' THEN
        RAISE EXCEPTION 'a chemical has a name' USING ERRCODE = '23502', CONSTRAINT = 'chemicals_name_is_said';
      END IF;
      substances := substances || inventory.insert_row('inventory.chemicals', chemical);
    ELSE
      -- The lock keeps somebody else from retiring the chemical at this moment.
      SELECT * INTO listed FROM inventory.chemicals h WHERE h.id = (item ->> 'chemical_id')::bigint FOR SHARE;
      IF NOT found THEN
        RAISE EXCEPTION 'no such chemical' USING ERRCODE = '23503', CONSTRAINT = 'containers_chemical_exists';
      ELSIF listed.retired_at IS NOT NULL THEN
        RAISE EXCEPTION 'retired' USING ERRCODE = '23514', CONSTRAINT = 'containers_chemical_is_not_retired',
          DETAIL = jsonb_build_object('name', listed.name)::text;
      END IF;
      substances := substances || listed.id;
    END IF;
  END LOOP;

  -- Lines that bring a barcode come first, so that no barcode which is made here takes one of theirs.
  FOR item, line, code, nth IN
    SELECT l.value, l.ordinality - 1, l.value -> 'barcodes' ->> n, n
      FROM jsonb_array_elements(lines) WITH ORDINALITY AS l, generate_series(0, (l.value ->> 'count')::int - 1) AS n
     ORDER BY l.value -> 'barcodes' ->> n IS NULL, l.ordinality, n
  LOOP
    fields := (item -> 'container') || jsonb_build_object('chemical_id', substances[line + 1], 'delivery_id', delivery_id, 'received_on', delivery -> 'received_on');
    IF code IS NOT NULL THEN
      fields := fields || jsonb_build_object('barcode', code);
    END IF;
    container_id := inventory.insert_row('inventory.containers', fields);
    IF item ->> 'gtin' IS NOT NULL THEN
      INSERT INTO inventory.product_codes (container_id, gtin, serial_number) VALUES (container_id, item ->> 'gtin', item -> 'serial_numbers' ->> nth);
    END IF;
    INSERT INTO inventory.movements AS m (container_id, kind, typed_amount, typed_unit, delivery_id)
    VALUES (container_id, 'receive', (item ->> 'amount')::numeric, CASE WHEN item ->> 'amount' IS NOT NULL THEN item ->> 'unit' END, delivery_id)
    RETURNING * INTO made;
    IF (item ->> 'holds_more')::boolean IS NOT TRUE THEN
      PERFORM inventory.ask_if_overfilled(made);
    END IF;
    SELECT c.barcode INTO barcode FROM inventory.containers c WHERE c.id = container_id;
    RETURN NEXT;
  END LOOP;
EXCEPTION WHEN integrity_constraint_violation OR data_exception THEN
  GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, message = MESSAGE_TEXT, broken = CONSTRAINT_NAME, facts = PG_EXCEPTION_DETAIL, of_column = COLUMN_NAME;
  IF broken IN ('containers_barcode_is_taken', 'containers_barcode_is_taken_in_another_case') AND line >= 0 THEN  -- somebody else took the barcode at this moment
    broken := 'containers_barcode_is_taken';
    facts := jsonb_build_object('barcodes', jsonb_build_array(code))::text;
  END IF;
  RAISE EXCEPTION '%', message USING ERRCODE = state, CONSTRAINT = broken, DETAIL = facts, COLUMN = of_column,
    HINT = CASE WHEN line >= 0 THEN '/lines/' || line ELSE '' END;
END $$;
COMMENT ON FUNCTION inventory.receive(jsonb, jsonb) IS
  'delivery: columns of inventory.deliveries; received today where nothing is said. lines: [{chemical_id | chemical and fill_in, count, barcodes: [text | null], gtin, serial_numbers: [text | null], amount | null, unit, holds_more, container: columns of inventory.containers}]. Returns what was made: those that brought a barcode, then the others.';
