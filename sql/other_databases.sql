-- PostgreSQL lets every login into the databases postgres and template1, and make temporary tables there. Whoever owns them (on RDS the
-- master, elsewhere a superuser) closes both: chemuser and chemadmin have nothing to do there. createdb connects to postgres.
SELECT format('REVOKE CONNECT, TEMPORARY ON DATABASE %I FROM PUBLIC', d.datname)
  FROM pg_database d
 WHERE d.datname IN ('postgres', 'template1') AND pg_has_role(current_user, d.datdba, 'USAGE')
   AND has_database_privilege('public', d.oid, 'CONNECT, TEMPORARY') \gexec
