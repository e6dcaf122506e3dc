CREATE OR REPLACE FUNCTION inventory.peroxide_test_days(peroxide_class text) RETURNS int
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE peroxide_class WHEN 'A' THEN 90 WHEN 'D' THEN 365 ELSE 180 END;
COMMENT ON FUNCTION inventory.peroxide_test_days(text) IS 'Days after which ChemTrack proposes the next test for peroxides of a chemical of this class.';

CREATE OR REPLACE FUNCTION inventory.peroxides(of_lab int, container bigint, peroxide_class text, opened date, received date, made timestamptz,
                                               OUT ppm numeric, OUT tested_on date, OUT due_on date, OUT state text)
LANGUAGE plpgsql STABLE SECURITY INVOKER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  days int := inventory.peroxide_test_days(peroxide_class);
BEGIN
  SELECT t.ppm, t.tested_on, t.next_due INTO ppm, tested_on, due_on
    FROM inventory.peroxide_tests t
   WHERE t.lab_id = of_lab AND t.container_id = container ORDER BY t.tested_on DESC, t.id DESC LIMIT 1;
  IF tested_on IS NULL THEN
    due_on := coalesce(least(opened, received) + days, made::date);
  ELSIF opened > tested_on THEN
    due_on := least(due_on, opened + days);
  END IF;
  state := CASE WHEN ppm > coalesce((SELECT r.peroxide_limit_ppm FROM inventory.check_out_rules r WHERE r.lab_id = of_lab), 100) THEN 'over'
                WHEN due_on <= control.today() THEN 'due'
                ELSE 'tested' END;
END $$;
COMMENT ON FUNCTION inventory.peroxides(int, bigint, text, date, date, timestamptz) IS
  'The latest test of a container for peroxides, when the next is due, and the state: over, more than the lab''s limit; due; tested, neither. A container that was never tested is due as many days as its class says after it was received or opened, whichever was first; where neither day is known, since it was entered.';
