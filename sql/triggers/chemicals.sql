CREATE OR REPLACE FUNCTION inventory.keep_words() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF tg_op = 'UPDATE' THEN
    DELETE FROM inventory.chemical_words w WHERE w.lab_id = new.lab_id AND w.chemical_id = new.id;
  END IF;
  INSERT INTO inventory.chemical_words (lab_id, word, chemical_id)
  SELECT new.lab_id, w, new.id FROM inventory.words_of_chemical(new) AS w;
  RETURN NULL;
END $$;
SELECT 'CREATE TRIGGER keep_words AFTER INSERT OR UPDATE OF name, synonyms, cas_number, formula, supplier, catalogue_number, pictograms, h_statements
        ON inventory.chemicals FOR EACH ROW EXECUTE FUNCTION inventory.keep_words()'
 WHERE NOT EXISTS (SELECT FROM pg_trigger WHERE tgname = 'keep_words' AND tgrelid = 'inventory.chemicals'::regclass) \gexec

CREATE OR REPLACE FUNCTION inventory.note_change() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  new.changed_at := control.clock();
  new.changed_by := control.user_id();
  RETURN new;
END $$;
SELECT 'CREATE TRIGGER note_change BEFORE UPDATE ON inventory.chemicals FOR EACH ROW EXECUTE FUNCTION inventory.note_change()'
 WHERE NOT EXISTS (SELECT FROM pg_trigger WHERE tgname = 'note_change' AND tgrelid = 'inventory.chemicals'::regclass) \gexec
