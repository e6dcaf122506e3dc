-- Posts a line of the ledger: locks the container, converts the typed amount into the container's unit, refuses what is impossible,
-- numbers the line, takes the time and writes the balance. The detail of an error is JSON: the container and what is left in it.

-- A return or a correction may come long after its line. An amount in the same kind of unit as the line's is converted by the ratio of the
-- line itself, so that a density which has changed since changes nothing.
CREATE OR REPLACE FUNCTION inventory.meant_for(line inventory.movements, typed numeric, typed_unit text, unit text, density numeric) RETURNS numeric
LANGUAGE plpgsql STABLE SECURITY INVOKER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  line_meant numeric := coalesce(line.meant, CASE WHEN line.kind = 'count' THEN line.balance ELSE abs(line.amount) END);
BEGIN
  IF typed_unit = unit OR NOT line.typed_amount > 0 OR line_meant IS NULL
     OR (SELECT count(DISTINCT u.dimension) FROM reference.units u WHERE u.unit IN (typed_unit, line.typed_unit)) > 1
     OR (SELECT count(DISTINCT u.dimension) FROM reference.units u WHERE u.unit IN (typed_unit, meant_for.unit)) = 1 THEN
    RETURN inventory.convert(typed, typed_unit, unit, density);
  END IF;
  RETURN trim_scale(round(round(inventory.convert(typed, typed_unit, line.typed_unit) * line_meant, 40) / line.typed_amount, 24));
END $$;
COMMENT ON FUNCTION inventory.meant_for(inventory.movements, numeric, text, text, numeric) IS
  'Converts an amount of a return or a correction from typed_unit into unit: by the ratio of the line that it belongs to, else by the density given.';

CREATE OR REPLACE FUNCTION inventory.is_undone(line inventory.movements) RETURNS boolean
LANGUAGE sql STABLE SECURITY INVOKER SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce((
    SELECT c.typed_amount IS NULL OR (c.typed_amount = 0 AND line.kind <> 'count')
      FROM inventory.movements c
     WHERE c.lab_id = line.lab_id AND c.refers_to_id = line.id AND c.kind = 'correct' ORDER BY c.line DESC LIMIT 1), false)
$$;
COMMENT ON FUNCTION inventory.is_undone(inventory.movements) IS 'Whether the last correction of a line says that the line did not happen: by no amount, or by 0 where the line is no count.';

CREATE OR REPLACE FUNCTION inventory.moment_of(line inventory.movements) RETURNS timestamptz
LANGUAGE sql STABLE SECURITY INVOKER SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce((SELECT s.counted_at FROM inventory.stocktake_counts s
                    WHERE s.lab_id = line.lab_id AND s.stocktake_id = line.stocktake_id AND s.container_id = line.container_id), line.made_at)
$$;
COMMENT ON FUNCTION inventory.moment_of(inventory.movements) IS 'When a line happened: a count of a stocktake when somebody counted, not when it was posted.';

CREATE OR REPLACE FUNCTION inventory.count_after(earlier inventory.movements) RETURNS inventory.movements
LANGUAGE sql STABLE SECURITY INVOKER SET search_path = pg_catalog, pg_temp AS $$
  SELECT k FROM inventory.movements k
   WHERE k.lab_id = earlier.lab_id AND k.container_id = earlier.container_id AND k.kind = 'count'
     AND (inventory.moment_of(k), k.line) > (inventory.moment_of(earlier), earlier.line)
     AND NOT inventory.is_undone(k)
   ORDER BY inventory.moment_of(k), k.line LIMIT 1
$$;
COMMENT ON FUNCTION inventory.count_after(inventory.movements) IS 'The first count after a line that was not undone; NULL: there is none.';

CREATE OR REPLACE FUNCTION inventory.expected_at(counted inventory.movements) RETURNS numeric
LANGUAGE sql STABLE SECURITY INVOKER SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce(sum(m.amount), 0)
    FROM inventory.movements m
    LEFT JOIN inventory.movements earlier ON m.kind = 'correct' AND earlier.lab_id = m.lab_id AND earlier.id = m.refers_to_id
   WHERE m.lab_id = counted.lab_id AND m.container_id = counted.container_id
     AND CASE WHEN earlier.id IS NULL THEN (inventory.moment_of(m), m.line) < (inventory.moment_of(counted), counted.line)
              ELSE (inventory.moment_of(earlier), earlier.line) < (inventory.moment_of(counted), counted.line) END
$$;
COMMENT ON FUNCTION inventory.expected_at(inventory.movements) IS
  'What was in a container when somebody counted it, as the ledger says: the sum of all earlier lines and of their corrections, later ones too.';

CREATE OR REPLACE FUNCTION inventory.last_word(line inventory.movements) RETURNS inventory.movements
LANGUAGE sql STABLE SECURITY INVOKER SET search_path = pg_catalog, pg_temp AS $$
  SELECT m FROM inventory.movements m
   WHERE m.lab_id = line.lab_id AND (m.id = line.id OR m.refers_to_id = line.id AND m.kind = 'correct')
   ORDER BY m.line DESC LIMIT 1
$$;
COMMENT ON FUNCTION inventory.last_word(inventory.movements) IS 'The latest correction of a line, else the line itself.';

CREATE OR REPLACE FUNCTION inventory.post_movement() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  c       inventory.containers;
  earlier inventory.movements;  -- the line that a return or a correction refers to
  undoes  boolean;              -- a correction says that the line did not happen
  revives boolean;              -- a disposal is taken back
  unknown boolean := false;     -- the count that is undone was the first: nobody knows the amount again
  density numeric;
  so_far  numeric;
  wanted  numeric;              -- what a corrected line should change
  facts   jsonb;
  lines_since boolean;          -- the container has lines after it was counted in a stocktake
  expected numeric;             -- what a stocktake expected when somebody counted
  mends   boolean;              -- a count of a container whose lines do not add up to its amount: an earlier release left some
  holding inventory.movements;  -- the count that was made after the corrected line; its result stays
  again   boolean := pg_trigger_depth() > 1 AND new.kind = 'correct';  -- the line was written by let_counts_hold, which repeats a count
BEGIN
  PERFORM control.verify_lab(new.lab_id);
  SELECT * INTO c FROM inventory.containers WHERE lab_id = new.lab_id AND id = new.container_id FOR UPDATE;
  IF NOT found THEN
    RAISE EXCEPTION 'no such container' USING ERRCODE = '23503', CONSTRAINT = 'movements_container_exists',
      DETAIL = jsonb_build_object('container_id', new.container_id)::text;
  END IF;
  facts := jsonb_build_object('container_id', c.id, 'barcode', c.barcode, 'left', c.amount, 'unit', c.unit);
  IF new.refers_to_id IS NOT NULL THEN
    SELECT * INTO earlier FROM inventory.movements WHERE lab_id = new.lab_id AND id = new.refers_to_id AND container_id = new.container_id;
    IF NOT found THEN
      RAISE EXCEPTION 'no such line' USING ERRCODE = '23503', CONSTRAINT = 'movements_refers_to_a_line_of_the_container', DETAIL = facts::text;
    END IF;
  END IF;
  undoes := coalesce(new.kind = 'correct' AND (new.typed_amount IS NULL OR (new.typed_amount = 0 AND earlier.kind IN ('check_out', 'return', 'dispose'))), false);
  revives := coalesce(new.kind = 'correct' AND earlier.kind = 'dispose', false);
  IF c.disposed_at IS NOT NULL AND NOT revives THEN
    RAISE EXCEPTION 'disposed of' USING ERRCODE = '23514', CONSTRAINT = 'movements_container_is_there', DETAIL = facts::text;
  END IF;
  IF new.kind IN ('check_out', 'return', 'correct') AND c.amount IS NULL AND NOT revives THEN
    RAISE EXCEPTION 'amount not known' USING ERRCODE = '23514', CONSTRAINT = 'movements_amount_left_is_known', DETAIL = facts::text;
  END IF;
  IF new.kind IN ('check_out', 'return', 'count') AND new.typed_amount IS NULL THEN
    RAISE EXCEPTION 'no amount' USING ERRCODE = '23514', CONSTRAINT = 'movements_amount_is_said', DETAIL = facts::text;
  END IF;

  IF new.typed_unit <> c.unit THEN
    SELECT h.density_g_per_ml INTO density FROM inventory.chemicals h WHERE h.lab_id = c.lab_id AND h.id = c.chemical_id;
  END IF;
  IF revives THEN
    -- A container is disposed of whole, so a disposal can only be taken back whole: corrected to 0, in any unit or in none.
    IF new.typed_amount <> 0 THEN
      RAISE EXCEPTION 'not whole' USING ERRCODE = '23514', CONSTRAINT = 'movements_disposal_is_taken_back_whole', DETAIL = facts::text;
    END IF;
    new.unit := c.unit;
    new.typed_unit := coalesce(new.typed_unit, c.unit);
    new.typed_amount := CASE WHEN new.typed_unit IS NOT NULL THEN 0 END;
    new.meant := CASE WHEN new.unit IS NOT NULL THEN 0 END;
  ELSE
    new.unit := coalesce(c.unit, new.typed_unit);
    new.meant := CASE WHEN earlier.id IS NULL THEN inventory.convert(new.typed_amount, new.typed_unit, new.unit, density)
                      WHEN again THEN (inventory.last_word(earlier)).meant
                      ELSE inventory.meant_for(earlier, new.typed_amount, new.typed_unit, new.unit, density) END;
  END IF;

  CASE new.kind
  WHEN 'receive' THEN
    IF c.last_line > 0 THEN
      RAISE EXCEPTION 'already received' USING ERRCODE = '23514', CONSTRAINT = 'movements_receive_comes_first', DETAIL = facts::text;
    END IF;
    new.amount := new.meant;
  WHEN 'check_out' THEN
    new.amount := -CASE WHEN inventory.is_all(new.meant, new.typed_amount, c.amount) THEN c.amount ELSE new.meant END;
  WHEN 'return' THEN
    new.amount := new.meant;
    IF new.refers_to_id IS NOT NULL THEN
      -- Sum the check-out, its returns and the corrections of both: what comes back can never be more than was taken.
      SELECT coalesce(sum(m.amount), 0) INTO so_far FROM inventory.movements m
       WHERE m.lab_id = new.lab_id AND m.container_id = new.container_id
         AND (m.id = earlier.id OR m.refers_to_id = earlier.id
              OR m.refers_to_id IN (SELECT r.id FROM inventory.movements r WHERE r.lab_id = new.lab_id AND r.refers_to_id = earlier.id AND r.kind = 'return'));
      IF so_far < 0 AND inventory.is_all(new.meant, new.typed_amount, -so_far) THEN
        new.amount := -so_far;
      END IF;
      IF earlier.kind <> 'check_out' THEN
        RAISE EXCEPTION 'not a check-out' USING ERRCODE = '23514', CONSTRAINT = 'movements_return_is_of_a_check_out', DETAIL = facts::text;
      ELSIF so_far + new.amount > 0 THEN
        facts := facts || jsonb_build_object('out', -so_far, 'back', so_far - (
          SELECT sum(m.amount) FROM inventory.movements m
           WHERE m.lab_id = new.lab_id AND (m.id = earlier.id OR m.refers_to_id = earlier.id AND m.kind = 'correct')));
        IF (facts -> 'back')::numeric > 0 THEN
          RAISE EXCEPTION 'more than is out' USING ERRCODE = '23514', CONSTRAINT = 'movements_return_at_most_what_is_out', DETAIL = facts::text;
        END IF;
        RAISE EXCEPTION 'more than was taken' USING ERRCODE = '23514', CONSTRAINT = 'movements_return_at_most_what_was_taken', DETAIL = facts::text;
      END IF;
    END IF;
  WHEN 'count' THEN
    -- Subtract the sum of all lines: the ledger then adds up to what is counted now. Only where the amount is unknown, because check-outs
    -- since an undone count may stand, and where an earlier release left a ledger that did not add up, is the sum not the amount.
    SELECT sum(m.amount) INTO so_far FROM inventory.movements m WHERE m.lab_id = new.lab_id AND m.container_id = new.container_id;
    mends := so_far <> c.amount;
    IF c.amount IS NOT NULL AND new.stocktake_id IS NOT NULL THEN
      -- Post counted − expected at the time of the count, by lines that may have been corrected since, so that movements since then
      -- keep their effect. If somebody counted the container again since then, in this or another way, the later count holds and
      -- this one changes nothing. What was counted is converted by the density of that time: variance says what it meant.
      SELECT coalesce(s.expected + s.variance, new.meant), s.expected, EXISTS (
               SELECT FROM inventory.movements m WHERE m.lab_id = new.lab_id AND m.container_id = new.container_id AND m.made_at >= s.counted_at)
        INTO new.meant, expected, lines_since
        FROM inventory.stocktake_counts s
       WHERE s.lab_id = new.lab_id AND s.stocktake_id = new.stocktake_id AND s.container_id = new.container_id;
      mends := mends AND expected IS NOT NULL AND NOT lines_since;
      IF expected IS NULL OR (lines_since AND (inventory.count_after(new)).id IS NOT NULL) THEN
        so_far := new.meant;
      ELSIF lines_since THEN
        so_far := inventory.expected_at(new);
      END IF;
    END IF;
    new.amount := new.meant - coalesce(so_far, 0);
  WHEN 'dispose' THEN
    -- A manager disposes. A member may dispose only of what they themselves received by mistake: within a day, and before it was used.
    IF NOT control.is_dba() AND control.role() IS DISTINCT FROM 'manager' AND (inventory.happened_since_receipt(c) IS NOT NULL OR NOT EXISTS (
         SELECT FROM inventory.movements m
          WHERE m.lab_id = new.lab_id AND m.container_id = c.id AND m.line = 1 AND m.kind = 'receive'
            AND m.made_by = control.user_id() AND m.made_at > now() - interval '1 day')) THEN
      RAISE EXCEPTION 'a manager disposes' USING ERRCODE = '42501', CONSTRAINT = 'disposals_are_decided_by_a_manager', DETAIL = facts::text;
    END IF;
    new.amount := -c.amount;
  WHEN 'correct' THEN
    IF earlier.kind = 'correct' OR (earlier.amount IS NULL AND NOT revives) OR (undoes AND earlier.kind = 'receive') THEN
      RAISE EXCEPTION 'not a line to correct' USING ERRCODE = '23514', CONSTRAINT = 'movements_correction_is_of_an_amount', DETAIL = facts::text;
    END IF;
    IF NOT again AND NOT control.is_dba() AND control.role() IS DISTINCT FROM 'manager'
       AND (earlier.made_by IS DISTINCT FROM control.user_id() OR earlier.made_at < now() - interval '1 day') THEN
      RAISE EXCEPTION 'not yours to correct' USING ERRCODE = '42501', CONSTRAINT = 'movements_correction_is_by_author_or_manager', DETAIL = facts::text;
    END IF;
    IF revives AND EXISTS (SELECT FROM inventory.movements m WHERE m.lab_id = new.lab_id AND m.refers_to_id = earlier.id) THEN
      RAISE EXCEPTION 'taken back already' USING ERRCODE = '23514', CONSTRAINT = 'movements_disposal_is_taken_back_once', DETAIL = facts::text;
    ELSIF undoes AND inventory.is_undone(earlier) THEN
      RAISE EXCEPTION 'undone already' USING ERRCODE = '23514', CONSTRAINT = 'movements_line_is_undone_once', DETAIL = facts::text;
    ELSIF undoes AND earlier.kind = 'count' AND EXISTS (
        SELECT FROM inventory.movements m
         WHERE m.lab_id = new.lab_id AND m.container_id = new.container_id AND m.kind = 'count' AND m.line > earlier.line AND NOT inventory.is_undone(m)) THEN
      RAISE EXCEPTION 'counted since' USING ERRCODE = '23514', CONSTRAINT = 'movements_count_is_undone_before_older_ones', DETAIL = facts::text;
    END IF;
    SELECT coalesce(sum(m.amount), 0) INTO so_far FROM inventory.movements m
     WHERE m.lab_id = new.lab_id AND m.container_id = new.container_id AND m.kind = 'correct' AND m.refers_to_id = earlier.id;
    wanted := CASE WHEN undoes THEN 0
        WHEN earlier.kind = 'check_out' THEN -new.meant
        WHEN earlier.kind = 'count' THEN new.meant - inventory.expected_at(earlier)
        ELSE new.meant END;
    holding := inventory.count_after(earlier);
    new.amount := wanted - coalesce(earlier.amount, 0) - so_far;
    IF earlier.kind = 'check_out' THEN
      SELECT sum(m.amount) INTO so_far FROM inventory.movements m
       WHERE m.lab_id = new.lab_id AND m.container_id = new.container_id AND m.kind IN ('return', 'correct')
         AND (m.refers_to_id = earlier.id AND m.kind = 'return'
              OR m.refers_to_id IN (SELECT r.id FROM inventory.movements r WHERE r.lab_id = new.lab_id AND r.refers_to_id = earlier.id AND r.kind = 'return'));
      IF -wanted < so_far THEN
        RAISE EXCEPTION 'more came back' USING ERRCODE = '23514', CONSTRAINT = 'movements_what_came_back_is_undone_first',
          DETAIL = (facts || jsonb_build_object('back', so_far))::text;
      END IF;
    END IF;
    IF earlier.kind = 'return' AND earlier.refers_to_id IS NOT NULL THEN
      -- Sum the check-out, its returns and the corrections of both, as for a return.
      SELECT coalesce(sum(m.amount), 0) INTO so_far FROM inventory.movements m
       WHERE m.lab_id = new.lab_id AND m.container_id = new.container_id
         AND (m.id = earlier.refers_to_id OR m.refers_to_id = earlier.refers_to_id
              OR m.refers_to_id IN (SELECT r.id FROM inventory.movements r
                                     WHERE r.lab_id = new.lab_id AND r.refers_to_id = earlier.refers_to_id AND r.kind = 'return'));
      IF inventory.is_all(new.amount, new.typed_amount, -so_far) THEN
        new.amount := -so_far;
      ELSIF so_far + new.amount > 0 THEN
        RAISE EXCEPTION 'more than was taken' USING ERRCODE = '23514', CONSTRAINT = 'movements_return_at_most_what_was_taken', DETAIL = (
          SELECT facts || jsonb_build_object('out', -sum(m.amount)) FROM inventory.movements m
           WHERE m.lab_id = new.lab_id AND (m.id = earlier.refers_to_id OR m.refers_to_id = earlier.refers_to_id AND m.kind = 'correct'))::text;
      END IF;
    END IF;
    IF new.amount < 0 AND holding.id IS NULL AND inventory.is_all(-new.amount, new.typed_amount, c.amount) THEN
      new.amount := -c.amount;
    END IF;
  END CASE;

  IF undoes AND earlier.kind = 'count' THEN
    unknown := (SELECT m.balance IS NULL FROM inventory.movements m
                 WHERE m.lab_id = new.lab_id AND m.container_id = new.container_id AND m.line = earlier.line - 1);
  END IF;
  IF c.amount + new.amount < 0 AND NOT unknown AND NOT again AND NOT coalesce(mends, false) AND holding.id IS NULL THEN
    RAISE EXCEPTION 'not enough left' USING ERRCODE = '23514', CONSTRAINT = 'containers_amount_is_not_negative', DETAIL = facts::text;
  END IF;
  new.amount := trim_scale(new.amount);
  new.balance := CASE WHEN c.last_line = 0 THEN new.amount WHEN (new.kind = 'count' AND c.amount IS NULL) OR mends THEN new.meant
                      WHEN again OR holding.id IS NOT NULL THEN c.amount ELSE trim_scale(c.amount + new.amount) END;
  -- Checked here, because the UPDATE of the container below would refuse the amount under the name of another rule.
  IF abs(new.amount) >= 1e12 OR new.balance >= 1e12 THEN
    RAISE EXCEPTION 'too much' USING ERRCODE = '23514', CONSTRAINT = 'movements_amount_is_a_number',
      DETAIL = (facts || jsonb_build_object('unit', new.unit))::text;
  END IF;
  new.line := c.last_line + 1;
  new.made_at := control.clock();
  IF new.kind IN ('check_out', 'return', 'count', 'dispose') THEN
    new.before := jsonb_strip_nulls(jsonb_build_object('opened_on', c.opened_on, 'missing_since', c.missing_since, 'last_counted_at', c.last_counted_at));
  END IF;
  c.unit := new.unit;
  IF unknown THEN
    -- The amount becomes unknown again, as before the count that is undone; so does the unit, if only that count had given it.
    SELECT coalesce(m.unit, CASE WHEN new.balance <> 0 THEN new.unit END) INTO c.unit
      FROM inventory.movements m WHERE m.lab_id = new.lab_id AND m.container_id = new.container_id AND m.line = earlier.line - 1;
    new.balance := NULL;
  END IF;
  UPDATE inventory.containers
     SET amount = new.balance, unit = c.unit, last_line = new.line,
         -- A correction does not end `missing`: whoever writes it at a desk has not seen the container.
         missing_since = CASE WHEN new.kind = 'correct' THEN missing_since END,
         opened_on = CASE WHEN new.kind = 'check_out' THEN coalesce(opened_on, control.today()) ELSE opened_on END,
         last_counted_at = CASE WHEN new.kind = 'count' THEN new.made_at ELSE last_counted_at END,
         disposed_at = CASE WHEN new.kind = 'dispose' THEN new.made_at WHEN revives THEN NULL ELSE disposed_at END,
         holder_id = CASE WHEN new.kind = 'dispose' THEN NULL ELSE holder_id END
   WHERE lab_id = c.lab_id AND id = c.id;
  IF new.kind = 'correct' THEN
    PERFORM inventory.put_back(earlier, undoes);
  END IF;
  RETURN new;
END $$;
SELECT 'CREATE TRIGGER post_movement BEFORE INSERT ON inventory.movements FOR EACH ROW EXECUTE FUNCTION inventory.post_movement()'
 WHERE NOT EXISTS (SELECT FROM pg_trigger WHERE tgname = 'post_movement' AND tgrelid = 'inventory.movements'::regclass) \gexec

-- A count is a fixed point: a correction of an older line changes what was expected, not what was found. So the count is written again,
-- with the same amount, and takes up the difference. The two lines stand one below the other; both have the balance after both.
CREATE OR REPLACE FUNCTION inventory.let_counts_hold() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  earlier inventory.movements;
  counted inventory.movements;
  word    inventory.movements;
BEGIN
  PERFORM control.verify_lab(new.lab_id);
  SELECT * INTO earlier FROM inventory.movements m WHERE m.lab_id = new.lab_id AND m.id = new.refers_to_id;
  counted := inventory.count_after(earlier);
  WHILE counted.id IS NOT NULL LOOP
    word := inventory.last_word(counted);
    INSERT INTO inventory.movements (lab_id, container_id, kind, typed_amount, typed_unit, refers_to_id, reason)
    SELECT new.lab_id, new.container_id, 'correct', word.typed_amount, word.typed_unit, counted.id, 'Counted since: what was found stays'
     WHERE word.meant - inventory.expected_at(counted) IS DISTINCT FROM (
       SELECT sum(m.amount) FROM inventory.movements m
        WHERE m.lab_id = new.lab_id AND (m.id = counted.id OR m.refers_to_id = counted.id AND m.kind = 'correct'));
    -- The line that was just written brings this trigger to the counts after it.
    EXIT WHEN found;
    counted := inventory.count_after(counted);
  END LOOP;
  RETURN NULL;
END $$;
SELECT 'CREATE TRIGGER let_counts_hold AFTER INSERT ON inventory.movements FOR EACH ROW WHEN (new.kind = ''correct'')
        EXECUTE FUNCTION inventory.let_counts_hold()'
 WHERE NOT EXISTS (SELECT FROM pg_trigger WHERE tgname = 'let_counts_hold' AND tgrelid = 'inventory.movements'::regclass) \gexec
