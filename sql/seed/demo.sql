-- Two labs to look at and to try: curie and hodgkin, with people, stock and ten weeks of history before today. Run by the
-- database's owner, who is a member of chem_dba:
--
--   psql -v ON_ERROR_STOP=1 -f sql/seed/demo.sql
--
-- Made once: where one of the two labs is there already, nothing is touched. Logins are not in the database.
\set ON_ERROR_STOP 1
\set QUIET 1
SELECT NOT EXISTS (SELECT FROM control.labs WHERE slug IN ('curie', 'hodgkin')) AS wanted,
       NOT EXISTS (SELECT FROM reference.substances) AS reference_wanted \gset
\if :wanted
\if :reference_wanted
  \ir ../reference/load.sql
\endif
BEGIN;
SET LOCAL client_min_messages = warning;
INSERT INTO control.users (username, name)
SELECT username, name
  FROM (VALUES ('ada', 'Ada Lind'), ('ben', 'Ben Okoro'), ('cleo', 'Cleo Marin'), ('eve', 'Eve Tanaka'), ('root', 'Root'))
       AS person (username, name)
 WHERE NOT EXISTS (SELECT FROM control.users AS u WHERE u.username = person.username AND u.retired_at IS NULL);
INSERT INTO control.administrators (user_id)
SELECT id FROM control.users WHERE username = 'root' AND retired_at IS NULL ON CONFLICT DO NOTHING;
INSERT INTO control.labs (slug, name, time_zone)
VALUES ('curie', 'Curie lab', 'Europe/London'), ('hodgkin', 'Hodgkin lab', 'Europe/London');
INSERT INTO control.members (lab_id, user_id, role)
SELECT l.id, u.id, belongs.role
  FROM (VALUES ('curie', 'ada', 'manager'), ('curie', 'ben', 'member'), ('curie', 'cleo', 'viewer'),
               ('hodgkin', 'eve', 'manager'), ('hodgkin', 'ben', 'viewer')) AS belongs (slug, username, role)
  JOIN control.labs AS l ON l.slug = belongs.slug
  JOIN control.users AS u ON u.username = belongs.username AND u.retired_at IS NULL;

\ir tables.sql
\set lab curie
\set manager ada
\ir curie.sql
\ir curie_history.sql
\ir lab.sql
TRUNCATE demo_locations, demo_chemicals, demo_containers, demo_events;
\set lab hodgkin
\set manager eve
\ir hodgkin.sql
\ir hodgkin_history.sql
\ir lab.sql
COMMIT;
\endif
