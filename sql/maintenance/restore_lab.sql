-- Run by restore_lab.sh, in its transaction, when the files are in temporary tables: checks the files, finds out which of the people are
-- known here, and writes the rows under the lab's own policies. Triggers are off meanwhile: they have already done their work on these rows.
CREATE TEMPORARY TABLE people (was bigint PRIMARY KEY, here bigint, known boolean NOT NULL) ON COMMIT DROP;
DO $$
DECLARE
  number  int := current_setting('chemtrack.number');
  slug    text := current_setting('chemtrack.slug');
  in_file record;
  part    record;
  found   record;
  wakes   boolean;  -- the table has triggers that an INSERT would wake
  author  name;
  target  text;
  person  bigint;
  last    bigint;
  again   text;   -- the column by which a table refers to itself
  moved   bigint;
  faults  text;
BEGIN
  SELECT * INTO in_file FROM pg_temp."control.labs";
  IF (in_file.id, in_file.slug) IS DISTINCT FROM (number, slug COLLATE "C") THEN
    RAISE EXCEPTION 'the folder holds lab % (%), not lab % (%)', in_file.id, in_file.slug, number, slug;
  ELSIF EXISTS (SELECT FROM control.labs l WHERE l.slug = in_file.slug) THEN
    RAISE EXCEPTION 'there is a lab % here', slug USING HINT = 'A lab is restored where it is not. Give that one another slug first.';
  END IF;
  FOR part IN SELECT t.*, m.rows, m.digest, array_to_string(ARRAY(SELECT c FROM string_to_table(t.digested, ', ') c WHERE c = ANY (string_to_array(m.columns, ', '))), ', ') AS both
                FROM pg_temp.manifest m JOIN control.tables_of_a_lab() t USING (name) LOOP
    SELECT * INTO found FROM control.digest(format('pg_temp.%I', part.name)::regclass, part.both, 'true');
    IF (found.rows, found.digest) IS DISTINCT FROM (part.rows, part.digest) THEN
      RAISE EXCEPTION 'the file %.csv is not as it was written: % rows, the manifest says %', part.name, found.rows, part.rows;
    END IF;
  END LOOP;

  -- The lab gets its old number again, if that is free.
  IF EXISTS (SELECT FROM control.labs l WHERE l.id = in_file.id) THEN
    number := nextval(pg_get_serial_sequence('control.labs', 'id'));
  END IF;
  INSERT INTO control.labs (id, slug, name, time_zone, made_at, archived_at) OVERRIDING SYSTEM VALUE
  VALUES (number, in_file.slug, in_file.name, in_file.time_zone, in_file.made_at, in_file.archived_at);
  PERFORM set_config('app.lab_id', number::text, true);

  -- Only a user who is known here, by user name and the moment it was made, gets the membership back. Everybody else, even under a user
  -- name that exists here, comes as a retired user with an ended membership: the ledger names them, and no file lets anybody in.
  INSERT INTO pg_temp.people (was, here, known)
  SELECT f.id, u.id, u.id IS NOT NULL FROM pg_temp."control.users" f LEFT JOIN control.users u USING (username, made_at);
  FOR part IN SELECT f.* FROM pg_temp."control.users" f JOIN pg_temp.people p ON p.was = f.id WHERE NOT p.known ORDER BY f.id LOOP
    INSERT INTO control.users (username, name, made_at, retired_at, of_lab)
    VALUES (part.username, part.name, part.made_at, coalesce(part.retired_at, now()), CASE WHEN part.username LIKE 'service:%' THEN number END)
    RETURNING id INTO person;
    UPDATE pg_temp.people SET here = person WHERE was = part.id;
  END LOOP;
  INSERT INTO control.members (lab_id, user_id, role, made_at, ended_at)
  SELECT number, p.here, f.role, f.made_at, CASE WHEN p.known THEN f.ended_at ELSE coalesce(f.ended_at, now()) END
    FROM pg_temp."control.members" f JOIN pg_temp.people p ON p.was = f.user_id;

  FOR part IN SELECT t.*, m.columns AS brought FROM pg_temp.manifest m JOIN control.tables_of_a_lab() t USING (name)
               WHERE t.name LIKE 'inventory.%' ORDER BY t.place LOOP
    wakes := EXISTS (SELECT FROM pg_trigger g WHERE g.tgrelid = part.name::regclass AND NOT g.tgisinternal AND g.tgtype & 4 > 0);
    IF wakes THEN
      EXECUTE format('ALTER TABLE %s DISABLE TRIGGER USER', part.name);
    END IF;
    author := control.author_column(part.name::regclass);
    target := format('INSERT INTO %s (%s) OVERRIDING SYSTEM VALUE SELECT %s FROM ', part.name, part.brought,
      (SELECT string_agg(CASE WHEN c = 'lab_id' THEN number::text
                              WHEN c = ANY (part.people) THEN format('(SELECT p.here FROM pg_temp.people p WHERE p.was = f.%s)', c)
                              ELSE 'f.' || c END, ', ' ORDER BY n)
         FROM string_to_table(part.brought, ', ') WITH ORDINALITY AS s (c, n)));
    IF author IS NULL THEN
      EXECUTE target || format('pg_temp.%I AS f', part.name);
    ELSE
      -- The policy demands that each row is written by its author, so rows are written person by person; a line that refers to another one
      -- is written after that one.
      SELECT a.attname INTO again FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[2]
       WHERE c.conrelid = part.name::regclass AND c.confrelid = c.conrelid AND c.contype = 'f';
      LOOP
        moved := 0;
        FOR person IN EXECUTE format('SELECT DISTINCT %I FROM pg_temp.%I', author, part.name) LOOP
          PERFORM set_config('app.user_id', (SELECT p.here::text FROM pg_temp.people p WHERE p.was = person), true);
          EXECUTE format('WITH f AS (DELETE FROM pg_temp.%I AS s WHERE s.%I = %s AND %s RETURNING *) ', part.name, author, person,
                         CASE WHEN again IS NULL THEN 'true'
                              ELSE format('(s.%1$I IS NULL OR EXISTS (SELECT FROM %2$s o WHERE o.lab_id = %3$s AND o.id = s.%1$I))', again, part.name, number) END)
                  || target || 'f';
          GET DIAGNOSTICS last = ROW_COUNT;
          moved := moved + last;
        END LOOP;
        EXIT WHEN moved = 0;
      END LOOP;
      PERFORM set_config('app.user_id', '', true);
    END IF;
    IF wakes THEN
      EXECUTE format('ALTER TABLE %s ENABLE TRIGGER USER', part.name);
    END IF;
  END LOOP;
  -- A folder of before containers.use_by lacks the column.
  UPDATE inventory.containers c SET use_by = inventory.use_by(c.expires_on, c.opened_on, c.extended_on, h.days_after_opening)
    FROM inventory.chemicals h
   WHERE c.lab_id = number AND h.lab_id = number AND h.id = c.chemical_id
     AND c.use_by IS DISTINCT FROM inventory.use_by(c.expires_on, c.opened_on, c.extended_on, h.days_after_opening);
  -- New ids must be greater than the restored ones: the sequences of an installation that never had this lab may stand below them.
  FOR part IN SELECT a.attrelid::regclass AS name, a.attname AS id, pg_get_serial_sequence(a.attrelid::regclass::text, a.attname) AS numbers
                FROM pg_attribute a JOIN control.tables_of_a_lab() t ON t.name::regclass = a.attrelid WHERE a.attidentity <> '' LOOP
    EXECUTE format('SELECT setval(%L, s.top) FROM (SELECT max(%I) AS top FROM %s) AS s, %s AS q WHERE q.last_value < s.top',
                   part.numbers, part.id, part.name, part.numbers);
  END LOOP;

  FOR part IN SELECT t.*, m.rows, m.digest, array_to_string(ARRAY(SELECT c FROM string_to_table(t.digested, ', ') c WHERE c = ANY (string_to_array(m.columns, ', '))), ', ') AS both
                FROM pg_temp.manifest m JOIN control.tables_of_a_lab() t USING (name) WHERE t.name LIKE 'inventory.%' LOOP
    SELECT * INTO found FROM control.digest(part.name::regclass, part.both, part.condition);
    IF (found.rows, found.digest) IS DISTINCT FROM (part.rows, part.digest) THEN
      RAISE EXCEPTION 'what is now in % is not what the file says: % rows of %', part.name, found.rows, part.rows;
    END IF;
  END LOOP;
  SELECT string_agg(c.barcode, ', ' ORDER BY c.barcode) INTO faults
    FROM inventory.containers c
    LEFT JOIN LATERAL (SELECT sum(m.amount) AS total, count(*) AS lines FROM inventory.movements m WHERE m.lab_id = c.lab_id AND m.container_id = c.id) AS m ON true
   WHERE c.lab_id = number AND ((c.amount IS NOT NULL AND c.amount IS DISTINCT FROM m.total) OR m.lines <> c.last_line);
  IF faults IS NOT NULL THEN
    RAISE EXCEPTION 'the ledger in the folder does not add up: %', faults;
  END IF;
  PERFORM set_config('app.lab_id', '', true), set_config('chemtrack.number', number::text, true);
END $$;
SELECT format('Lab %s (%s) is restored: %s rows.%s%s', current_setting('chemtrack.number'), :'slug', (SELECT sum(rows) FROM manifest),
              CASE WHEN current_setting('chemtrack.number') <> :'number' THEN format(' Its number was %s, which is another lab''s here.', :'number') END,
              (SELECT E'\nUnknown here, so restored as people who have left: ' || string_agg(f.username, ', ' ORDER BY f.username)
                 FROM "control.users" f JOIN people p ON p.was = f.id WHERE NOT p.known));
