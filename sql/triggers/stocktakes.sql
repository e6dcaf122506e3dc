-- A stocktake ends once, posted or cancelled; the database writes when.
CREATE OR REPLACE FUNCTION inventory.end_stocktake() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM control.verify_lab(new.lab_id);
  IF old.posted_at IS NOT NULL OR old.cancelled_at IS NOT NULL THEN
    RAISE EXCEPTION 'not an open stocktake' USING ERRCODE = '23514', CONSTRAINT = 'stocktake_is_open';
  END IF;
  IF new.cancelled_at IS NOT NULL THEN
    new.cancelled_at := control.clock();
  END IF;
  RETURN new;
END $$;
SELECT 'CREATE TRIGGER end_stocktake BEFORE UPDATE ON inventory.stocktakes FOR EACH ROW EXECUTE FUNCTION inventory.end_stocktake()'
 WHERE NOT EXISTS (SELECT FROM pg_trigger WHERE tgname = 'end_stocktake' AND tgrelid = 'inventory.stocktakes'::regclass) \gexec

-- A stocktake without a tolerance of its own has that of the lab's latest stocktake. Only a manager chooses another, so that nobody who
-- took something hides the loss behind a wide tolerance.
CREATE OR REPLACE FUNCTION inventory.set_tolerance() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  usual record;
BEGIN
  PERFORM control.verify_lab(new.lab_id);
  SELECT * INTO usual FROM inventory.usual_tolerance(new.lab_id);
  new.tolerance_percent := coalesce(new.tolerance_percent, usual.tolerance_percent);
  new.tolerance_amount := coalesce(new.tolerance_amount, usual.tolerance_amount);
  IF (new.tolerance_percent, new.tolerance_amount) IS DISTINCT FROM (usual.tolerance_percent, usual.tolerance_amount)
     AND NOT control.is_dba() AND control.role() IS DISTINCT FROM 'manager' THEN
    RAISE EXCEPTION 'a manager decides' USING ERRCODE = '42501', CONSTRAINT = 'stocktakes_tolerance_is_set_by_a_manager';
  END IF;
  RETURN new;
END $$;
SELECT 'CREATE TRIGGER set_tolerance BEFORE INSERT ON inventory.stocktakes FOR EACH ROW EXECUTE FUNCTION inventory.set_tolerance()'
 WHERE NOT EXISTS (SELECT FROM pg_trigger WHERE tgname = 'set_tolerance' AND tgrelid = 'inventory.stocktakes'::regclass) \gexec
