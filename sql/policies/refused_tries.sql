SELECT 'ALTER TABLE control.refused_tries ENABLE ROW LEVEL SECURITY'
 WHERE NOT (SELECT relrowsecurity FROM pg_class WHERE oid = 'control.refused_tries'::regclass) \gexec
SELECT 'CREATE POLICY "administration keeps refused tries" ON control.refused_tries TO chemadmin USING (true) WITH CHECK (true)'
 WHERE NOT EXISTS (SELECT FROM pg_policy WHERE polrelid = 'control.refused_tries'::regclass AND polname = 'administration keeps refused tries') \gexec
GRANT SELECT, INSERT (user_id, addresses), UPDATE (tries, addresses), DELETE ON control.refused_tries TO chemadmin;
