-- Lines of the ledger, all or nothing. Each is tried in turn and one that is refused is noted and passed over, so that one
-- answer says everything that is wrong. Containers are taken in order of their ids: two requests never wait for each other.
CREATE OR REPLACE FUNCTION inventory.post_movements(steps jsonb)
RETURNS TABLE (at text, movement_id bigint, container_id bigint, kind text, refers_to_id bigint,
               typed_amount numeric, typed_unit text, amount numeric, unit text, balance numeric)
LANGUAGE plpgsql SECURITY INVOKER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
  step    record;
  made    inventory.movements;
  refused jsonb := '[]';
  state text; broken text; facts text;
BEGIN
  FOR step IN
    SELECT e.item, t.kind, t.amount, t.unit, t.reason, t.refers_to_id, coalesce(t.container_id, m.container_id) AS container_id
      FROM jsonb_array_elements(steps) WITH ORDINALITY AS e (item, number)
     CROSS JOIN LATERAL jsonb_to_record(e.item) AS t (container_id bigint, kind text, amount numeric, unit text, reason text, refers_to_id bigint)
      LEFT JOIN inventory.movements m ON m.id = t.refers_to_id
     ORDER BY coalesce(t.container_id, m.container_id), e.number
  LOOP
    BEGIN
      INSERT INTO inventory.movements (container_id, kind, typed_amount, typed_unit, reason, refers_to_id)
      VALUES (step.container_id, step.kind, step.amount, step.unit, step.reason, step.refers_to_id)
      RETURNING * INTO made;
      RETURN QUERY SELECT step.item ->> 'at', made.id, made.container_id, made.kind, made.refers_to_id, made.typed_amount, made.typed_unit, made.amount, made.unit, made.balance;
    EXCEPTION WHEN integrity_constraint_violation OR data_exception OR insufficient_privilege THEN
      GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, broken = CONSTRAINT_NAME, facts = PG_EXCEPTION_DETAIL;
      refused := refused || jsonb_build_object('step', step.item, 'state', state, 'constraint', broken, 'detail', facts);
    END;
  END LOOP;
  IF refused <> '[]' THEN
    RAISE EXCEPTION '% of % lines are refused', jsonb_array_length(refused), jsonb_array_length(steps)
      USING ERRCODE = '23514', CONSTRAINT = 'movements_are_refused', DETAIL = refused::text;
  END IF;
END $$;
COMMENT ON FUNCTION inventory.post_movements(jsonb) IS
  'steps: [{at, container_id | refers_to_id, kind, amount, unit, reason}]; a container left out is that of the line referred to. Join to it by LEFT JOIN: an inner join to nothing never calls it. Raises movements_are_refused with [{step, state, constraint, detail}] when any is refused.';
