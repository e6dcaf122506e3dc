SELECT 'ALTER TABLE control.provider_logins ENABLE ROW LEVEL SECURITY'
 WHERE NOT (SELECT relrowsecurity FROM pg_class WHERE oid = 'control.provider_logins'::regclass) \gexec
SELECT 'CREATE POLICY "administration keeps who people are at the provider" ON control.provider_logins TO chemadmin USING (true) WITH CHECK (true)'
 WHERE NOT EXISTS (SELECT FROM pg_policy WHERE polrelid = 'control.provider_logins'::regclass AND polname = 'administration keeps who people are at the provider') \gexec
GRANT SELECT ON control.provider_logins TO chemadmin;
