SELECT 'ALTER TABLE control.login_directory ENABLE ROW LEVEL SECURITY'
 WHERE NOT (SELECT relrowsecurity FROM pg_class WHERE oid = 'control.login_directory'::regclass) \gexec
SELECT 'CREATE POLICY "administration counts changes of logins" ON control.login_directory TO chemadmin USING (true) WITH CHECK (true)'
 WHERE NOT EXISTS (SELECT FROM pg_policy WHERE polrelid = 'control.login_directory'::regclass AND polname = 'administration counts changes of logins') \gexec
GRANT SELECT, UPDATE (version) ON control.login_directory TO chemadmin;
