\set table saved_searches
\set also 'AND made_by = (SELECT control.user_id())'
\ir tenant.sql
GRANT SELECT, INSERT (name, query, shared), DELETE ON inventory.saved_searches TO chemuser;
-- Only a manager shares a search, and takes a shared one away from whoever shared it.
SELECT 'CREATE POLICY "to share a search takes a manager" ON inventory.saved_searches AS RESTRICTIVE FOR INSERT TO chemuser
        WITH CHECK (NOT shared OR lab_id = (SELECT control.lab_id_for(''manager'')))'
 WHERE NOT EXISTS (SELECT FROM pg_policy WHERE polrelid = 'inventory.saved_searches'::regclass AND polname = 'to share a search takes a manager') \gexec
SELECT 'CREATE POLICY "an own search is removed, and by a manager a shared one" ON inventory.saved_searches AS RESTRICTIVE FOR DELETE TO chemuser
        USING (made_by = (SELECT control.user_id()) OR shared AND lab_id = (SELECT control.lab_id_for(''manager'')))'
 WHERE NOT EXISTS (SELECT FROM pg_policy WHERE polrelid = 'inventory.saved_searches'::regclass
                                           AND polname = 'an own search is removed, and by a manager a shared one') \gexec
