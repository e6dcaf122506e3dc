-- The number of this schema, and the oldest API that works with it, by the number of the schema that the API was written for.
-- The API asks on each new connection and refuses to work where the two do not fit. docs/dba.md#the-schemas-number says when to count up.
CREATE OR REPLACE FUNCTION control.schema_version(OUT version int, OUT oldest_api int)
LANGUAGE sql IMMUTABLE SECURITY INVOKER SET search_path = pg_catalog, pg_temp AS $$
  SELECT 20, 4
$$;
COMMENT ON FUNCTION control.schema_version() IS 'The schema''s number, and the oldest API that works with it (the schema which that API was written for).';
