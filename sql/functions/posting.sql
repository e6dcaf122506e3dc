CREATE OR REPLACE FUNCTION inventory.ask_if_overfilled(made inventory.movements) RETURNS void
LANGUAGE plpgsql SECURITY INVOKER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  facts jsonb;
BEGIN
  SELECT jsonb_build_object('container_id', c.id, 'barcode', c.barcode, 'pack', trim_scale(c.pack_size) || ' ' || c.pack_unit,
                            'held', CASE WHEN made.kind = 'return' THEN made.balance || ' ' || made.unit
                                         ELSE trim_scale(made.typed_amount) || ' ' || made.typed_unit END) INTO facts
    FROM inventory.containers c JOIN inventory.chemicals h ON h.id = c.chemical_id
   WHERE c.id = made.container_id AND inventory.overfills(made.balance, made.unit, c.pack_size, c.pack_unit, h.density_g_per_ml);
  IF found THEN
    RAISE EXCEPTION 'more than the pack holds' USING ERRCODE = '23514', CONSTRAINT = 'containers_hold_what_their_pack_holds', DETAIL = facts::text;
  END IF;
END $$;
COMMENT ON FUNCTION inventory.ask_if_overfilled(inventory.movements) IS
  'Raises containers_hold_what_their_pack_holds where a line leaves more in a container than its pack size: a question, which the caller does not ask again when it was answered with yes.';

-- Posts several lines of the ledger, all or none. Each line is tried; a refused one is noted and the next is tried, so that one
-- answer names everything that is wrong. Containers are taken in order of their ids: two requests never wait for each other.
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
    SELECT e.item, t.kind, t.amount, t.unit, t.reason, t.refers_to_id, t.holds_more, m.kind AS kind_referred_to, coalesce(t.container_id, m.container_id) AS container_id
      FROM jsonb_array_elements(steps) WITH ORDINALITY AS e (item, number)
     CROSS JOIN LATERAL jsonb_to_record(e.item) AS t (container_id bigint, kind text, amount numeric, unit text, reason text, refers_to_id bigint, holds_more boolean)
      -- Where a step refers to no line, none is looked for: a look-up costs the check of the lab, too.
      LEFT JOIN LATERAL (SELECT o.kind, o.container_id FROM inventory.movements o WHERE o.id = t.refers_to_id AND t.refers_to_id IS NOT NULL OFFSET 0) AS m ON true
     ORDER BY coalesce(t.container_id, m.container_id), e.number
  LOOP
    -- One refused step of a line of the request is enough to report: the line's other steps would fail for the same reason.
    CONTINUE WHEN refused @> jsonb_build_array(jsonb_build_object('step', jsonb_build_object('at', step.item -> 'at')));
    BEGIN
      INSERT INTO inventory.movements (container_id, kind, typed_amount, typed_unit, reason, refers_to_id)
      VALUES (step.container_id, step.kind, step.amount, step.unit, step.reason, step.refers_to_id)
      RETURNING * INTO made;
      IF step.holds_more IS NOT TRUE AND made.typed_amount > 0 AND (made.kind = 'count' OR step.kind_referred_to IN ('count', 'receive')
           OR (made.kind = 'return' AND made.refers_to_id IS NULL)) THEN
        PERFORM inventory.ask_if_overfilled(made);
      END IF;
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
  'steps: [{at, container_id | refers_to_id, kind, amount, unit, reason, holds_more}]; a step without container_id is of the container of the line that it refers to. Callers join this function by LEFT JOIN: an inner join behind an empty result would never call it. Raises movements_are_refused with [{step, state, constraint, detail}] when any is refused.';
