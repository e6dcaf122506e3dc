-- People bring bottles back and say what is left in each, or that nothing was used. What is left becomes a count, because somebody saw
-- it: whatever is corrected or posted later, it holds. If less is left than the ledger says, the difference becomes a check-out before
-- the count. The hint of an error names its line, such as /lines/3.
-- Databases made before the count was written each time have a function that returns less, which cannot be replaced.
SELECT 'DROP FUNCTION inventory.bring_back(jsonb, text)' FROM pg_proc
 WHERE oid = to_regprocedure('inventory.bring_back(jsonb, text)') AND NOT 'counted_id' = ANY (proargnames) \gexec
CREATE OR REPLACE FUNCTION inventory.bring_back(lines jsonb, purpose text)
RETURNS TABLE (container_id bigint, movement_id bigint, counted_id bigint, kind text, amount numeric, unit text, balance numeric)
LANGUAGE plpgsql SECURITY INVOKER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
  line    record;
  c       inventory.containers;
  density numeric;
  left_over numeric;  -- in the container's unit
  used    numeric;
  facts   jsonb;
  made    inventory.movements;
  counted inventory.movements;
  at      text := '';
  state text; message text; broken text; why text;
BEGIN
  FOR line IN
    SELECT e.number - 1 AS number, t.container_id, t.left_amount, t.left_unit, t.location_id, t.holds_more
      FROM jsonb_array_elements(lines) WITH ORDINALITY AS e (item, number)
     CROSS JOIN LATERAL jsonb_to_record(e.item) AS t (container_id bigint, left_amount numeric, left_unit text, location_id bigint, holds_more boolean)
     ORDER BY t.container_id, e.number
  LOOP
    at := '/lines/' || line.number;
    SELECT * INTO c FROM inventory.containers WHERE id = line.container_id FOR UPDATE;
    IF NOT found THEN
      RAISE EXCEPTION 'no such container' USING ERRCODE = '23503', CONSTRAINT = 'movements_container_exists';
    END IF;
    facts := jsonb_build_object('container_id', c.id, 'barcode', c.barcode, 'left', c.amount, 'unit', c.unit);
    IF c.holder_id IS NULL THEN
      RAISE EXCEPTION 'nobody has it' USING ERRCODE = '23514', CONSTRAINT = 'holdings_somebody_has_it', DETAIL = facts::text;
    ELSIF c.holder_id <> control.user_id() AND control.role() <> 'manager' THEN
      RAISE EXCEPTION 'not yours' USING ERRCODE = '42501', CONSTRAINT = 'holdings_are_ended_by_holder_or_manager', DETAIL = facts::text;
    END IF;

    made := NULL;
    counted := NULL;
    IF line.left_amount IS NOT NULL THEN
      SELECT h.density_g_per_ml INTO density FROM inventory.chemicals h WHERE h.id = c.chemical_id;
      left_over := inventory.convert(line.left_amount, line.left_unit, coalesce(c.unit, line.left_unit), density);
      used := CASE WHEN inventory.is_all(left_over, line.left_amount, c.amount) THEN 0 ELSE c.amount - left_over END;
      IF used > 0 THEN
        INSERT INTO inventory.movements (container_id, kind, typed_amount, typed_unit, reason)
        VALUES (c.id, 'check_out', used, c.unit, purpose) RETURNING * INTO made;
      END IF;
      INSERT INTO inventory.movements (container_id, kind, typed_amount, typed_unit, reason)
      VALUES (c.id, 'count', line.left_amount, line.left_unit, purpose) RETURNING * INTO counted;
      -- Of what was in the bottle before, nobody has to be asked.
      IF line.holds_more IS NOT TRUE AND NOT coalesce(used >= 0, false) THEN
        PERFORM inventory.ask_if_overfilled(counted);
      END IF;
      IF made.id IS NULL THEN
        made := counted;
      END IF;
    END IF;
    UPDATE inventory.containers SET holder_id = NULL, location_id = coalesce(line.location_id, location_id) WHERE id = c.id;
    RETURN QUERY SELECT c.id, made.id, counted.id, made.kind, made.amount, coalesce(made.unit, c.unit), coalesce(made.balance, c.amount);
  END LOOP;
EXCEPTION WHEN integrity_constraint_violation OR data_exception OR insufficient_privilege THEN
  GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, message = MESSAGE_TEXT, broken = CONSTRAINT_NAME, why = PG_EXCEPTION_DETAIL;
  RAISE EXCEPTION '%', message USING ERRCODE = state, CONSTRAINT = broken, DETAIL = why, HINT = at;
END $$;
COMMENT ON FUNCTION inventory.bring_back(jsonb, text) IS
  'lines: [{container_id, left_amount, left_unit, location_id, holds_more}]; left_amount null: nothing was used; location_id null: back to its location. Only the holder or a manager. One row a line; movement_id is null where nothing was written. counted_id is the count of what is left.';
