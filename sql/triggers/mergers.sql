CREATE OR REPLACE FUNCTION inventory.trace_merger() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM control.verify_lab(new.lab_id);
  PERFORM control.trace(CASE WHEN tg_op = 'INSERT' THEN 'chemicals_merged' ELSE 'merger_undone' END, new.lab_id, NULL, jsonb_build_object('merger', new.id));
  RETURN NULL;
END $$;
COMMENT ON FUNCTION inventory.trace_merger() IS 'Writes a line of control.events when two chemicals are merged, and when that is undone.';
SELECT 'CREATE TRIGGER trace_merger AFTER INSERT OR UPDATE OF undone_at ON inventory.mergers FOR EACH ROW EXECUTE FUNCTION inventory.trace_merger()'
 WHERE NOT EXISTS (SELECT FROM pg_trigger WHERE tgname = 'trace_merger' AND tgrelid = 'inventory.mergers'::regclass) \gexec
