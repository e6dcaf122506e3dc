-- Makes what RDS provides: a login that is no superuser but may make roles and databases, and its database.
-- Run by a superuser, on a server of one's own; `database.sh owner` then gives the login its password.
SELECT 'CREATE ROLE chemtrack_master LOGIN CREATEROLE CREATEDB'
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'chemtrack_master') \gexec
SELECT 'CREATE DATABASE chemtrack OWNER chemtrack_master'
 WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'chemtrack') \gexec
\ir other_databases.sql
GRANT CONNECT ON DATABASE postgres TO chemtrack_master;
