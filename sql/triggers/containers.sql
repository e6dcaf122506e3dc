-- A container without a barcode is given the lab's next one.
CREATE OR REPLACE FUNCTION inventory.next_barcodes(how_many int) RETURNS SETOF text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  lab     int := control.lab_id_for('member');
  missing int := how_many;
  number  bigint;
  given   int;
BEGIN
  -- Take all numbers of a statement at once: 10,000 updates of one row in one transaction would leave 10,000 dead versions of it.
  WHILE missing > 0 LOOP
    INSERT INTO inventory.container_numbers AS n (lab_id, last_number) VALUES (lab, missing)
    ON CONFLICT (lab_id) DO UPDATE SET last_number = n.last_number + excluded.last_number
    RETURNING n.last_number INTO number;
    RETURN QUERY
      SELECT k.code FROM (SELECT i, 'CT-' || lpad(i::text, greatest(6, length(i::text)), '0') AS code FROM generate_series(number - missing + 1, number) AS i) AS k
       WHERE NOT EXISTS (SELECT FROM inventory.containers c WHERE c.lab_id = lab AND c.barcode_folded = lower(k.code)) ORDER BY k.i;
    GET DIAGNOSTICS given = ROW_COUNT;
    missing := missing - given;
  END LOOP;
END $$;
COMMENT ON FUNCTION inventory.next_barcodes(int) IS 'New barcodes by the lab''s own count, in order. A barcode that a container has already, in capital or small letters, is left out.';

CREATE OR REPLACE FUNCTION inventory.give_barcode() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM control.verify_lab(new.lab_id);
  new.barcode := (SELECT code FROM inventory.next_barcodes(1) AS code);
  RETURN new;
END $$;
SELECT 'CREATE TRIGGER give_barcode BEFORE INSERT ON inventory.containers FOR EACH ROW WHEN (new.barcode IS NULL)
        EXECUTE FUNCTION inventory.give_barcode()'
 WHERE NOT EXISTS (SELECT FROM pg_trigger WHERE tgname = 'give_barcode' AND tgrelid = 'inventory.containers'::regclass) \gexec

-- Each change of location or holder writes a line into transfers, and ends `missing`: whoever moves a container has seen it.
CREATE OR REPLACE FUNCTION inventory.note_transfer() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  moment timestamptz := control.clock();
BEGIN
  PERFORM control.verify_lab(new.lab_id);
  IF new.holder_id IS DISTINCT FROM old.holder_id THEN
    IF NOT control.is_dba() AND control.role() IS DISTINCT FROM 'manager'
       AND EXISTS (SELECT FROM unnest(ARRAY[old.holder_id, new.holder_id]) AS holder WHERE holder <> control.user_id()) THEN
      RAISE EXCEPTION 'not yours' USING ERRCODE = '42501', CONSTRAINT = 'holdings_are_ended_by_holder_or_manager',
        DETAIL = jsonb_build_object('barcode', old.barcode)::text;
    END IF;
    new.held_since := CASE WHEN new.holder_id IS NOT NULL THEN moment END;
  END IF;
  new.missing_since := NULL;
  INSERT INTO inventory.transfers (lab_id, container_id, kind, from_location_id, to_location_id, from_holder_id, to_holder_id, made_at, made_by, before)
  VALUES (new.lab_id, new.id,
          CASE WHEN new.holder_id IS NOT DISTINCT FROM old.holder_id THEN 'move' WHEN new.holder_id IS NULL THEN 'bring_back' ELSE 'take' END,
          old.location_id, new.location_id, old.holder_id, new.holder_id, moment, control.user_id(),
          jsonb_strip_nulls(jsonb_build_object('missing_since', old.missing_since, 'held_since', old.held_since)));
  RETURN new;
END $$;
SELECT 'CREATE TRIGGER note_transfer BEFORE UPDATE ON inventory.containers FOR EACH ROW
        WHEN (new.location_id IS DISTINCT FROM old.location_id OR new.holder_id IS DISTINCT FROM old.holder_id)
        EXECUTE FUNCTION inventory.note_transfer()'
 WHERE NOT EXISTS (SELECT FROM pg_trigger WHERE tgname = 'note_transfer' AND tgrelid = 'inventory.containers'::regclass) \gexec

CREATE OR REPLACE FUNCTION inventory.keep_container_words() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM control.verify_lab(new.lab_id);
  IF tg_op = 'UPDATE' THEN
    DELETE FROM inventory.container_words w WHERE w.lab_id = new.lab_id AND w.container_id = new.id;
  END IF;
  INSERT INTO inventory.container_words (lab_id, word, container_id)
  SELECT new.lab_id, w, new.id FROM inventory.words_of_container(new) AS w;
  RETURN NULL;
END $$;
-- Before 1.1 this trigger named the columns that are searched; a column that is searched since would have changed no words.
SELECT 'DROP TRIGGER keep_container_words ON inventory.containers'
 WHERE EXISTS (SELECT FROM pg_trigger WHERE tgname = 'keep_container_words' AND tgrelid = 'inventory.containers'::regclass AND tgattr::text <> '') \gexec
SELECT 'CREATE TRIGGER keep_container_words AFTER INSERT ON inventory.containers FOR EACH ROW EXECUTE FUNCTION inventory.keep_container_words()'
 WHERE NOT EXISTS (SELECT FROM pg_trigger WHERE tgname = 'keep_container_words' AND tgrelid = 'inventory.containers'::regclass) \gexec
-- Amount, location and holder of a container change often: only another text makes its words anew.
SELECT 'CREATE TRIGGER change_container_words AFTER UPDATE ON inventory.containers FOR EACH ROW
        WHEN (inventory.texts_searched(new) IS DISTINCT FROM inventory.texts_searched(old)) EXECUTE FUNCTION inventory.keep_container_words()'
 WHERE NOT EXISTS (SELECT FROM pg_trigger WHERE tgname = 'change_container_words' AND tgrelid = 'inventory.containers'::regclass) \gexec

-- Until when a container may be used depends on its label, on the day of opening and on its chemical. The lock lets a change of the chemical,
-- which finds only the containers that are there, wait for a container that is just being received.
CREATE OR REPLACE FUNCTION inventory.set_use_by() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  days numeric;
BEGIN
  PERFORM control.verify_lab(new.lab_id);
  IF new.opened_on IS NOT NULL AND tg_op = 'INSERT' THEN
    SELECT h.days_after_opening INTO days FROM inventory.chemicals h WHERE h.lab_id = new.lab_id AND h.id = new.chemical_id FOR SHARE;
  ELSIF new.opened_on IS NOT NULL THEN
    SELECT h.days_after_opening INTO days FROM inventory.chemicals h WHERE h.lab_id = new.lab_id AND h.id = new.chemical_id;
  END IF;
  new.use_by := inventory.use_by(new.expires_on, new.opened_on, new.extended_on, days);
  RETURN new;
END $$;
SELECT count(control.backfill('inventory.containers', 'use_by IS NULL AND expires_on IS NOT NULL', 'use_by = expires_on')) AS changed
  FROM (VALUES (true)) AS once
 WHERE NOT EXISTS (SELECT FROM pg_trigger WHERE tgname = 'set_use_by' AND tgrelid = 'inventory.containers'::regclass) \gset
SELECT 'CREATE TRIGGER set_use_by BEFORE INSERT ON inventory.containers FOR EACH ROW
        WHEN (new.expires_on IS NOT NULL OR new.opened_on IS NOT NULL) EXECUTE FUNCTION inventory.set_use_by()'
 WHERE NOT EXISTS (SELECT FROM pg_trigger WHERE tgname = 'set_use_by' AND tgrelid = 'inventory.containers'::regclass) \gexec
SELECT 'CREATE TRIGGER change_use_by BEFORE UPDATE ON inventory.containers FOR EACH ROW
        WHEN ((new.expires_on, new.opened_on, new.extended_on, new.chemical_id)
              IS DISTINCT FROM (old.expires_on, old.opened_on, old.extended_on, old.chemical_id)) EXECUTE FUNCTION inventory.set_use_by()'
 WHERE NOT EXISTS (SELECT FROM pg_trigger WHERE tgname = 'change_use_by' AND tgrelid = 'inventory.containers'::regclass) \gexec
