-- Two people change the same row: the second change is refused where the row is no longer as its author had read it. The version of a row
-- is its xmin, which PostgreSQL changes with each change of the row, so that no code can forget to count it up. Two changes of different
-- columns conflict too; the pages merge them and send the form again.
-- An UPDATE calls the function in SET, not in WHERE: in WHERE the planner may call it for rows that another condition leaves out.
CREATE OR REPLACE FUNCTION control.is_unchanged(present text, read text) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE SECURITY INVOKER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF read <> present THEN
    RAISE EXCEPTION 'changed since it was read' USING ERRCODE = '23514', CONSTRAINT = 'rows_are_as_they_were_read';
  END IF;
  RETURN true;
END $$;
COMMENT ON FUNCTION control.is_unchanged(text, text) IS
  'Compares the present version of a row with the version that was read; raises where they differ. True where no version is given.';
