-- When a container is counted, the row stores what the ledger says at that moment and the difference. The location is kept only if
-- the container belongs elsewhere. A change of reason or recount alone does not run this trigger.
CREATE OR REPLACE FUNCTION inventory.expect_amount() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  c     record;
  facts jsonb;
BEGIN
  PERFORM control.verify_lab(new.lab_id);
  SELECT k.id, k.barcode, k.amount, k.unit, k.location_id, k.disposed_at, h.density_g_per_ml INTO c
    FROM inventory.containers k JOIN inventory.chemicals h ON h.lab_id = k.lab_id AND h.id = k.chemical_id
   WHERE k.lab_id = new.lab_id AND k.id = new.container_id FOR SHARE OF k;
  IF c.disposed_at IS NOT NULL THEN
    RAISE EXCEPTION 'disposed of' USING ERRCODE = '23514', CONSTRAINT = 'movements_container_is_there',
      DETAIL = jsonb_build_object('container_id', c.id, 'barcode', c.barcode)::text;
  END IF;
  new.expected := c.amount;
  IF new.counted_unit IS NULL OR c.unit IS NULL OR new.counted_unit = c.unit THEN
    new.variance := new.counted - c.amount;
  ELSE
    BEGIN
      new.variance := inventory.convert(new.counted, new.counted_unit, c.unit, c.density_g_per_ml) - c.amount;
    EXCEPTION WHEN check_violation THEN
      GET STACKED DIAGNOSTICS facts = PG_EXCEPTION_DETAIL;
      RAISE EXCEPTION 'another kind of unit' USING ERRCODE = '23514', CONSTRAINT = 'unit_fits_the_container',
        DETAIL = (facts || jsonb_build_object('container_id', c.id, 'barcode', c.barcode))::text;
    END;
  END IF;
  IF new.location_id IS NOT NULL AND (NOT new.found OR EXISTS (
       SELECT FROM inventory.locations here JOIN inventory.locations there ON there.lab_id = here.lab_id AND starts_with(here.path, there.path)
        WHERE here.lab_id = new.lab_id AND here.id = c.location_id AND there.id = new.location_id)) THEN
    new.location_id := NULL;
  END IF;
  new.counted_at := control.clock();
  new.counted_by := control.user_id();
  RETURN new;
END $$;
-- Databases made before 1.0 have this trigger on every update: make it anew there.
SELECT 'DROP TRIGGER expect_amount ON inventory.stocktake_counts'
  FROM pg_trigger WHERE tgname = 'expect_amount' AND tgrelid = 'inventory.stocktake_counts'::regclass
                    AND pg_get_triggerdef(oid) NOT LIKE '%UPDATE OF%' \gexec
SELECT 'CREATE TRIGGER expect_amount BEFORE INSERT OR UPDATE OF found, counted, counted_unit, location_id ON inventory.stocktake_counts
        FOR EACH ROW EXECUTE FUNCTION inventory.expect_amount()'
 WHERE NOT EXISTS (SELECT FROM pg_trigger WHERE tgname = 'expect_amount' AND tgrelid = 'inventory.stocktake_counts'::regclass) \gexec

-- A stocktake that was posted or cancelled takes no count and gives none back. A statement trigger looks once for all its rows; FOR
-- SHARE waits for a posting that is under way.
CREATE OR REPLACE FUNCTION inventory.refuse_counts_when_over() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM control.verify_lab(t.lab_id) FROM (SELECT DISTINCT lab_id FROM touched) AS t;
  PERFORM FROM (SELECT s.posted_at, s.cancelled_at FROM inventory.stocktakes s
                 WHERE (s.lab_id, s.id) IN (SELECT DISTINCT t.lab_id, t.stocktake_id FROM touched t) FOR SHARE OF s) AS s
    WHERE s.posted_at IS NOT NULL OR s.cancelled_at IS NOT NULL;
  IF found THEN
    RAISE EXCEPTION 'not an open stocktake' USING ERRCODE = '23514', CONSTRAINT = 'stocktake_is_open';
  END IF;
  RETURN NULL;
END $$;
SELECT format('CREATE TRIGGER %I AFTER %s ON inventory.stocktake_counts REFERENCING %s TABLE AS touched
               FOR EACH STATEMENT EXECUTE FUNCTION inventory.refuse_counts_when_over()', name, event, side)
  FROM (VALUES ('refuse_counts_when_over', 'INSERT', 'NEW'), ('refuse_changes_when_over', 'UPDATE', 'NEW'),
               ('refuse_undoing_when_over', 'DELETE', 'OLD')) AS t (name, event, side)
 WHERE NOT EXISTS (SELECT FROM pg_trigger WHERE tgname = t.name AND tgrelid = 'inventory.stocktake_counts'::regclass) \gexec
