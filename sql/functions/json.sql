-- Rows from JSON objects: only the keys given are written, so the caller's column grants decide what may be.

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

CREATE OR REPLACE FUNCTION inventory.update_row(target regclass, row_id bigint, fields jsonb) RETURNS bigint
LANGUAGE plpgsql SECURITY INVOKER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  columns text := (SELECT string_agg(quote_ident(key), ', ' ORDER BY key) FROM jsonb_object_keys(fields) AS key);
  changed bigint;
BEGIN
  EXECUTE format('UPDATE %1$s SET (%2$s) = (SELECT %2$s FROM jsonb_populate_record(NULL::%1$s, $1)) WHERE id = $2 RETURNING id', target, columns)
     INTO changed USING fields, row_id;
  RETURN changed;
END $$;
COMMENT ON FUNCTION inventory.update_row(regclass, bigint, jsonb) IS
  'Changes the given columns of one row of an inventory table and returns its id; NULL when the lab has no such row.';
