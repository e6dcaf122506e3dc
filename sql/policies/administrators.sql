SELECT 'ALTER TABLE control.administrators ENABLE ROW LEVEL SECURITY'
 WHERE NOT (SELECT relrowsecurity FROM pg_class WHERE oid = 'control.administrators'::regclass) \gexec
SELECT 'CREATE POLICY "administration keeps administrators" ON control.administrators TO chemadmin USING (true) WITH CHECK (true)'
 WHERE NOT EXISTS (SELECT FROM pg_policy WHERE polrelid = 'control.administrators'::regclass AND polname = 'administration keeps administrators') \gexec
GRANT SELECT, INSERT, DELETE ON control.administrators TO chemadmin;
