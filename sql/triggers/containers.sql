-- A container without a barcode is given the lab's next one.
CREATE OR REPLACE FUNCTION inventory.next_barcodes(how_many int) RETURNS SETOF text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  lab     int := control.lab_id();
  missing int := how_many;
  number  bigint;
  given   int;
BEGIN
  -- In one go: a number taken for each of 10,000 containers in one transaction would leave a chain of as many dead rows.
  WHILE missing > 0 LOOP
    INSERT INTO inventory.container_numbers AS n (lab_id, last_number) VALUES (lab, missing)
    ON CONFLICT (lab_id) DO UPDATE SET last_number = n.last_number + excluded.last_number
    RETURNING n.last_number INTO number;
    RETURN QUERY
      SELECT k.code FROM (SELECT 'CT-' || lpad(i::text, greatest(6, length(i::text)), '0') AS code FROM generate_series(number - missing + 1, number) AS i) AS k
       WHERE NOT EXISTS (SELECT FROM inventory.containers c WHERE c.lab_id = lab AND c.barcode = k.code);
    GET DIAGNOSTICS given = ROW_COUNT;
    missing := missing - given;
  END LOOP;
END $$;
COMMENT ON FUNCTION inventory.next_barcodes(int) IS 'New barcodes of the lab''s own count, in order; none that a container has already.';

CREATE OR REPLACE FUNCTION inventory.give_barcode() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  new.barcode := (SELECT code FROM inventory.next_barcodes(1) AS code);
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
