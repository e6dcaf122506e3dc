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
  -- Hazards that somebody changes are no longer those of the source.
  IF new.hazards_from = old.hazards_from AND (new.pictograms, new.signal_word, new.h_statements, new.p_statements)
     IS DISTINCT FROM (old.pictograms, old.signal_word, old.h_statements, old.p_statements) THEN
    new.hazards_from := NULL;
  END IF;
  new.changed_at := control.clock();
  new.changed_by := control.user_id();
  RETURN new;
END $$;
SELECT 'CREATE TRIGGER note_change BEFORE UPDATE ON inventory.chemicals FOR EACH ROW EXECUTE FUNCTION inventory.note_change()'
 WHERE NOT EXISTS (SELECT FROM pg_trigger WHERE tgname = 'note_change' AND tgrelid = 'inventory.chemicals'::regclass) \gexec

-- A field that is empty, or was changed without another origin beside it, is not as the reference said.
CREATE OR REPLACE FUNCTION inventory.keep_origins() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM control.verify_lab(new.lab_id);
  new.origins := coalesce((
    SELECT jsonb_object_agg(o.key, o.value) FROM jsonb_each(new.origins) AS o
     WHERE to_jsonb(new) -> o.key NOT IN ('null', '[]')
       AND (tg_op = 'INSERT' OR to_jsonb(new) -> o.key = to_jsonb(old) -> o.key OR o.value IS DISTINCT FROM old.origins -> o.key)), '{}');
  RETURN new;
END $$;
SELECT 'CREATE TRIGGER keep_origins BEFORE INSERT OR UPDATE ON inventory.chemicals FOR EACH ROW WHEN (new.origins <> ''{}'')
        EXECUTE FUNCTION inventory.keep_origins()'
 WHERE NOT EXISTS (SELECT FROM pg_trigger WHERE tgname = 'keep_origins' AND tgrelid = 'inventory.chemicals'::regclass) \gexec
