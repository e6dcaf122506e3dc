-- Stores what the ledger says when something is counted; a stocktake that is over takes no more counts.
CREATE OR REPLACE FUNCTION inventory.expect_amount() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM FROM inventory.stocktakes s
    WHERE s.lab_id = new.lab_id AND s.id = new.stocktake_id AND s.posted_at IS NULL AND s.cancelled_at IS NULL FOR SHARE;
  IF NOT found THEN
    RAISE EXCEPTION 'not an open stocktake' USING ERRCODE = '23514', CONSTRAINT = 'stocktake_counts_stocktake_is_open';
  END IF;
  IF tg_op = 'INSERT' OR (new.counted, new.counted_unit, new.found) IS DISTINCT FROM (old.counted, old.counted_unit, old.found) OR old.recount AND NOT new.recount THEN
    SELECT c.amount INTO new.expected FROM inventory.containers c WHERE c.lab_id = new.lab_id AND c.id = new.container_id FOR SHARE;
    new.counted_at := control.clock();
    new.counted_by := control.user_id();
  END IF;
  RETURN new;
END $$;
SELECT 'CREATE TRIGGER expect_amount BEFORE INSERT OR UPDATE ON inventory.stocktake_counts FOR EACH ROW EXECUTE FUNCTION inventory.expect_amount()'
 WHERE NOT EXISTS (SELECT FROM pg_trigger WHERE tgname = 'expect_amount' AND tgrelid = 'inventory.stocktake_counts'::regclass) \gexec
