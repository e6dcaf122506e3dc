-- Two functions that write a row from a JSON object. Their statements name only the columns that the object has as keys, so the caller
-- needs a grant on these columns alone.

CREATE OR REPLACE FUNCTION inventory.insert_row(target regclass, fields jsonb) RETURNS bigint
LANGUAGE plpgsql SECURITY INVOKER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  columns text := (SELECT string_agg(quote_ident(key), ', ' ORDER BY key) FROM jsonb_object_keys(fields) AS key);
  made bigint;
BEGIN
  EXECUTE format('INSERT INTO %1$s (%2$s) SELECT %2$s FROM jsonb_populate_record(NULL::%1$s, $1) RETURNING id', target, columns)
     INTO made USING fields;
  RETURN made;
END $$;
COMMENT ON FUNCTION inventory.insert_row(regclass, jsonb) IS 'Inserts one row of an inventory table from a JSON object and returns its id.';

-- Databases made before update_row compared versions have it with three arguments.
DROP FUNCTION IF EXISTS inventory.update_row(regclass, bigint, jsonb);
CREATE OR REPLACE FUNCTION inventory.update_row(target regclass, row_id bigint, fields jsonb, version text DEFAULT NULL) RETURNS bigint
LANGUAGE plpgsql SECURITY INVOKER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  columns text := (SELECT string_agg(quote_ident(key), ', ' ORDER BY key) FROM jsonb_object_keys(fields) AS key);
  changed bigint;
BEGIN
  EXECUTE format(
    'UPDATE %1$s AS t SET (%2$s) = (SELECT %2$s FROM jsonb_populate_record(NULL::%1$s, $1) WHERE control.is_unchanged(t.xmin::text, $3))'
    ' WHERE t.id = $2 RETURNING t.id', target, columns)
     INTO changed USING fields, row_id, version;
  RETURN changed;
END $$;
COMMENT ON FUNCTION inventory.update_row(regclass, bigint, jsonb, text) IS
  'Changes the given columns of one row of an inventory table and returns its id; NULL when the lab has no row of that id. version: xmin of the row when it was read; refused where the row was changed since. NULL: not compared.';
