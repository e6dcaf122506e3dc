-- A container without a barcode is given the lab's next one.
CREATE OR REPLACE FUNCTION inventory.give_barcode() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  number bigint;
BEGIN
  WHILE new.barcode IS NULL LOOP
    INSERT INTO inventory.container_numbers AS n (lab_id, last_number) VALUES (new.lab_id, 1)
    ON CONFLICT (lab_id) DO UPDATE SET last_number = n.last_number + 1
    RETURNING n.last_number INTO number;
    IF NOT EXISTS (SELECT FROM inventory.containers c WHERE c.lab_id = new.lab_id AND c.barcode = 'CT-' || lpad(number::text, 6, '0')) THEN
      new.barcode := 'CT-' || lpad(number::text, greatest(6, length(number::text)), '0');
    END IF;
  END LOOP;
  RETURN new;
END $$;
SELECT 'CREATE TRIGGER give_barcode BEFORE INSERT ON inventory.containers FOR EACH ROW WHEN (new.barcode IS NULL)
        EXECUTE FUNCTION inventory.give_barcode()'
 WHERE NOT EXISTS (SELECT FROM pg_trigger WHERE tgname = 'give_barcode' AND tgrelid = 'inventory.containers'::regclass) \gexec

-- Every change of place or holder leaves a line in transfers, and shows that the container is there.
CREATE OR REPLACE FUNCTION inventory.note_transfer() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  moment timestamptz := control.clock();
BEGIN
  IF new.holder_id IS DISTINCT FROM old.holder_id THEN
    new.held_since := CASE WHEN new.holder_id IS NOT NULL THEN moment END;
  END IF;
  new.missing_since := NULL;
  INSERT INTO inventory.transfers (lab_id, container_id, kind, from_location_id, to_location_id, from_holder_id, to_holder_id, made_at, made_by)
  VALUES (new.lab_id, new.id,
          CASE WHEN new.holder_id IS NOT DISTINCT FROM old.holder_id THEN 'move' WHEN new.holder_id IS NULL THEN 'bring_back' ELSE 'take' END,
          old.location_id, new.location_id, old.holder_id, new.holder_id, moment, control.user_id());
  RETURN new;
END $$;
SELECT 'CREATE TRIGGER note_transfer BEFORE UPDATE ON inventory.containers FOR EACH ROW
        WHEN (new.location_id IS DISTINCT FROM old.location_id OR new.holder_id IS DISTINCT FROM old.holder_id)
        EXECUTE FUNCTION inventory.note_transfer()'
 WHERE NOT EXISTS (SELECT FROM pg_trigger WHERE tgname = 'note_transfer' AND tgrelid = 'inventory.containers'::regclass) \gexec
