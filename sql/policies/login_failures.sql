SELECT 'ALTER TABLE control.login_failures ENABLE ROW LEVEL SECURITY'
 WHERE NOT (SELECT relrowsecurity FROM pg_class WHERE oid = 'control.login_failures'::regclass) \gexec
SELECT 'CREATE POLICY "administration keeps login failures" ON control.login_failures TO chemadmin USING (true) WITH CHECK (true)'
 WHERE NOT EXISTS (SELECT FROM pg_policy WHERE polrelid = 'control.login_failures'::regclass AND polname = 'administration keeps login failures') \gexec
GRANT SELECT, INSERT (username, address), DELETE ON control.login_failures TO chemadmin;
