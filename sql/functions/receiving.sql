-- A purchase arrives: one delivery, many lines, each becoming containers. A line's chemical is listed already (chemical_id) or
-- made now (chemical). An error says which line by its hint, /lines/3.
CREATE OR REPLACE FUNCTION inventory.receive(delivery jsonb, lines jsonb) RETURNS TABLE (delivery_id bigint, line int, container_id bigint, barcode text)
LANGUAGE plpgsql SECURITY INVOKER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  item      jsonb;
  substance bigint;
  fields    jsonb;
  state     text; said text; broken text; facts text; of_column text;
BEGIN
  line := -1;
  delivery_id := inventory.insert_row('inventory.deliveries', delivery);
  FOR item IN SELECT value FROM jsonb_array_elements(lines) LOOP
    line := line + 1;
    substance := coalesce((item ->> 'chemical_id')::bigint, inventory.insert_row('inventory.chemicals', item -> 'chemical'));
    FOR number IN 0 .. (item ->> 'count')::int - 1 LOOP
      fields := (item -> 'container') || jsonb_build_object('chemical_id', substance, 'delivery_id', delivery_id);
      IF item -> 'barcodes' ->> number IS NOT NULL THEN
        fields := fields || jsonb_build_object('barcode', item -> 'barcodes' ->> number);
      END IF;
      container_id := inventory.insert_row('inventory.containers', fields);
      INSERT INTO inventory.movements AS m (container_id, kind, typed_amount, typed_unit, delivery_id)
      VALUES (container_id, 'receive', (item ->> 'amount')::numeric, CASE WHEN item ->> 'amount' IS NOT NULL THEN item ->> 'unit' END, delivery_id);
      SELECT c.barcode INTO barcode FROM inventory.containers c WHERE c.id = container_id;
      RETURN NEXT;
    END LOOP;
  END LOOP;
EXCEPTION WHEN integrity_constraint_violation OR data_exception THEN
  GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, said = MESSAGE_TEXT, broken = CONSTRAINT_NAME, facts = PG_EXCEPTION_DETAIL, of_column = COLUMN_NAME;
  RAISE EXCEPTION '%', said USING ERRCODE = state, CONSTRAINT = broken, DETAIL = facts, COLUMN = of_column,
    HINT = CASE WHEN line >= 0 THEN '/lines/' || line ELSE '' END;
END $$;
COMMENT ON FUNCTION inventory.receive(jsonb, jsonb) IS
  'delivery: columns of inventory.deliveries. lines: [{chemical_id | chemical, count, barcodes: [text | null], amount | null, unit, container: columns of inventory.containers}]. Returns what was made, in the order of the lines.';
