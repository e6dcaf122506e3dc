SELECT 'ALTER TABLE control.users ENABLE ROW LEVEL SECURITY'
 WHERE NOT (SELECT relrowsecurity FROM pg_class WHERE oid = 'control.users'::regclass) \gexec
-- The subquery obeys the policy of control.members: only those who are or were members of this lab.
SELECT 'CREATE POLICY "a lab sees its own people" ON control.users FOR SELECT TO chemuser
        USING (id IN (SELECT m.user_id FROM control.members m))'
 WHERE NOT EXISTS (SELECT FROM pg_policy WHERE polrelid = 'control.users'::regclass AND polname = 'a lab sees its own people') \gexec
SELECT 'CREATE POLICY "administration keeps users" ON control.users TO chemadmin USING (true) WITH CHECK (true)'
 WHERE NOT EXISTS (SELECT FROM pg_policy WHERE polrelid = 'control.users'::regclass AND polname = 'administration keeps users') \gexec
GRANT SELECT (id, username, name) ON control.users TO chemuser;
GRANT SELECT, INSERT (username, name, login_seen_at, made_password_until), UPDATE (name, signed_in_at, retired_at, login_seen_at, made_password_until) ON control.users TO chemadmin;
