CREATE OR REPLACE FUNCTION inventory.keep_location_path() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  parent inventory.locations;
BEGIN
  IF new.parent_id IS NULL THEN
    new.path := '/' || new.id || '/';
    new.full_name := new.name;
  ELSE
    SELECT * INTO parent FROM inventory.locations l WHERE l.lab_id = new.lab_id AND l.id = new.parent_id FOR SHARE;
    IF NOT found THEN
      RAISE EXCEPTION 'no such location' USING ERRCODE = '23503', CONSTRAINT = 'locations_parent_exists';
    END IF;
    IF starts_with(parent.path, '/' || new.id || '/') OR strpos(parent.path, '/' || new.id || '/') > 0 THEN
      RAISE EXCEPTION 'a location cannot lie inside itself' USING ERRCODE = '23514', CONSTRAINT = 'locations_form_a_tree';
    END IF;
    IF length(parent.path) > 200 THEN
      RAISE EXCEPTION 'too deep' USING ERRCODE = '23514', CONSTRAINT = 'locations_are_not_too_deep';
    END IF;
    new.path := parent.path || new.id || '/';
    new.full_name := parent.full_name || ' › ' || new.name;
  END IF;
  RETURN new;
END $$;
SELECT 'CREATE TRIGGER keep_location_path BEFORE INSERT OR UPDATE OF parent_id, name, path ON inventory.locations
        FOR EACH ROW EXECUTE FUNCTION inventory.keep_location_path()'
 WHERE NOT EXISTS (SELECT FROM pg_trigger WHERE tgname = 'keep_location_path' AND tgrelid = 'inventory.locations'::regclass) \gexec

CREATE OR REPLACE FUNCTION inventory.carry_location_path_down() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE inventory.locations l SET path = '' WHERE l.lab_id = new.lab_id AND l.parent_id = new.id;
  RETURN NULL;
END $$;
SELECT 'CREATE TRIGGER carry_location_path_down AFTER UPDATE ON inventory.locations
        FOR EACH ROW WHEN (old.path IS DISTINCT FROM new.path OR old.full_name IS DISTINCT FROM new.full_name)
        EXECUTE FUNCTION inventory.carry_location_path_down()'
 WHERE NOT EXISTS (SELECT FROM pg_trigger WHERE tgname = 'carry_location_path_down' AND tgrelid = 'inventory.locations'::regclass) \gexec
