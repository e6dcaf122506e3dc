-- Asks PostgreSQL's catalogue whether every fence between labs stands: policies, keys, rights, views, functions. DBAs call this by
-- sql/tests, administrators by their page. It runs as chemowner: other roles may not even name the tables of inventory.
CREATE OR REPLACE FUNCTION control.columns_people_wrote() RETURNS TABLE (table_name text, column_name name, has_statistics boolean)
LANGUAGE sql STABLE SECURITY INVOKER SET search_path = pg_catalog, pg_temp AS $$
  SELECT t.oid::regclass::text, a.attname, coalesce(a.attstattarget, -1) <> 0
    FROM pg_class t JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped
   WHERE (t.relnamespace = 'inventory'::regnamespace OR t.oid IN ('control.labs'::regclass, 'control.users'::regclass))
     AND t.relkind IN ('r', 'p') AND a.atttypid IN ('text'::regtype, 'bytea'::regtype, 'double precision'::regtype)
     AND NOT EXISTS (SELECT FROM pg_constraint c  -- a column whose values come from a fixed list tells nothing that people wrote
                      WHERE c.conrelid = t.oid AND a.attnum = ANY (c.conkey) AND cardinality(c.conkey) = 1
                        AND (c.contype = 'f' OR pg_get_constraintdef(c.oid) LIKE '%= ANY (ARRAY[%'))
$$;
COMMENT ON FUNCTION control.columns_people_wrote() IS 'Columns with words and figures of people''s own, of types whose estimates the planner shows beneath a policy.';

CREATE OR REPLACE FUNCTION control.check_catalogue() RETURNS TABLE (what text, faults text[])
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
WITH tenant AS (
  SELECT c.oid, c.oid::regclass::text AS name, c.relrowsecurity, c.relforcerowsecurity
    FROM pg_class c
   WHERE c.relnamespace = 'inventory'::regnamespace AND c.relkind IN ('r', 'p')
), fence AS (
  SELECT p.polrelid, p.polname, p.polcmd, p.polpermissive, pg_get_expr(p.polqual, p.polrelid) AS seen,
         pg_get_expr(p.polwithcheck, p.polrelid) AS written,
         (SELECT array_agg(r.rolname::text ORDER BY r.rolname) FROM pg_roles r WHERE r.oid = ANY (p.polroles)) AS roles
    FROM pg_policy p JOIN tenant t ON t.oid = p.polrelid
), routine AS (
  SELECT p.oid, p.oid::regprocedure::text AS name, p.prosecdef, p.proconfig
    FROM pg_proc p
   WHERE p.pronamespace IN ('control'::regnamespace, 'inventory'::regnamespace, 'reference'::regnamespace)
), service (role) AS (VALUES ('chemuser'), ('chemadmin')), checks (what, faults) AS (VALUES
  ('every table of inventory has lab_id, not null',
   ARRAY(SELECT t.name FROM tenant t
          WHERE NOT EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = t.oid AND a.attname = 'lab_id' AND a.attnotnull))),
  ('every table of inventory has row-level security enabled and forced',
   ARRAY(SELECT t.name FROM tenant t WHERE NOT (t.relrowsecurity AND t.relforcerowsecurity))),
  ('every table of inventory has the policy of the lab''s own rows, for every command, for chemuser and chemowner',
   ARRAY(SELECT t.name FROM tenant t
          WHERE NOT EXISTS (SELECT FROM fence f WHERE f.polrelid = t.oid AND f.polcmd = '*' AND f.roles = ARRAY['chemowner', 'chemuser']
                             AND f.seen = '(lab_id = ( SELECT control.lab_id() AS lab_id))'
                             AND f.written LIKE '%(lab_id = ( SELECT control.lab_id() AS lab_id))%' AND f.written NOT LIKE '% OR %'))),
  ('no other policy opens a table of inventory',
   ARRAY(SELECT f.polrelid::regclass || ': ' || f.polname FROM fence f
          WHERE f.polpermissive AND f.seen IS DISTINCT FROM '(lab_id = ( SELECT control.lab_id() AS lab_id))')),
  ('whoever writes a table of inventory is a member of the lab, and a manager for locations, imports and what stands on labels',
   ARRAY(SELECT format('%s: %s', t.name, a.act) FROM tenant t, (VALUES ('INSERT', 'a'), ('UPDATE', 'w'), ('DELETE', 'd')) AS a (act, cmd)
          WHERE NOT EXISTS (SELECT FROM fence f
                             WHERE f.polrelid = t.oid AND f.polcmd::text = a.cmd AND NOT f.polpermissive AND f.roles = ARRAY['chemuser']
                               AND coalesce(f.seen, f.written) = format('(lab_id = ( SELECT control.lab_id_for(%L::text) AS lab_id_for))',
                                     CASE WHEN t.oid IN ('inventory.locations'::regclass, 'inventory.imports'::regclass, 'inventory.import_rows'::regclass,
                                                        'inventory.label_settings'::regclass, 'inventory.check_out_rules'::regclass)
                                          THEN 'manager' ELSE 'member' END)))),
  ('the tables of control have row-level security enabled',
   ARRAY(SELECT c.oid::regclass::text FROM pg_class c
          WHERE c.relnamespace = 'control'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relrowsecurity)),
  ('lab_id leads every primary key, unique constraint and index of inventory',
   ARRAY(SELECT i.indexrelid::regclass::text FROM pg_index i JOIN tenant t ON t.oid = i.indrelid
          WHERE (SELECT a.attname FROM pg_attribute a WHERE a.attrelid = i.indrelid AND a.attnum = i.indkey[0]) IS DISTINCT FROM 'lab_id')),
  ('lab_id leads every foreign key of inventory into a table that has one, on both sides',
   ARRAY(SELECT c.conrelid::regclass || ': ' || c.conname FROM pg_constraint c JOIN tenant t ON t.oid = c.conrelid
          WHERE c.contype = 'f'
            AND EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.confrelid AND a.attname = 'lab_id')
            AND ((SELECT a.attname FROM pg_attribute a WHERE a.attrelid = c.conrelid AND a.attnum = c.conkey[1]) <> 'lab_id'
                 OR (SELECT a.attname FROM pg_attribute a WHERE a.attrelid = c.confrelid AND a.attnum = c.confkey[1]) <> 'lab_id'))),
  ('every foreign key of inventory points into inventory, at a lab and its members, or at reference',
   ARRAY(SELECT c.conrelid::regclass || ': ' || c.conname FROM pg_constraint c JOIN tenant t ON t.oid = c.conrelid
          WHERE c.contype = 'f'
            AND c.confrelid NOT IN (SELECT oid FROM tenant UNION ALL VALUES ('control.labs'::regclass::oid), ('control.members'::regclass::oid))
            AND c.confrelid NOT IN (SELECT oid FROM pg_class WHERE relnamespace = 'reference'::regnamespace))),
  ('no constraint of inventory is left unvalidated',
   ARRAY(SELECT c.conrelid::regclass || ': ' || c.conname FROM pg_constraint c JOIN tenant t ON t.oid = c.conrelid WHERE NOT c.convalidated)),
  ('no trigger of inventory is disabled',
   ARRAY(SELECT g.tgrelid::regclass || ': ' || g.tgname FROM pg_trigger g JOIN tenant t ON t.oid = g.tgrelid WHERE g.tgenabled NOT IN ('O', 'A'))),
  ('chemuser and chemadmin may not write lab_id, nor what the ledger keeps',
   ARRAY(SELECT format('%s: %s.%s', r.role, t.name, a.attname) FROM service r, tenant t JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped
          WHERE (a.attname = 'lab_id'
                 OR (t.oid = 'inventory.containers'::regclass AND a.attname IN ('amount', 'last_line', 'disposed_at', 'missing_since'))
                 OR (t.oid = 'inventory.movements'::regclass AND a.attname IN ('amount', 'balance', 'line', 'unit', 'made_at', 'made_by')))
            AND has_column_privilege(r.role, t.oid, a.attnum, 'INSERT, UPDATE'))),
  ('the ledger and the transfers are append-only',
   ARRAY(SELECT format('%s: %s', r.role, t.name) FROM service r, tenant t
          WHERE t.oid IN ('inventory.movements'::regclass, 'inventory.transfers'::regclass)
            AND (has_table_privilege(r.role, t.oid, 'DELETE') OR has_any_column_privilege(r.role, t.oid, 'UPDATE')))),
  ('chemuser and chemadmin have no TRUNCATE, REFERENCES or TRIGGER',
   ARRAY(SELECT format('%s: %s', r.role, c.oid::regclass) FROM service r, pg_class c
          WHERE c.relnamespace IN ('control'::regnamespace, 'inventory'::regnamespace, 'reference'::regnamespace) AND c.relkind IN ('r', 'p', 'v')
            AND has_table_privilege(r.role, c.oid, 'TRUNCATE, REFERENCES, TRIGGER'))),
  ('chemadmin has no right on inventory, and PUBLIC none anywhere',
   ARRAY(SELECT c.oid::regclass::text FROM pg_class c
          WHERE (c.relnamespace = 'inventory'::regnamespace AND c.relkind IN ('r', 'p', 'v')
                 AND (has_table_privilege('chemadmin', c.oid, 'SELECT, INSERT, UPDATE, DELETE') OR has_any_column_privilege('chemadmin', c.oid, 'SELECT, INSERT, UPDATE')))
         UNION ALL
         SELECT c.oid::regclass || ': ' || g.privilege_type FROM pg_class c, aclexplode(c.relacl) AS g
          WHERE c.relnamespace IN ('control'::regnamespace, 'inventory'::regnamespace, 'reference'::regnamespace) AND g.grantee = 0)),
  ('chemuser cannot read sessions, administrators or failed sign-ins, nor write anything of control or reference but the lines of its exports',
   ARRAY(SELECT c.oid::regclass::text FROM pg_class c
          WHERE (c.oid IN ('control.sessions'::regclass, 'control.administrators'::regclass, 'control.login_failures'::regclass, 'control.refused_tries'::regclass, 'control.login_directory'::regclass, 'control.second_factors'::regclass)
                 AND has_any_column_privilege('chemuser', c.oid, 'SELECT, INSERT, UPDATE'))
             OR (c.relnamespace IN ('control'::regnamespace, 'reference'::regnamespace) AND c.relkind IN ('r', 'p')
                 AND (has_table_privilege('chemuser', c.oid, 'DELETE') OR has_any_column_privilege('chemuser', c.oid, 'UPDATE')
                      OR (c.oid <> 'control.events'::regclass AND has_any_column_privilege('chemuser', c.oid, 'INSERT')))))),
  ('chemuser and chemadmin own nothing, bypass nothing and inherit nothing',
   ARRAY(SELECT r.rolname::text FROM pg_roles r
          WHERE r.rolname IN (SELECT role FROM service)
            AND (r.rolsuper OR r.rolbypassrls OR r.rolcreaterole OR r.rolcreatedb OR r.rolreplication
                 OR EXISTS (SELECT FROM pg_class c WHERE c.relowner = r.oid) OR EXISTS (SELECT FROM pg_proc p WHERE p.proowner = r.oid)
                 OR EXISTS (SELECT FROM pg_auth_members m WHERE m.member = r.oid)))),
  ('chemuser and chemadmin may make no object: no TEMPORARY, no CREATE',
   ARRAY(SELECT r.role || ' on the database' FROM service r WHERE has_database_privilege(r.role, current_database(), 'TEMPORARY, CREATE')
         UNION ALL
         SELECT format('%s in %s', r.role, n.nspname) FROM service r, pg_namespace n WHERE has_schema_privilege(r.role, n.oid, 'CREATE'))),
  ('chemuser and chemadmin connect neither to postgres nor to template1, and make no temporary object there',
   ARRAY(SELECT format('%s: %s', r.role, d.datname) FROM service r, pg_database d
          WHERE d.datname IN ('postgres', 'template1') AND d.datallowconn AND has_database_privilege(r.role, d.oid, 'CONNECT, TEMPORARY'))),
  ('chemowner is no superuser, bypasses nothing and cannot log in',
   ARRAY(SELECT r.rolname::text FROM pg_roles r WHERE r.rolname = 'chemowner' AND (r.rolsuper OR r.rolbypassrls OR r.rolcanlogin))),
  ('every view of inventory is security_invoker',
   ARRAY(SELECT c.oid::regclass::text FROM pg_class c
          WHERE c.relnamespace = 'inventory'::regnamespace AND c.relkind = 'v'
            AND NOT coalesce('security_invoker=true' = ANY (c.reloptions), false))),
  ('there is no materialized view or foreign table beside the policies',
   ARRAY(SELECT c.oid::regclass::text FROM pg_class c
          WHERE c.relnamespace IN ('control'::regnamespace, 'inventory'::regnamespace) AND c.relkind IN ('m', 'f'))),
  ('every function pins its search_path, or had its names bound when it was made and runs as its caller',
   ARRAY(SELECT f.name FROM routine f JOIN pg_proc p ON p.oid = f.oid
          WHERE NOT coalesce('search_path=pg_catalog, pg_temp' = ANY (f.proconfig), p.prosqlbody IS NOT NULL AND NOT p.prosecdef))),
  ('every trigger of inventory, and every function there that runs as its owner, asks for the lab of the row or of the caller',
   ARRAY(SELECT f.name FROM routine f JOIN pg_proc p ON p.oid = f.oid
          WHERE p.pronamespace = 'inventory'::regnamespace AND (f.prosecdef OR p.prorettype = 'trigger'::regtype)
            AND p.prosrc !~ 'control\.(verify_lab|lab_id_for)\(')),
  ('no function is executable by PUBLIC',
   ARRAY(SELECT f.name FROM routine f JOIN pg_proc p ON p.oid = f.oid
          WHERE p.proacl IS NULL OR EXISTS (SELECT FROM aclexplode(p.proacl) AS g WHERE g.grantee = 0))),
  ('none of the services'' functions that run as their owner composes SQL',
   ARRAY(SELECT f.name FROM routine f JOIN pg_proc p ON p.oid = f.oid
          JOIN pg_language l ON l.oid = p.prolang AND l.lanname <> 'sql'
          WHERE f.prosecdef AND p.prosrc ~* '\mEXECUTE\M' AND (has_function_privilege('chemuser', f.oid, 'EXECUTE') OR has_function_privilege('chemadmin', f.oid, 'EXECUTE')))),
  ('the planner keeps no statistics of what people wrote',
   ARRAY(SELECT w.table_name || '.' || w.column_name FROM control.columns_people_wrote() w WHERE w.has_statistics)),
  -- PostgreSQL cannot forbid a role to change its own settings or to make large objects, so these checks show where a role has done so.
  ('chemuser and chemadmin have the settings that they were made with, and no other',
   ARRAY(SELECT format('%s: %s', coalesce(k.role, s.role), coalesce('missing: ' || k.setting, s.setting))
           FROM (SELECT role, setting FROM service, unnest(ARRAY['statement_timeout=10s', 'lock_timeout=3s', 'idle_in_transaction_session_timeout=10s',
                                                           'log_parameter_max_length_on_error=0']) AS setting
                 UNION ALL VALUES ('chemuser', 'jit=off')) AS k
           FULL JOIN (SELECT d.setrole::regrole::text AS role, d.setdatabase, setting FROM pg_db_role_setting d, unnest(d.setconfig) AS setting
                       WHERE d.setrole IN (SELECT role::regrole FROM service)) AS s
                  ON s.role = k.role AND s.setting = k.setting AND s.setdatabase = 0
          WHERE (k.setting IS NULL OR s.setting IS NULL)
            -- sql/maintenance/harden.sql sets these three, where a superuser runs it
            AND coalesce(s.setting, '') NOT IN ('temp_file_limit=2GB', 'log_parameter_max_length=0', 'log_error_verbosity=terse'))),
  ('there is no large object: nothing here makes one',
   ARRAY(SELECT format('%s of %s', l.oid, l.lomowner::regrole) FROM pg_largeobject_metadata l LIMIT 20)),
  ('events are append-only, signed by their trigger, and every table that they trace has its triggers',
   ARRAY(SELECT format('%s: %s', r.role, right_) FROM service r, unnest(ARRAY['UPDATE', 'DELETE', 'TRUNCATE']) AS right_
          WHERE has_table_privilege(r.role, 'control.events', right_) OR (right_ = 'UPDATE' AND has_any_column_privilege(r.role, 'control.events', right_))
         UNION ALL
         SELECT format('%s: %s', r.role, a.attname) FROM service r, pg_attribute a
          WHERE a.attrelid = 'control.events'::regclass AND a.attname IN ('id', 'made_at', 'lab_id', 'made_by', 'made_by_name', 'database_role')
            AND has_column_privilege(r.role, a.attrelid, a.attnum, 'INSERT')
         UNION ALL
         SELECT format('%s: no %s', t.name, t.trigger) FROM (VALUES
             ('control.events', 'sign_event'), ('control.events', 'refuse_change'), ('control.events', 'refuse_deletion'), ('control.events', 'refuse_emptying'),
             ('control.labs', 'trace_act'), ('control.users', 'trace_act'), ('control.members', 'trace_act'), ('control.administrators', 'trace_act'),
             ('control.second_factors', 'trace_act'), ('control.second_factors', 'trace_change'), ('control.second_factors', 'trace_emptying'), ('control.sessions', 'trace_act'), ('control.sessions', 'trace_end'), ('control.sessions', 'trace_change'), ('control.users', 'trace_password'),
             ('control.labs', 'trace_emptying'), ('control.users', 'trace_emptying'), ('control.members', 'trace_emptying'), ('control.administrators', 'trace_emptying'), ('control.sessions', 'trace_emptying'),
             ('inventory.imports', 'trace_upload'), ('inventory.imports', 'trace_import_end')
           ) AS t (name, trigger)
          WHERE NOT EXISTS (SELECT FROM pg_trigger g WHERE g.tgrelid = t.name::regclass AND g.tgname = t.trigger AND g.tgenabled IN ('O', 'A'))))
)
SELECT c.what, c.faults FROM checks c
$$;
COMMENT ON FUNCTION control.check_catalogue() IS 'One row a check, with what breaks it; no faults: it holds.';
