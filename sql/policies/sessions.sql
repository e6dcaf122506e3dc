SELECT 'ALTER TABLE control.sessions ENABLE ROW LEVEL SECURITY'
 WHERE NOT (SELECT relrowsecurity FROM pg_class WHERE oid = 'control.sessions'::regclass) \gexec
SELECT 'CREATE POLICY "administration keeps sessions" ON control.sessions TO chemadmin USING (true) WITH CHECK (true)'
 WHERE NOT EXISTS (SELECT FROM pg_policy WHERE polrelid = 'control.sessions'::regclass AND polname = 'administration keeps sessions') \gexec
GRANT SELECT, INSERT (token_hash, user_id, expires_at, ends_at, idle, address, browser, password_first, refused_before, token_name, token_role, token_labs, second_factor, provider_session),
      UPDATE (expires_at, password_first, password_given_at, password_given_from, second_factor), DELETE ON control.sessions TO chemadmin;
