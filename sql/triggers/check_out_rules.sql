-- The triggers below are named so that they come before those that post a line and note a transfer.
-- What a lab has decided about taking from a container that should not be used holds for whatever writes into the ledger. Whoever has the bottle
-- brings it back and says what was used, and so does a manager for them.
CREATE OR REPLACE FUNCTION inventory.refuse_taking(of_lab int, container bigint) RETURNS void
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  rules inventory.check_out_rules;
  c     inventory.containers;
  p     record;
  facts jsonb;
BEGIN
  PERFORM control.verify_lab(of_lab);
  SELECT * INTO rules FROM inventory.check_out_rules r WHERE r.lab_id = of_lab;
  IF NOT found OR 'refuse' NOT IN (rules.expired, rules.marked, rules.peroxides) THEN
    RETURN;
  END IF;
  SELECT * INTO c FROM inventory.containers k WHERE k.lab_id = of_lab AND k.id = container;
  IF c.holder_id = control.user_id() OR (c.holder_id IS NOT NULL AND control.role() = 'manager') THEN
    RETURN;
  END IF;
  facts := jsonb_build_object('container_id', c.id, 'barcode', c.barcode, 'day', c.use_by);
  IF rules.expired = 'refuse' AND c.use_by < control.today() THEN
    RAISE EXCEPTION 'expired' USING ERRCODE = '23514', CONSTRAINT = 'check_outs_are_not_of_expired', DETAIL = facts::text;
  END IF;
  IF rules.marked = 'refuse' AND EXISTS (
       SELECT FROM inventory.disposals d
        WHERE d.lab_id = of_lab AND d.chemical_id = c.chemical_id AND (d.container_id = c.id OR d.container_id IS NULL) AND d.outcome IS NULL) THEN
    RAISE EXCEPTION 'marked' USING ERRCODE = '23514', CONSTRAINT = 'check_outs_are_not_of_marked', DETAIL = facts::text;
  END IF;
  IF rules.peroxides = 'refuse' THEN
    SELECT f.ppm, f.due_on, f.state INTO p FROM inventory.peroxide_formers f WHERE f.lab_id = of_lab AND f.container_id = c.id;
    IF p.state = 'over' THEN
      RAISE EXCEPTION 'peroxides' USING ERRCODE = '23514', CONSTRAINT = 'check_outs_are_not_over_the_peroxide_limit',
        DETAIL = (facts || jsonb_build_object('ppm', trim_scale(p.ppm)::text))::text;
    ELSIF p.state = 'due' THEN
      RAISE EXCEPTION 'test is due' USING ERRCODE = '23514', CONSTRAINT = 'check_outs_wait_for_the_peroxide_test',
        DETAIL = (facts || jsonb_build_object('day', p.due_on))::text;
    END IF;
  END IF;
END $$;
COMMENT ON FUNCTION inventory.refuse_taking(int, bigint) IS 'Raises check_outs_… where the lab''s rules let nobody take from the container.';

CREATE OR REPLACE FUNCTION inventory.obey_rules_of_check_outs() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM control.verify_lab(new.lab_id);
  PERFORM inventory.refuse_taking(new.lab_id, new.container_id);
  RETURN new;
END $$;
SELECT 'CREATE TRIGGER allow_check_out BEFORE INSERT ON inventory.movements FOR EACH ROW WHEN (new.kind = ''check_out'')
        EXECUTE FUNCTION inventory.obey_rules_of_check_outs()'
 WHERE NOT EXISTS (SELECT FROM pg_trigger WHERE tgname = 'allow_check_out' AND tgrelid = 'inventory.movements'::regclass) \gexec

-- The whole bottle. Another trigger, by which a mistaken disposal gives the bottle back to who had it, is no taking.
CREATE OR REPLACE FUNCTION inventory.obey_rules_of_holdings() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM control.verify_lab(new.lab_id);
  PERFORM inventory.refuse_taking(new.lab_id, new.id);
  RETURN new;
END $$;
SELECT 'CREATE TRIGGER allow_holding BEFORE UPDATE ON inventory.containers FOR EACH ROW
        WHEN (new.holder_id IS NOT NULL AND old.holder_id IS NULL AND pg_trigger_depth() = 0) EXECUTE FUNCTION inventory.obey_rules_of_holdings()'
 WHERE NOT EXISTS (SELECT FROM pg_trigger WHERE tgname = 'allow_holding' AND tgrelid = 'inventory.containers'::regclass) \gexec
