-- The database writes who decided about a mark, and when. A manager decides once; whoever made the mark may take it back.
CREATE OR REPLACE FUNCTION inventory.note_decision() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  facts jsonb := jsonb_build_object('disposal_id', old.id);
BEGIN
  PERFORM control.verify_lab(new.lab_id);
  IF old.outcome IS NOT NULL THEN
    RAISE EXCEPTION 'already decided' USING ERRCODE = '23514', CONSTRAINT = 'disposals_are_decided_once', DETAIL = (facts || jsonb_build_object('named', coalesce(
      (SELECT c.barcode FROM inventory.containers c WHERE c.lab_id = old.lab_id AND c.id = old.container_id),
      (SELECT h.name FROM inventory.chemicals h WHERE h.lab_id = old.lab_id AND h.id = old.chemical_id))))::text;
  END IF;
  IF NOT control.is_dba() AND control.role() IS DISTINCT FROM 'manager' AND (new.outcome <> 'kept' OR old.marked_by <> control.user_id()) THEN
    RAISE EXCEPTION 'a manager decides' USING ERRCODE = '42501', CONSTRAINT = 'disposals_are_decided_by_a_manager', DETAIL = facts::text;
  END IF;
  new.decided_at := control.clock();
  new.decided_by := control.user_id();
  RETURN new;
END $$;
SELECT 'CREATE TRIGGER note_decision BEFORE UPDATE OF outcome ON inventory.disposals FOR EACH ROW EXECUTE FUNCTION inventory.note_decision()'
 WHERE NOT EXISTS (SELECT FROM pg_trigger WHERE tgname = 'note_decision' AND tgrelid = 'inventory.disposals'::regclass) \gexec
