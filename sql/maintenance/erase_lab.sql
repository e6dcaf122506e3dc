-- Run by erase_lab.sh, in its transaction, when the export's manifest is in a temporary table. The lab's own policies hold: rows of other
-- labs are not even seen.
DO $$
DECLARE
  number  int := control.same_lab(current_setting('chemtrack.number')::int, current_setting('chemtrack.slug'));
  part    record;
  found   record;
  gone    bigint;
  all_    bigint := 0;
BEGIN
  IF (SELECT l.archived_at FROM control.labs l WHERE l.id = number FOR UPDATE) IS NULL THEN
    RAISE EXCEPTION 'the lab is not archived: its members are still at work' USING HINT = 'An administrator archives it first.';
  END IF;
  PERFORM set_config('app.lab_id', number::text, true);
  -- Nothing is erased that is not in the export: both must have the same rows, to the letter.
  FOR part IN SELECT t.*, m.rows, m.digest FROM control.tables_of_a_lab() t LEFT JOIN pg_temp.manifest m USING (name)
               WHERE t.name NOT IN ('control.labs', 'control.users') ORDER BY t.place LOOP
    SELECT * INTO found FROM control.digest(part.name::regclass, part.digested, part.condition);
    IF (found.rows, found.digest) IS DISTINCT FROM (part.rows, part.digest) THEN
      RAISE EXCEPTION 'the export is not what the lab has now: % has % rows, the export %', part.name, found.rows, coalesce(part.rows::text, 'none of it')
        USING HINT = 'Export it again, now that it is archived.';
    END IF;
  END LOOP;
  FOR part IN SELECT * FROM control.tables_of_a_lab() t WHERE t.name <> 'control.users' ORDER BY t.place DESC LOOP
    -- A trigger that refuses deletions is turned off meanwhile. That locks its table, so whoever writes there waits.
    IF EXISTS (SELECT FROM pg_trigger g WHERE g.tgrelid = part.name::regclass AND NOT g.tgisinternal AND g.tgtype & 8 > 0) THEN
      EXECUTE format('ALTER TABLE %s DISABLE TRIGGER USER', part.name);
      EXECUTE format('DELETE FROM %s WHERE %s', part.name, part.condition);
      GET DIAGNOSTICS gone = ROW_COUNT;
      EXECUTE format('ALTER TABLE %s ENABLE TRIGGER USER', part.name);
    ELSE
      EXECUTE format('DELETE FROM %s WHERE %s', part.name, part.condition);
      GET DIAGNOSTICS gone = ROW_COUNT;
    END IF;
    all_ := all_ + gone;
  END LOOP;
  -- The lab's own events are erased with it, and are in the export; this line, of no lab, stays for administrators.
  PERFORM control.trace('lab_erased', NULL, NULL, jsonb_build_object('number', number, 'slug', current_setting('chemtrack.slug'), 'rows', all_));
  PERFORM set_config('app.lab_id', '', true), set_config('chemtrack.erased', all_::text, true);
END $$;
SELECT format('Lab %s (%s) is erased: %s rows.', :'number', :'slug', current_setting('chemtrack.erased'));
