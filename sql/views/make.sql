-- Makes the view that was set before (view, about, definition), anew when its definition changed: an unchanged re-run locks
-- nothing. Its comment ends with the definition's MD5, which is how a change is seen. security_invoker: the reader's policies hold.
SELECT format('DROP VIEW IF EXISTS inventory.%I', :'view'),
       format('CREATE VIEW inventory.%I WITH (security_invoker = true) AS %s', :'view', :'definition'),
       format('COMMENT ON VIEW inventory.%I IS %L', :'view', :'about' || ' [' || md5(:'definition') || ']')
 WHERE coalesce(obj_description(to_regclass('inventory.' || quote_ident(:'view')), 'pg_class'), '') NOT LIKE '%[' || md5(:'definition') || ']' \gexec
