-- The roles, the schemas, and what a role may use of the database as a whole.
--   chemowner  owns everything, cannot log in
--   chemuser   the data plane: the API's connection for requests of a lab
--   chemadmin  the control plane: labs, users, members, sessions; no right on inventory
--   chem_dba   group of the DBAs: may SET ROLE chemuser and look as one lab
-- chemadmin is never granted to chemuser: an injected set_config('role', …) would then open every lab.
SELECT format('CREATE ROLE %I %s', name, options)
  FROM (VALUES ('chemowner', 'NOLOGIN'), ('chemuser', 'LOGIN NOINHERIT'), ('chemadmin', 'LOGIN NOINHERIT'),
               ('chem_dba', 'NOLOGIN')) AS wanted (name, options)
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) \gexec

-- Whoever runs apply.sql becomes chemowner for as long as it runs, and may look as a lab. A superuser needs no grant for either.
SELECT format('GRANT %I TO CURRENT_USER', name)
  FROM (VALUES ('chemowner'), ('chem_dba')) AS wanted (name)
 WHERE NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user)
   AND NOT EXISTS (SELECT FROM pg_auth_members AS m
                    WHERE m.roleid = name::regrole AND m.member = current_user::regrole
                      AND coalesce((to_jsonb(m) ->> 'set_option')::boolean, true)) \gexec
SELECT 'GRANT chemuser TO chem_dba'
 WHERE NOT EXISTS (SELECT FROM pg_auth_members WHERE roleid = 'chemuser'::regrole AND member = 'chem_dba'::regrole) \gexec

ALTER ROLE chemuser SET statement_timeout = '10s';
ALTER ROLE chemuser SET lock_timeout = '3s';
ALTER ROLE chemuser SET idle_in_transaction_session_timeout = '10s';
ALTER ROLE chemuser SET log_parameter_max_length_on_error = 0;
ALTER ROLE chemuser SET jit = off;
ALTER ROLE chemadmin SET statement_timeout = '10s';
ALTER ROLE chemadmin SET lock_timeout = '3s';
ALTER ROLE chemadmin SET idle_in_transaction_session_timeout = '10s';
ALTER ROLE chemadmin SET log_parameter_max_length_on_error = 0;

SELECT format('REVOKE TEMPORARY, CREATE ON DATABASE %I FROM PUBLIC', current_database()) \gexec
SELECT format('GRANT CONNECT ON DATABASE %I TO chemuser, chemadmin, chem_dba', current_database()) \gexec
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
\ir other_databases.sql

SELECT format('CREATE SCHEMA %I AUTHORIZATION chemowner', name)
  FROM (VALUES ('control'), ('inventory'), ('reference')) AS wanted (name)
 WHERE NOT EXISTS (SELECT FROM pg_namespace WHERE nspname = name) \gexec
