CREATE OR REPLACE FUNCTION inventory.trace_enrichment() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM control.verify_lab(new.lab_id);
  PERFORM control.trace(CASE WHEN tg_op = 'INSERT' THEN 'list_enriched' ELSE 'enrichment_undone' END,
                        new.lab_id, NULL, jsonb_build_object('enrichment', new.id));
  RETURN NULL;
END $$;
COMMENT ON FUNCTION inventory.trace_enrichment() IS 'Writes a line of control.events when a list is enriched, and when that is undone.';
SELECT 'CREATE TRIGGER trace_enrichment AFTER INSERT OR UPDATE OF undone_at ON inventory.enrichments FOR EACH ROW EXECUTE FUNCTION inventory.trace_enrichment()'
 WHERE NOT EXISTS (SELECT FROM pg_trigger WHERE tgname = 'trace_enrichment' AND tgrelid = 'inventory.enrichments'::regclass) \gexec
