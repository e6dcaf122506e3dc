\set table saved_searches
\set also 'AND made_by = (SELECT control.user_id())'
\ir tenant.sql
GRANT SELECT, INSERT (name, query, shared), DELETE ON inventory.saved_searches TO chemuser;
-- Only a manager shares a search, and takes away what others shared. A DBA removes all of them with a lab that is erased.
SELECT 'CREATE POLICY "to share a search takes a manager" ON inventory.saved_searches AS RESTRICTIVE FOR INSERT TO chemuser
        WITH CHECK (NOT shared OR lab_id = (SELECT control.lab_id_for(''manager'')))'
 WHERE NOT EXISTS (SELECT FROM pg_policy WHERE polrelid = 'inventory.saved_searches'::regclass AND polname = 'to share a search takes a manager') \gexec
SELECT 'CREATE POLICY "an own search is removed, and by a manager a shared one" ON inventory.saved_searches AS RESTRICTIVE FOR DELETE TO chemuser
        USING (made_by = (SELECT control.user_id()) OR (shared OR control.is_dba()) AND lab_id = (SELECT control.lab_id_for(''manager'')))'
 WHERE NOT EXISTS (SELECT FROM pg_policy WHERE polrelid = 'inventory.saved_searches'::regclass
                                           AND polname = 'an own search is removed, and by a manager a shared one') \gexec
