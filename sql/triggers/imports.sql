-- An import ends once, committed or cancelled; the database writes who and when. Afterwards its row stays as it is, but for what
-- inventory.take_back_import notes once; and its file may be forgotten, not replaced.
CREATE OR REPLACE FUNCTION inventory.end_import() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM control.verify_lab(new.lab_id);
  IF old.committed_at = new.committed_at AND new.cancelled_at IS NULL AND (new.content IS NULL OR new.content = old.content)
     AND new.reading - 'taken_back' = old.reading - 'taken_back' AND coalesce(old.reading -> 'taken_back' = new.reading -> 'taken_back', true) THEN
    RETURN new;
  END IF;
  IF old.committed_at IS NOT NULL OR old.cancelled_at IS NOT NULL OR (new.committed_at IS NOT NULL AND new.cancelled_at IS NOT NULL) THEN
    RAISE EXCEPTION 'not an open import' USING ERRCODE = '23514', CONSTRAINT = 'import_is_open';
  END IF;
  IF new.committed_at IS NOT NULL THEN
    new.committed_at := control.clock();
    new.committed_by := control.user_id();
  ELSIF new.cancelled_at IS NOT NULL THEN
    new.cancelled_at := control.clock();
  END IF;
  RETURN new;
END $$;
SELECT 'CREATE TRIGGER end_import BEFORE UPDATE ON inventory.imports FOR EACH ROW EXECUTE FUNCTION inventory.end_import()'
 WHERE NOT EXISTS (SELECT FROM pg_trigger WHERE tgname = 'end_import' AND tgrelid = 'inventory.imports'::regclass) \gexec

-- What became of an import that was taken back is written by inventory.take_back_import alone, which runs as the owner of the tables.
CREATE OR REPLACE FUNCTION inventory.deny_forged_outcome() RETURNS trigger
LANGUAGE plpgsql SECURITY INVOKER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM control.verify_lab(new.lab_id);
  IF current_user = 'chemuser' THEN
    RAISE EXCEPTION 'only taking an import back says what became of it' USING ERRCODE = '42501', CONSTRAINT = 'imports_are_taken_back_by_their_function';
  END IF;
  RETURN new;
END $$;
SELECT 'CREATE TRIGGER deny_forged_outcome BEFORE UPDATE ON inventory.imports FOR EACH ROW
        WHEN (new.reading -> ''taken_back'' IS DISTINCT FROM old.reading -> ''taken_back'') EXECUTE FUNCTION inventory.deny_forged_outcome()'
 WHERE NOT EXISTS (SELECT FROM pg_trigger WHERE tgname = 'deny_forged_outcome' AND tgrelid = 'inventory.imports'::regclass) \gexec

CREATE OR REPLACE FUNCTION inventory.trace_import() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM control.verify_lab(new.lab_id);
  PERFORM control.trace(
    CASE WHEN tg_op = 'INSERT' THEN 'import_uploaded'
         WHEN new.reading ? 'taken_back' AND NOT old.reading ? 'taken_back' THEN 'import_taken_back'
         WHEN new.cancelled_at IS NOT NULL THEN 'import_cancelled'
         ELSE 'import_loaded' END,
    new.lab_id, NULL, jsonb_build_object('import', new.id));
  RETURN NULL;
END $$;
COMMENT ON FUNCTION inventory.trace_import() IS 'Writes a line of control.events when a file comes in, is loaded, cancelled or taken back. Administrators of all labs read these lines: how a lab calls its files is its own.';
SELECT 'CREATE TRIGGER trace_upload AFTER INSERT ON inventory.imports FOR EACH ROW EXECUTE FUNCTION inventory.trace_import()'
 WHERE NOT EXISTS (SELECT FROM pg_trigger WHERE tgname = 'trace_upload' AND tgrelid = 'inventory.imports'::regclass) \gexec
-- The choices for reading a file are saved many times before it is loaded. These changes leave no line; ending an import, or taking it
-- back, does.
SELECT 'CREATE TRIGGER trace_import_end AFTER UPDATE ON inventory.imports FOR EACH ROW
        WHEN ((old.committed_at, old.cancelled_at, old.reading ? ''taken_back'') IS DISTINCT FROM (new.committed_at, new.cancelled_at, new.reading ? ''taken_back''))
        EXECUTE FUNCTION inventory.trace_import()'
 WHERE NOT EXISTS (SELECT FROM pg_trigger WHERE tgname = 'trace_import_end' AND tgrelid = 'inventory.imports'::regclass) \gexec
