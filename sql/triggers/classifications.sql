-- Who loaded a list, and when it was kept, is written by the database, as in control.events.
CREATE OR REPLACE FUNCTION control.sign_classification_list() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF tg_op = 'UPDATE' THEN
    new.kept_at := clock_timestamp();
    RETURN new;
  END IF;
  new.made_at := clock_timestamp();
  new.kept_at := NULL;
  new.made_by_name := coalesce((
    SELECT u.username FROM control.sessions s JOIN control.users u ON u.id = s.user_id
     WHERE s.token_hash = sha256(decode(nullif(current_setting('app.session', true), ''), 'hex')) AND s.expires_at > now()), session_user);
  RETURN new;
END $$;
SELECT 'CREATE TRIGGER sign_classification_list BEFORE INSERT OR UPDATE OF kept_at ON reference.classification_lists
        FOR EACH ROW EXECUTE FUNCTION control.sign_classification_list()'
 WHERE NOT EXISTS (SELECT FROM pg_trigger WHERE tgname = 'sign_classification_list' AND tgrelid = 'reference.classification_lists'::regclass) \gexec

CREATE OR REPLACE FUNCTION control.trace_classification_list() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  list reference.classification_lists := coalesce(new, old);
BEGIN
  PERFORM control.trace(CASE tg_op WHEN 'INSERT' THEN 'classifications_uploaded' WHEN 'UPDATE' THEN 'classifications_kept' ELSE 'classifications_discarded' END,
                        NULL, NULL, jsonb_build_object('list', list.name, 'version', list.version));
  RETURN NULL;
END $$;
COMMENT ON FUNCTION control.trace_classification_list() IS 'Writes a line of control.events when a list of classifications is loaded, kept or discarded.';
SELECT 'CREATE TRIGGER trace_classification_list AFTER INSERT OR UPDATE OF kept_at OR DELETE ON reference.classification_lists
        FOR EACH ROW EXECUTE FUNCTION control.trace_classification_list()'
 WHERE NOT EXISTS (SELECT FROM pg_trigger WHERE tgname = 'trace_classification_list' AND tgrelid = 'reference.classification_lists'::regclass) \gexec
