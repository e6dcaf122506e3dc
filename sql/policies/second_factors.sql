SELECT 'ALTER TABLE control.second_factors ENABLE ROW LEVEL SECURITY'
 WHERE NOT (SELECT relrowsecurity FROM pg_class WHERE oid = 'control.second_factors'::regclass) \gexec
SELECT 'CREATE POLICY "administration keeps second factors" ON control.second_factors TO chemadmin USING (true) WITH CHECK (true)'
 WHERE NOT EXISTS (SELECT FROM pg_policy WHERE polrelid = 'control.second_factors'::regclass AND polname = 'administration keeps second factors') \gexec
GRANT SELECT, INSERT (user_id, last_step, recovery_codes, reset_at), UPDATE (made_at, last_step, recovery_codes, reset_at), DELETE
   ON control.second_factors TO chemadmin;
