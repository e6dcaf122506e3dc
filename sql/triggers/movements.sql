-- Posts a line of the ledger: locks the container, says what the typed amount means in the container's unit, refuses what
-- cannot be, numbers the line, takes the time and writes the balance. Errors carry the container and what is left as JSON.
CREATE OR REPLACE FUNCTION inventory.post_movement() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  c       inventory.containers;
  said    inventory.movements;  -- the line that a return or a correction refers to
  revives boolean;              -- a disposal is taken back, by correcting it to 0
  density numeric;
  meant   numeric;              -- the typed amount in the container's unit
  so_far  numeric;
  facts   jsonb;
  counted_since boolean;
BEGIN
  SELECT * INTO c FROM inventory.containers WHERE lab_id = new.lab_id AND id = new.container_id FOR UPDATE;
  IF NOT found THEN
    RAISE EXCEPTION 'no such container' USING ERRCODE = '23503', CONSTRAINT = 'movements_container_exists',
      DETAIL = jsonb_build_object('container_id', new.container_id)::text;
  END IF;
  facts := jsonb_build_object('container_id', c.id, 'barcode', c.barcode, 'left', c.amount, 'unit', c.unit);
  IF new.refers_to_id IS NOT NULL THEN
    SELECT * INTO said FROM inventory.movements WHERE lab_id = new.lab_id AND id = new.refers_to_id AND container_id = new.container_id;
    IF NOT found THEN
      RAISE EXCEPTION 'no such line' USING ERRCODE = '23503', CONSTRAINT = 'movements_refers_to_a_line_of_the_container', DETAIL = facts::text;
    END IF;
  END IF;
  revives := coalesce(new.kind = 'correct' AND said.kind = 'dispose', false);
  IF c.disposed_at IS NOT NULL AND NOT revives THEN
    RAISE EXCEPTION 'disposed of' USING ERRCODE = '23514', CONSTRAINT = 'movements_container_is_there', DETAIL = facts::text;
  END IF;
  IF new.kind IN ('check_out', 'return', 'correct') AND c.amount IS NULL AND NOT revives THEN
    RAISE EXCEPTION 'amount not known' USING ERRCODE = '23514', CONSTRAINT = 'movements_amount_left_is_known', DETAIL = facts::text;
  END IF;
  IF new.kind NOT IN ('receive', 'dispose') AND new.typed_amount IS NULL THEN
    RAISE EXCEPTION 'no amount' USING ERRCODE = '23514', CONSTRAINT = 'movements_amount_is_said', DETAIL = facts::text;
  END IF;

  SELECT h.density_g_per_ml INTO density FROM inventory.chemicals h WHERE h.lab_id = c.lab_id AND h.id = c.chemical_id;
  IF revives THEN
    -- A container is disposed of whole, so taken back whole: nothing was disposed of, in whatever unit, if there is one.
    IF new.typed_amount <> 0 THEN
      RAISE EXCEPTION 'not whole' USING ERRCODE = '23514', CONSTRAINT = 'movements_disposal_is_taken_back_whole', DETAIL = facts::text;
    END IF;
    new.unit := c.unit;
    new.typed_unit := coalesce(new.typed_unit, c.unit);
    new.typed_amount := CASE WHEN new.typed_unit IS NOT NULL THEN 0 END;
  ELSE
    new.unit := coalesce(c.unit, new.typed_unit);
    meant := inventory.convert(new.typed_amount, new.typed_unit, new.unit, density);
  END IF;

  CASE new.kind
  WHEN 'receive' THEN
    IF c.last_line > 0 THEN
      RAISE EXCEPTION 'already received' USING ERRCODE = '23514', CONSTRAINT = 'movements_receive_comes_first', DETAIL = facts::text;
    END IF;
    new.amount := meant;
  WHEN 'check_out' THEN
    new.amount := -meant;
  WHEN 'return' THEN
    new.amount := meant;
    IF new.refers_to_id IS NOT NULL THEN
      -- What came back of this check-out, with what corrections say it was, is never more than was taken.
      SELECT coalesce(sum(m.amount), 0) INTO so_far FROM inventory.movements m
       WHERE m.lab_id = new.lab_id AND m.container_id = new.container_id
         AND (m.id = said.id OR m.refers_to_id = said.id
              OR m.refers_to_id IN (SELECT r.id FROM inventory.movements r WHERE r.lab_id = new.lab_id AND r.refers_to_id = said.id AND r.kind = 'return'));
      IF said.kind <> 'check_out' OR so_far + meant > 0 THEN
        RAISE EXCEPTION 'more than was taken' USING ERRCODE = '23514', CONSTRAINT = 'movements_return_at_most_what_was_taken',
          DETAIL = (facts || jsonb_build_object('out', -so_far))::text;
      END IF;
    END IF;
  WHEN 'count' THEN
    so_far := c.amount;
    IF new.stocktake_id IS NOT NULL THEN
      -- Counted − expected when counted: what moved since stays moved. Counted again since, in whatever way: that count holds.
      SELECT s.expected, coalesce(c.last_counted_at > s.counted_at, false) AND EXISTS (
               SELECT FROM inventory.movements m
                WHERE m.lab_id = new.lab_id AND m.container_id = new.container_id AND m.kind = 'count' AND m.made_at > s.counted_at)
        INTO so_far, counted_since
        FROM inventory.stocktake_counts s
       WHERE s.lab_id = new.lab_id AND s.stocktake_id = new.stocktake_id AND s.container_id = new.container_id;
      IF c.amount IS NOT NULL AND (so_far IS NULL OR counted_since) THEN
        so_far := meant;
      END IF;
    END IF;
    new.amount := meant - coalesce(so_far, 0);
  WHEN 'dispose' THEN
    IF NOT control.is_dba() AND control.role() IS DISTINCT FROM 'manager' THEN
      RAISE EXCEPTION 'a manager disposes' USING ERRCODE = '42501', CONSTRAINT = 'disposals_are_decided_by_a_manager', DETAIL = facts::text;
    END IF;
    new.amount := -c.amount;
  WHEN 'correct' THEN
    IF said.kind = 'correct' OR (said.amount IS NULL AND NOT revives) THEN
      RAISE EXCEPTION 'not a line to correct' USING ERRCODE = '23514', CONSTRAINT = 'movements_correction_is_of_an_amount', DETAIL = facts::text;
    END IF;
    IF NOT control.is_dba() AND control.role() IS DISTINCT FROM 'manager'
       AND (said.made_by IS DISTINCT FROM control.user_id() OR said.made_at < now() - interval '1 day') THEN
      RAISE EXCEPTION 'not yours to correct' USING ERRCODE = '42501', CONSTRAINT = 'movements_correction_is_by_author_or_manager', DETAIL = facts::text;
    END IF;
    IF revives THEN
      IF EXISTS (SELECT FROM inventory.movements m WHERE m.lab_id = new.lab_id AND m.refers_to_id = said.id) THEN
        RAISE EXCEPTION 'taken back already' USING ERRCODE = '23514', CONSTRAINT = 'movements_disposal_is_taken_back_once', DETAIL = facts::text;
      END IF;
      -- Its chemical is in stock again.
      UPDATE inventory.chemicals h SET retired_at = NULL WHERE h.lab_id = c.lab_id AND h.id = c.chemical_id AND h.retired_at IS NOT NULL;
    END IF;
    SELECT coalesce(sum(m.amount), 0) INTO so_far FROM inventory.movements m
     WHERE m.lab_id = new.lab_id AND m.container_id = new.container_id AND m.kind = 'correct' AND m.refers_to_id = said.id;
    -- What the line should have meant, less what it and its corrections mean so far.
    new.amount := CASE said.kind
        WHEN 'check_out' THEN -meant
        WHEN 'dispose' THEN 0
        WHEN 'count' THEN meant - (inventory.convert(said.typed_amount, said.typed_unit, new.unit, density) - said.amount)
        ELSE meant END - coalesce(said.amount, 0) - so_far;
    IF said.kind = 'check_out' AND -(said.amount + so_far + new.amount) < (
        SELECT coalesce(sum(m.amount), 0) FROM inventory.movements m
         WHERE m.lab_id = new.lab_id AND m.container_id = new.container_id AND m.kind = 'return' AND m.refers_to_id = said.id) THEN
      RAISE EXCEPTION 'more came back' USING ERRCODE = '23514', CONSTRAINT = 'movements_return_at_most_what_was_taken', DETAIL = facts::text;
    END IF;
  END CASE;

  IF c.amount + new.amount < 0 THEN
    RAISE EXCEPTION 'not enough left' USING ERRCODE = '23514', CONSTRAINT = 'containers_amount_is_not_negative', DETAIL = facts::text;
  END IF;
  new.balance := CASE WHEN c.last_line = 0 OR (new.kind = 'count' AND c.amount IS NULL) THEN new.amount ELSE c.amount + new.amount END;
  new.line := c.last_line + 1;
  new.made_at := control.clock();
  UPDATE inventory.containers
     SET amount = new.balance, unit = new.unit, last_line = new.line, missing_since = NULL,
         opened_on = CASE WHEN new.kind = 'check_out' THEN coalesce(opened_on, control.today()) ELSE opened_on END,
         last_counted_at = CASE WHEN new.kind = 'count' THEN new.made_at ELSE last_counted_at END,
         disposed_at = CASE WHEN new.kind = 'dispose' THEN new.made_at WHEN revives THEN NULL ELSE disposed_at END,
         holder_id = CASE WHEN new.kind = 'dispose' THEN NULL ELSE holder_id END
   WHERE lab_id = c.lab_id AND id = c.id;
  RETURN new;
END $$;
SELECT 'CREATE TRIGGER post_movement BEFORE INSERT ON inventory.movements FOR EACH ROW EXECUTE FUNCTION inventory.post_movement()'
 WHERE NOT EXISTS (SELECT FROM pg_trigger WHERE tgname = 'post_movement' AND tgrelid = 'inventory.movements'::regclass) \gexec
