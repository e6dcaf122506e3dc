SELECT 'ALTER TABLE control.events ENABLE ROW LEVEL SECURITY'
 WHERE NOT (SELECT relrowsecurity FROM pg_class WHERE oid = 'control.events'::regclass) \gexec
-- The policy asks for lab and role at once: between two questions a statement could change app.lab_id, so that the second would be answered
-- for another lab. Databases made before 1.0 have a policy that asks two: make it anew there.
SELECT 'DROP POLICY "a lab''s managers see its events" ON control.events'
  FROM pg_policy WHERE polrelid = 'control.events'::regclass AND polname = 'a lab''s managers see its events'
                   AND pg_get_expr(polqual, polrelid) NOT LIKE '%CASE%' \gexec
SELECT 'CREATE POLICY "a lab''s managers see its events" ON control.events FOR SELECT TO chemuser
        USING (lab_id = (SELECT CASE WHEN control.role() = ''manager'' THEN control.lab_id() END))'
 WHERE NOT EXISTS (SELECT FROM pg_policy WHERE polrelid = 'control.events'::regclass AND polname = 'a lab''s managers see its events') \gexec
-- A trigger writes who acted and when; this policy checks what the trigger wrote. Nobody may write, by an INSERT of their own, a kind of
-- line that belongs to the triggers of other tables.
SELECT 'CREATE POLICY "a member''s own exports are noted" ON control.events FOR INSERT TO chemuser
        WITH CHECK (kind = ''exported'' AND lab_id = (SELECT control.lab_id()) AND made_by = (SELECT control.user_id()) AND about IS NULL)'
 WHERE NOT EXISTS (SELECT FROM pg_policy WHERE polrelid = 'control.events'::regclass AND polname = 'a member''s own exports are noted') \gexec
SELECT 'CREATE POLICY "administration sees events" ON control.events FOR SELECT TO chemadmin USING (true)'
 WHERE NOT EXISTS (SELECT FROM pg_policy WHERE polrelid = 'control.events'::regclass AND polname = 'administration sees events') \gexec
-- Older databases have a policy that allows fewer kinds: make it anew there.
SELECT 'DROP POLICY "administration notes what no table shows" ON control.events'
  FROM pg_policy WHERE polrelid = 'control.events'::regclass AND polname = 'administration notes what no table shows'
                   AND pg_get_expr(polwithcheck, polrelid) NOT LIKE '%isolation_held%' \gexec
SELECT 'CREATE POLICY "administration notes what no table shows" ON control.events FOR INSERT TO chemadmin
        WITH CHECK (kind IN (''sign_in_refused'', ''password_reset'', ''password_changed'', ''password_confirmed'',
                             ''isolation_proved'', ''isolation_held'', ''isolation_broken'', ''isolation_unproved'', ''exported''))'
 WHERE NOT EXISTS (SELECT FROM pg_policy WHERE polrelid = 'control.events'::regclass AND polname = 'administration notes what no table shows') \gexec
GRANT SELECT, INSERT (kind, details) ON control.events TO chemuser;
GRANT SELECT, INSERT (kind, address, about, about_name, details) ON control.events TO chemadmin;
