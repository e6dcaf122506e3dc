-- Locations form a tree. A location's path and full_name are computed from its parent's; archiving it archives all below it.
CREATE OR REPLACE FUNCTION inventory.keep_location_path() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  parent inventory.locations;
BEGIN
  PERFORM control.verify_lab(new.lab_id);
  new.name := inventory.composed(new.name);
  IF new.parent_id IS NULL THEN
    new.path := '/' || new.id || '/';
    new.full_name := new.name;
  ELSE
    SELECT * INTO parent FROM inventory.locations l WHERE l.lab_id = new.lab_id AND l.id = new.parent_id FOR SHARE;
    IF NOT found THEN
      RAISE EXCEPTION 'no such location' USING ERRCODE = '23503', CONSTRAINT = 'locations_parent_exists';
    END IF;
    IF strpos(parent.path, '/' || new.id || '/') > 0 THEN
      RAISE EXCEPTION 'a location cannot lie inside itself' USING ERRCODE = '23514', CONSTRAINT = 'locations_form_a_tree';
    END IF;
    IF length(parent.path) > 200 THEN
      RAISE EXCEPTION 'too deep' USING ERRCODE = '23514', CONSTRAINT = 'locations_are_not_too_deep';
    END IF;
    IF parent.archived_at IS NOT NULL AND new.archived_at IS NULL THEN
      RAISE EXCEPTION 'archived' USING ERRCODE = '23514', CONSTRAINT = 'locations_parent_is_in_use';
    END IF;
    new.path := parent.path || new.id || '/';
    new.full_name := parent.full_name || ' › ' || new.name;
  END IF;
  RETURN new;
END $$;
-- Databases made before 1.0 have this trigger without archived_at: make it anew there.
SELECT 'DROP TRIGGER keep_location_path ON inventory.locations'
  FROM pg_trigger WHERE tgname = 'keep_location_path' AND tgrelid = 'inventory.locations'::regclass
                    AND pg_get_triggerdef(oid) NOT LIKE '%archived_at%' \gexec
SELECT 'CREATE TRIGGER keep_location_path BEFORE INSERT OR UPDATE OF parent_id, name, path, archived_at ON inventory.locations
        FOR EACH ROW EXECUTE FUNCTION inventory.keep_location_path()'
 WHERE NOT EXISTS (SELECT FROM pg_trigger WHERE tgname = 'keep_location_path' AND tgrelid = 'inventory.locations'::regclass) \gexec

CREATE OR REPLACE FUNCTION inventory.carry_location_path_down() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM control.verify_lab(new.lab_id);
  UPDATE inventory.locations l SET path = '' WHERE l.lab_id = new.lab_id AND l.parent_id = new.id;
  RETURN NULL;
END $$;
SELECT 'CREATE TRIGGER carry_location_path_down AFTER UPDATE ON inventory.locations
        FOR EACH ROW WHEN (old.path IS DISTINCT FROM new.path OR old.full_name IS DISTINCT FROM new.full_name)
        EXECUTE FUNCTION inventory.carry_location_path_down()'
 WHERE NOT EXISTS (SELECT FROM pg_trigger WHERE tgname = 'carry_location_path_down' AND tgrelid = 'inventory.locations'::regclass) \gexec

-- A location can be archived only if no container stands in it and no stocktake counts it. FOR UPDATE conflicts with the KEY SHARE
-- lock that the foreign key of a new container takes: whichever of the two is second waits, and then sees the other.
CREATE OR REPLACE FUNCTION inventory.archive_location() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  standing bigint;
BEGIN
  PERFORM control.verify_lab(new.lab_id);
  PERFORM FROM inventory.locations l WHERE l.lab_id = new.lab_id AND starts_with(l.path, new.path) ORDER BY l.id FOR UPDATE;
  SELECT count(*) INTO standing
    FROM inventory.containers c JOIN inventory.locations l ON l.lab_id = c.lab_id AND l.id = c.location_id
   WHERE c.lab_id = new.lab_id AND c.disposed_at IS NULL AND starts_with(l.path, new.path);
  IF standing > 0 THEN
    RAISE EXCEPTION 'something stands there' USING ERRCODE = '23514', CONSTRAINT = 'locations_nothing_stands_there',
      DETAIL = jsonb_build_object('standing', standing)::text;
  END IF;
  -- An open stocktake counts this location, or will move to it what was found here.
  IF EXISTS (SELECT FROM inventory.stocktakes s
               LEFT JOIN inventory.stocktake_counts n ON n.lab_id = s.lab_id AND n.stocktake_id = s.id AND n.location_id IS NOT NULL
               JOIN inventory.locations l ON l.lab_id = s.lab_id AND l.id IN (s.location_id, n.location_id)
              WHERE s.lab_id = new.lab_id AND s.posted_at IS NULL AND s.cancelled_at IS NULL AND starts_with(l.path, new.path)) THEN
    RAISE EXCEPTION 'being counted' USING ERRCODE = '23514', CONSTRAINT = 'locations_nobody_counts_there';
  END IF;
  UPDATE inventory.locations l SET archived_at = new.archived_at
   WHERE l.lab_id = new.lab_id AND l.parent_id = new.id AND l.archived_at IS NULL;
  RETURN NULL;
END $$;
SELECT 'CREATE TRIGGER archive_location AFTER UPDATE ON inventory.locations
        FOR EACH ROW WHEN (old.archived_at IS NULL AND new.archived_at IS NOT NULL)
        EXECUTE FUNCTION inventory.archive_location()'
 WHERE NOT EXISTS (SELECT FROM pg_trigger WHERE tgname = 'archive_location' AND tgrelid = 'inventory.locations'::regclass) \gexec

-- No container is put into an archived location, and no stocktake counts one.
CREATE OR REPLACE FUNCTION inventory.refuse_archived_location() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM control.verify_lab(new.lab_id);
  PERFORM FROM (SELECT l.archived_at FROM inventory.locations l
                 WHERE l.lab_id = new.lab_id AND l.id = new.location_id FOR KEY SHARE) AS location
    WHERE location.archived_at IS NOT NULL;
  IF found THEN
    RAISE EXCEPTION 'archived' USING ERRCODE = '23514', CONSTRAINT = 'location_is_in_use';
  END IF;
  RETURN NULL;
END $$;
SELECT 'CREATE TRIGGER refuse_archived_location AFTER INSERT ON inventory.containers
        FOR EACH ROW WHEN (new.location_id IS NOT NULL) EXECUTE FUNCTION inventory.refuse_archived_location()'
 WHERE NOT EXISTS (SELECT FROM pg_trigger WHERE tgname = 'refuse_archived_location' AND tgrelid = 'inventory.containers'::regclass) \gexec
SELECT 'CREATE TRIGGER refuse_archived_location_of_move AFTER UPDATE OF location_id ON inventory.containers
        FOR EACH ROW WHEN (new.location_id IS NOT NULL AND new.location_id IS DISTINCT FROM old.location_id)
        EXECUTE FUNCTION inventory.refuse_archived_location()'
 WHERE NOT EXISTS (SELECT FROM pg_trigger WHERE tgname = 'refuse_archived_location_of_move' AND tgrelid = 'inventory.containers'::regclass) \gexec
SELECT 'CREATE TRIGGER refuse_archived_location AFTER INSERT ON inventory.stocktakes
        FOR EACH ROW WHEN (new.location_id IS NOT NULL) EXECUTE FUNCTION inventory.refuse_archived_location()'
 WHERE NOT EXISTS (SELECT FROM pg_trigger WHERE tgname = 'refuse_archived_location' AND tgrelid = 'inventory.stocktakes'::regclass) \gexec
