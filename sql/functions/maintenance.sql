-- For migrations and for a DBA's scripts (sql/maintenance); nobody but the database's owner may call these. Under FORCE even the
-- owner reaches no row without a lab, so whatever concerns all rows goes through all labs, archived ones too.

CREATE OR REPLACE FUNCTION control.author_column(of_table regclass) RETURNS name
LANGUAGE sql STABLE SECURITY INVOKER SET search_path = pg_catalog, pg_temp AS $$
  SELECT substring(pg_get_expr(p.polwithcheck, p.polrelid) FROM '\((\w+) = \( SELECT control\.user_id\(\)')
    FROM pg_policy p WHERE p.polrelid = of_table AND p.polname = 'a lab reaches only its own rows'
$$;
COMMENT ON FUNCTION control.author_column(regclass) IS
  'The column that must name who is asking when a row is written, as the table''s policy says; NULL: there is none.';

CREATE OR REPLACE FUNCTION control.backfill(of_table regclass, needed text, change text) RETURNS bigint
LANGUAGE plpgsql SECURITY INVOKER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  author  name := control.author_column(of_table);
  lab     int;
  person  bigint;
  changed bigint := 0;
  now_    bigint;
BEGIN
  -- Triggers are off: a backfill is no act of a member, so none may refuse it or write it into the ledger or the transfers.
  EXECUTE format('ALTER TABLE %s DISABLE TRIGGER USER', of_table);
  FOR lab IN SELECT l.id FROM control.labs l ORDER BY l.id LOOP
    PERFORM set_config('app.lab_id', lab::text, true);
    FOR person IN EXECUTE CASE WHEN author IS NULL THEN 'SELECT NULL::bigint'
                               ELSE format('SELECT DISTINCT %I FROM %s WHERE %s', author, of_table, needed) END LOOP
      PERFORM set_config('app.user_id', coalesce(person::text, ''), true);
      EXECUTE format('UPDATE %s AS it SET %s WHERE (%s) AND %s', of_table, change, needed,
                     CASE WHEN author IS NULL THEN 'true' ELSE format('%I = %s', author, person) END);
      GET DIAGNOSTICS now_ = ROW_COUNT;
      changed := changed + now_;
    END LOOP;
  END LOOP;
  PERFORM set_config('app.lab_id', '', true), set_config('app.user_id', '', true);
  -- A CHECK constraint reads the table past all policies, so it also finds rows that were in no lab's view.
  BEGIN
    EXECUTE format('ALTER TABLE %s ADD CONSTRAINT backfill_is_whole CHECK ((%s) IS NOT TRUE)', of_table, needed);
  EXCEPTION WHEN check_violation THEN
    RAISE EXCEPTION 'the backfill of % is not whole: % rows were changed, and rows remain where %', of_table, changed, needed
      USING HINT = 'Either the change leaves the condition true, or the policies showed no lab these rows: does the owner see control.labs, and does the table have its policy?';
  END;
  EXECUTE format('ALTER TABLE %s DROP CONSTRAINT backfill_is_whole, ENABLE TRIGGER USER', of_table);
  RETURN changed;
END $$;
COMMENT ON FUNCTION control.backfill(regclass, text, text) IS
  'Changes, lab by lab and with triggers off, every row of a table of inventory for which needed is true; returns how many. needed: a condition on the row alone; change: what stands behind SET; both call the row `it`. Raises if needed is still true for any row, of whichever lab. Locks the table exclusively until the transaction ends.';

CREATE OR REPLACE FUNCTION control.validate_constraint(of_table regclass, of_constraint name) RETURNS void
LANGUAGE plpgsql SECURITY INVOKER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  labs int[] := ARRAY(SELECT l.id FROM control.labs l ORDER BY l.id);
  lab  int;
BEGIN
  IF (SELECT c.convalidated FROM pg_constraint c WHERE c.conrelid = of_table AND c.conname = of_constraint) THEN
    RAISE EXCEPTION 'the constraint % of % counts as validated already, be it by one lab''s rows alone', of_constraint, of_table
      USING HINT = 'Drop it, and add it NOT VALID.';
  END IF;
  -- PostgreSQL validates a foreign key by a query, which obeys the policy and so sees one lab. The loop validates once in each lab,
  -- and rolls back all but the last, because a constraint that is valid already would not be looked at again.
  IF labs = '{}' THEN
    labs := '{0}';
  END IF;
  FOREACH lab IN ARRAY labs LOOP
    PERFORM set_config('app.lab_id', lab::text, true);
    BEGIN
      EXECUTE format('ALTER TABLE %s VALIDATE CONSTRAINT %I', of_table, of_constraint);
      IF lab <> labs[cardinality(labs)] THEN
        RAISE EXCEPTION USING ERRCODE = 'ZZ000', MESSAGE = 'the next lab';
      END IF;
    EXCEPTION
      WHEN SQLSTATE 'ZZ000' THEN NULL;
      WHEN foreign_key_violation THEN
        RAISE EXCEPTION '% is broken by rows of lab %', of_constraint, lab USING ERRCODE = '23503', CONSTRAINT = of_constraint;
    END;
  END LOOP;
  PERFORM set_config('app.lab_id', '', true);
END $$;
COMMENT ON FUNCTION control.validate_constraint(regclass, name) IS
  'Validates a constraint of inventory that was added NOT VALID, by the rows of all labs. Reads and writes go on meanwhile.';

CREATE OR REPLACE FUNCTION control.same_lab(number int, lab_slug text) RETURNS int
LANGUAGE plpgsql STABLE SECURITY INVOKER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  is_of text := (SELECT l.slug FROM control.labs l WHERE l.id = number);
BEGIN
  IF is_of IS DISTINCT FROM lab_slug COLLATE "C" THEN
    RAISE EXCEPTION 'lab % is not %: %', number, lab_slug, coalesce('it is ' || is_of, 'there is none of that number');
  END IF;
  RETURN number;
END $$;
COMMENT ON FUNCTION control.same_lab(int, text) IS 'The number, if the lab of that number has that slug; raises otherwise: nothing is done to a lab by one mistyped word.';

CREATE OR REPLACE FUNCTION control.tables_of_a_lab()
RETURNS TABLE (place int, name text, columns text, keys text, digested text, people text[], condition text)
LANGUAGE plpgsql STABLE SECURITY INVOKER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  astray text;
BEGIN
  -- A table that refers to labs or members, but is not listed by this function, would be missing in every export: refuse.
  SELECT string_agg(DISTINCT t.oid::regclass::text, ', ') INTO astray
    FROM pg_class t JOIN pg_namespace n ON n.oid = t.relnamespace
   WHERE t.relkind IN ('r', 'p') AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_(temp|toast)'
     AND (n.nspname = 'inventory' OR EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = t.oid AND a.attname = 'lab_id' AND NOT a.attisdropped)
          OR EXISTS (SELECT FROM pg_constraint c WHERE c.conrelid = t.oid AND c.contype = 'f'
                                                   AND c.confrelid IN ('control.labs'::regclass, 'control.members'::regclass)))
     AND t.oid NOT IN ('control.members'::regclass, 'control.events'::regclass, 'control.users'::regclass)
     AND NOT (n.nspname = 'inventory' AND t.relkind = 'r'
              AND EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = t.oid AND a.attname = 'lab_id' AND a.attnotnull));
  IF astray IS NOT NULL THEN
    RAISE EXCEPTION 'no export knows what to do with %', astray USING HINT = 'A lab''s rows belong into tables of inventory with lab_id.';
  END IF;
  RETURN QUERY
  WITH RECURSIVE below AS (
    SELECT t.oid, 10 AS depth FROM pg_class t WHERE t.relnamespace = 'inventory'::regnamespace AND t.relkind = 'r'
    UNION
    SELECT c.conrelid, b.depth + 1 FROM below b JOIN pg_constraint c ON c.confrelid = b.oid AND c.contype = 'f' AND c.conrelid <> b.oid
     WHERE b.depth < 99
  ), tables AS (
    SELECT b.oid, max(b.depth) AS depth, 'lab_id = (SELECT control.lab_id())' AS condition FROM below b GROUP BY b.oid
    UNION ALL VALUES
      ('control.labs'::regclass::oid, 1, 'id = (SELECT control.lab_id())'),
      ('control.users'::regclass::oid, 2, 'id IN (SELECT m.user_id FROM control.members m WHERE m.lab_id = (SELECT control.lab_id()))'),
      ('control.members'::regclass::oid, 3, 'lab_id = (SELECT control.lab_id())'),
      ('control.events'::regclass::oid, 4, 'lab_id = (SELECT control.lab_id())')
  ), members AS (
    SELECT c.conrelid AS oid, array_agg(a.attname::text ORDER BY a.attname) AS people
      FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[2]
     WHERE c.contype = 'f' AND c.confrelid = 'control.members'::regclass GROUP BY c.conrelid
  ), named AS (
    SELECT t.oid, t.depth, t.condition,
           CASE t.oid WHEN 'control.members'::regclass THEN '{user_id}' WHEN 'control.users'::regclass THEN '{id}' ELSE coalesce(m.people, '{}') END AS people
      FROM tables t LEFT JOIN members m USING (oid)
  )
  SELECT row_number() OVER (ORDER BY n.depth, n.oid::regclass::text)::int, n.oid::regclass::text,
         string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum),
         (SELECT string_agg(quote_ident(k.attname), ', ' ORDER BY array_position(i.indkey::int[], k.attnum::int))
            FROM pg_index i JOIN pg_attribute k ON k.attrelid = i.indrelid AND k.attnum = ANY (i.indkey) WHERE i.indrelid = n.oid AND i.indisprimary),
         string_agg(quote_ident(a.attname), ', ' ORDER BY a.attname)
           FILTER (WHERE a.attname <> ALL (n.people || '{lab_id}'::text[]) AND (n.oid, a.attname) <> ('control.labs'::regclass, 'id')),
         n.people, n.condition
    FROM named n JOIN pg_attribute a ON a.attrelid = n.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
   GROUP BY n.oid, n.depth, n.people, n.condition;
END $$;
COMMENT ON FUNCTION control.tables_of_a_lab() IS
  'Every table with rows of labs, each behind the tables that it refers to (place). columns: those that are stored; keys: the primary key; digested: columns whose values are the same wherever the lab is restored; people: columns that name members; condition: finds the rows of app.lab_id. Raises when another table refers to labs or members.';

CREATE OR REPLACE FUNCTION control.digest(of_table regclass, columns text, condition text, OUT rows bigint, OUT digest text)
LANGUAGE plpgsql STABLE SECURITY INVOKER
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO' SET intervalstyle = 'postgres' SET bytea_output = 'hex' AS $$
BEGIN
  EXECUTE format('SELECT count(*), coalesce(md5(string_agg(line, '''' ORDER BY line)), '''')
                    FROM (SELECT md5(ROW(%s)::text) AS line FROM %s WHERE %s) AS lines', columns, of_table, condition) INTO rows, digest;
END $$;
COMMENT ON FUNCTION control.digest(regclass, text, text) IS 'How many rows there are, and a digest of these columns of all of them, whatever their order.';
