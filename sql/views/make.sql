-- Makes the view that the psql variables view, about and definition describe. Its comment ends with the MD5 of the definition: only
-- where that differs is the view made anew, so that an unchanged re-run locks nothing. security_invoker: the reader's policies hold.
SELECT format('DROP VIEW IF EXISTS inventory.%I', :'view'),
       format('CREATE VIEW inventory.%I WITH (security_invoker = true) AS %s', :'view', :'definition'),
       format('COMMENT ON VIEW inventory.%I IS %L', :'view', :'about' || ' [' || md5(:'definition') || ']')
 WHERE coalesce(obj_description(to_regclass('inventory.' || quote_ident(:'view')), 'pg_class'), '') NOT LIKE '%[' || md5(:'definition') || ']' \gexec
