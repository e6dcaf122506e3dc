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
