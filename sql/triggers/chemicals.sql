-- Names are stored composed (NFC), and with the Greek μ for the micro sign: a Mac writes ü as u and two dots, and both look alike.
CREATE OR REPLACE FUNCTION inventory.compose_name() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM control.verify_lab(new.lab_id);
  new.name := inventory.composed(new.name);
  RETURN new;
END $$;
SELECT count(control.backfill('inventory.chemicals', 'name <> inventory.composed(name)', 'name = inventory.composed(name)')) AS changed
  FROM (VALUES (true)) AS once
 WHERE NOT EXISTS (SELECT FROM pg_trigger WHERE tgname = 'compose_name' AND tgrelid = 'inventory.chemicals'::regclass) \gset
SELECT 'CREATE TRIGGER compose_name BEFORE INSERT OR UPDATE OF name ON inventory.chemicals FOR EACH ROW EXECUTE FUNCTION inventory.compose_name()'
 WHERE NOT EXISTS (SELECT FROM pg_trigger WHERE tgname = 'compose_name' AND tgrelid = 'inventory.chemicals'::regclass) \gexec

CREATE OR REPLACE FUNCTION inventory.keep_words() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM control.verify_lab(new.lab_id);
  IF tg_op = 'UPDATE' THEN
    DELETE FROM inventory.chemical_words w WHERE w.lab_id = new.lab_id AND w.chemical_id = new.id;
  END IF;
  INSERT INTO inventory.chemical_words (lab_id, word, chemical_id)
  SELECT new.lab_id, w, new.id FROM inventory.words_of_chemical(new) AS w;
  RETURN NULL;
END $$;
-- Before 1.1 this trigger named the columns that are searched; a column that is searched since would have changed no words.
SELECT 'DROP TRIGGER keep_words ON inventory.chemicals'
 WHERE EXISTS (SELECT FROM pg_trigger WHERE tgname = 'keep_words' AND tgrelid = 'inventory.chemicals'::regclass AND tgattr::text <> '') \gexec
SELECT 'CREATE TRIGGER keep_words AFTER INSERT OR UPDATE ON inventory.chemicals FOR EACH ROW EXECUTE FUNCTION inventory.keep_words()'
 WHERE NOT EXISTS (SELECT FROM pg_trigger WHERE tgname = 'keep_words' AND tgrelid = 'inventory.chemicals'::regclass) \gexec

CREATE OR REPLACE FUNCTION inventory.note_change() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM control.verify_lab(new.lab_id);
  new.changed_at := control.clock();
  new.changed_by := control.user_id();
  RETURN new;
END $$;
SELECT 'CREATE TRIGGER note_change BEFORE UPDATE ON inventory.chemicals FOR EACH ROW EXECUTE FUNCTION inventory.note_change()'
 WHERE NOT EXISTS (SELECT FROM pg_trigger WHERE tgname = 'note_change' AND tgrelid = 'inventory.chemicals'::regclass) \gexec

-- Nobody is believed who writes that a value is from the reference: this is kept only where the reference says so of this CAS RN, in its own
-- words. What stood before stays while the value and the CAS RN do, whatever a newer reference says.
CREATE OR REPLACE FUNCTION inventory.keep_true_origins() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  hazards CONSTANT text[] := ARRAY['pictograms', 'signal_word', 'h_statements'];
  here    jsonb := to_jsonb(new);
  was     jsonb := CASE WHEN tg_op = 'UPDATE' AND new.cas_number = old.cas_number THEN to_jsonb(old) ELSE '{}' END;
  known   jsonb;
  said    text;
BEGIN
  PERFORM control.verify_lab(new.lab_id);
  known := inventory.fill_in(jsonb_build_object('cas_number', new.cas_number));
  IF new.origins ? 'cas_number' AND (SELECT m.cas_number FROM reference.match(new.name, NULL, new.inchikey) AS m) = new.cas_number THEN
    known := jsonb_set(known, '{origins,cas_number}', to_jsonb('the reference (' || new.cas_number || ')'));
  END IF;
  new.origins := coalesce((
    SELECT jsonb_object_agg(o.key, v.origin) FROM jsonb_each(new.origins) AS o
     CROSS JOIN LATERAL (
       SELECT CASE WHEN here -> o.key = was -> o.key AND o.value = was -> 'origins' -> o.key THEN o.value
                   WHEN here -> o.key @> (known -> o.key) AND here -> o.key <@ (known -> o.key) THEN known -> 'origins' -> o.key END AS origin) AS v
     WHERE here -> o.key NOT IN ('null', '[]') AND v.origin IS NOT NULL), '{}');
  IF new.hazards_from IS DISTINCT FROM was ->> 'hazards_from' OR EXISTS (SELECT FROM unnest(hazards) AS h WHERE here -> h IS DISTINCT FROM was -> h) THEN
    said := new.hazards_from;
    new.hazards_from := known ->> 'hazards_from';
    IF EXISTS (SELECT FROM unnest(hazards) AS h, coalesce(known -> h, 'null') AS kept WHERE NOT (here -> h @> kept AND here -> h <@ kept)) THEN
      new.hazards_from := NULL;
    END IF;
    -- Adopted from a list that an administrator has kept.
    IF EXISTS (SELECT FROM reference.classifications c JOIN reference.classification_lists l ON l.id = c.list_id
                WHERE c.cas_number = new.cas_number AND l.kept_at IS NOT NULL AND l.name || ', ' || l.version = said
                  AND c.signal_word IS NOT DISTINCT FROM new.signal_word AND c.pictograms @> new.pictograms AND c.pictograms <@ new.pictograms
                  AND c.h_statements @> new.h_statements AND c.h_statements <@ new.h_statements) THEN
      new.hazards_from := said;
    END IF;
  END IF;
  RETURN new;
END $$;
-- Before 1.1 the trigger keep_origins believed what was written.
DROP TRIGGER IF EXISTS keep_origins ON inventory.chemicals;
DROP FUNCTION IF EXISTS inventory.keep_origins();
SELECT 'CREATE TRIGGER keep_true_origins BEFORE INSERT OR UPDATE ON inventory.chemicals FOR EACH ROW
        WHEN (new.origins <> ''{}'' OR new.hazards_from IS NOT NULL) EXECUTE FUNCTION inventory.keep_true_origins()'
 WHERE NOT EXISTS (SELECT FROM pg_trigger WHERE tgname = 'keep_true_origins' AND tgrelid = 'inventory.chemicals'::regclass) \gexec

-- Who decided on the hazards, and when: pictograms, signal word and H statements together. The name of an import is believed only while that
-- import is being loaded.
CREATE OR REPLACE FUNCTION inventory.mark_hazards() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM control.verify_lab(new.lab_id);
  IF tg_op = 'UPDATE' AND (new.pictograms, new.signal_word, new.h_statements) IS NOT DISTINCT FROM (old.pictograms, old.signal_word, old.h_statements) THEN
    new.hazards_import_id := old.hazards_import_id;
    RETURN new;
  END IF;
  new.hazards_at := CASE WHEN new.pictograms IS NOT NULL THEN control.clock() END;
  new.hazards_by := CASE WHEN new.pictograms IS NOT NULL THEN control.user_id() END;
  IF new.pictograms IS NULL OR new.hazards_from IS NOT NULL OR control.role() IS DISTINCT FROM 'manager' OR NOT EXISTS (
       SELECT FROM inventory.imports i
        WHERE i.lab_id = new.lab_id AND i.id = new.hazards_import_id AND i.committed_at IS NULL AND i.cancelled_at IS NULL) THEN
    new.hazards_import_id := NULL;
  END IF;
  RETURN new;
END $$;
SELECT 'CREATE TRIGGER mark_hazards BEFORE INSERT OR UPDATE OF pictograms, signal_word, h_statements, hazards_import_id ON inventory.chemicals FOR EACH ROW
        WHEN (new.pictograms IS NOT NULL OR new.hazards_at IS NOT NULL OR new.hazards_import_id IS NOT NULL) EXECUTE FUNCTION inventory.mark_hazards()'
 WHERE NOT EXISTS (SELECT FROM pg_trigger WHERE tgname = 'mark_hazards' AND tgrelid = 'inventory.chemicals'::regclass) \gexec

-- A chemical that keeps for another time after opening: its containers are used until another day. All of them are locked before they are
-- read, so that one that is being opened at this moment is found open.
CREATE OR REPLACE FUNCTION inventory.carry_use_by() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM control.verify_lab(new.lab_id);
  PERFORM FROM inventory.containers c WHERE c.lab_id = new.lab_id AND c.chemical_id = new.id ORDER BY c.id FOR UPDATE;
  UPDATE inventory.containers c SET use_by = inventory.use_by(c.expires_on, c.opened_on, c.extended_on, new.days_after_opening)
   WHERE c.lab_id = new.lab_id AND c.chemical_id = new.id AND c.opened_on IS NOT NULL;
  RETURN NULL;
END $$;
SELECT 'CREATE TRIGGER carry_use_by AFTER UPDATE ON inventory.chemicals FOR EACH ROW
        WHEN (new.days_after_opening IS DISTINCT FROM old.days_after_opening) EXECUTE FUNCTION inventory.carry_use_by()'
 WHERE NOT EXISTS (SELECT FROM pg_trigger WHERE tgname = 'carry_use_by' AND tgrelid = 'inventory.chemicals'::regclass) \gexec
