-- The people of the tests, in two labs. Each test adds the stock that it is about.
SET ROLE chemowner;
INSERT INTO control.labs (slug, name, time_zone) VALUES ('curie', 'Curie lab', 'Europe/London'), ('hodgkin', 'Hodgkin lab', 'America/New_York');
INSERT INTO control.users (username, name) VALUES
  ('ada', 'Ada Lind'), ('ben', 'Ben Okoro'), ('cleo', 'Cleo Marin'), ('eve', 'Eve Tanaka'), ('root', 'Root');
INSERT INTO control.administrators (user_id) SELECT id FROM control.users WHERE username = 'root';
INSERT INTO control.members (lab_id, user_id, role)
SELECT l.id, u.id, cast_of.role
  FROM (VALUES ('curie', 'ada', 'manager'), ('curie', 'ben', 'member'), ('curie', 'cleo', 'viewer'),
               ('hodgkin', 'eve', 'manager'), ('hodgkin', 'ben', 'viewer')) AS cast_of (slug, username, role)
  JOIN control.labs l USING (slug)
  JOIN control.users u USING (username);
