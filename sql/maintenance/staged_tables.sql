-- A temporary table for each file of a lab's export, named as the file. What the manifest says is not believed: a name that the
-- catalogue does not know is refused.
DO $$
DECLARE
  stranger text;
BEGIN
  SELECT string_agg(format('%s (%s)', m.name, m.columns), '; ') INTO stranger
    FROM pg_temp.manifest m LEFT JOIN control.tables_of_a_lab() t USING (name)
   WHERE t.name IS NULL OR NOT string_to_array(m.columns, ', ') <@ string_to_array(t.columns, ', ');
  IF stranger IS NOT NULL THEN
    RAISE EXCEPTION 'the export has what this installation does not: %', stranger USING HINT = 'It was made by a later release: apply that one first.';
  END IF;
END $$;
SELECT format('CREATE TEMPORARY TABLE %I ON COMMIT DROP AS SELECT %s FROM %s WITH NO DATA', t.name, m.columns, t.name)
  FROM manifest m JOIN control.tables_of_a_lab() t USING (name) ORDER BY t.place \gexec
