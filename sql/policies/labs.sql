SELECT 'ALTER TABLE control.labs ENABLE ROW LEVEL SECURITY'
 WHERE NOT (SELECT relrowsecurity FROM pg_class WHERE oid = 'control.labs'::regclass) \gexec
SELECT 'CREATE POLICY "a lab sees itself" ON control.labs FOR SELECT TO chemuser USING (id = (SELECT control.lab_id()))'
 WHERE NOT EXISTS (SELECT FROM pg_policy WHERE polrelid = 'control.labs'::regclass AND polname = 'a lab sees itself') \gexec
SELECT 'CREATE POLICY "administration keeps labs" ON control.labs TO chemadmin USING (true) WITH CHECK (true)'
 WHERE NOT EXISTS (SELECT FROM pg_policy WHERE polrelid = 'control.labs'::regclass AND polname = 'administration keeps labs') \gexec
SELECT 'CREATE POLICY "DBAs find a lab''s number" ON control.labs FOR SELECT TO chem_dba USING (true)'
 WHERE NOT EXISTS (SELECT FROM pg_policy WHERE polrelid = 'control.labs'::regclass AND polname = 'DBAs find a lab''s number') \gexec
GRANT SELECT ON control.labs TO chemuser, chemadmin, chem_dba;
GRANT INSERT (slug, name, time_zone), UPDATE (slug, name, time_zone, archived_at) ON control.labs TO chemadmin;
