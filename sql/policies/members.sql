SELECT 'ALTER TABLE control.members ENABLE ROW LEVEL SECURITY'
 WHERE NOT (SELECT relrowsecurity FROM pg_class WHERE oid = 'control.members'::regclass) \gexec
SELECT 'CREATE POLICY "a lab sees its own members" ON control.members FOR SELECT TO chemuser USING (lab_id = (SELECT control.lab_id()))'
 WHERE NOT EXISTS (SELECT FROM pg_policy WHERE polrelid = 'control.members'::regclass AND polname = 'a lab sees its own members') \gexec
SELECT 'CREATE POLICY "administration keeps members" ON control.members TO chemadmin USING (true) WITH CHECK (true)'
 WHERE NOT EXISTS (SELECT FROM pg_policy WHERE polrelid = 'control.members'::regclass AND polname = 'administration keeps members') \gexec
GRANT SELECT ON control.members TO chemuser, chemadmin;
GRANT INSERT (lab_id, user_id, role), UPDATE (role, ended_at) ON control.members TO chemadmin;
