CREATE TABLE IF NOT EXISTS control.events (
  id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  made_at       timestamptz NOT NULL,
  kind          text COLLATE "C" NOT NULL CONSTRAINT events_kind_is_one_word CHECK (kind ~ '^[a-z_]{3,40}$'),
  lab_id        int DEFAULT nullif(current_setting('app.lab_id', true), '')::int REFERENCES control.labs ON DELETE RESTRICT,
  made_by       bigint,
  made_by_name  text NOT NULL,
  database_role text COLLATE "C" NOT NULL,
  address       text COLLATE "C" NOT NULL DEFAULT '',
  about         bigint,
  about_name    text,
  details       jsonb NOT NULL DEFAULT '{}' CONSTRAINT events_details_are_bounded CHECK (octet_length(details::text) <= 4000)
);
SELECT 'CREATE INDEX events_by_time ON control.events (made_at, id)'
 WHERE to_regclass('control.events_by_time') IS NULL \gexec
SELECT 'CREATE INDEX events_of_a_lab ON control.events (lab_id, made_at, id)'
 WHERE to_regclass('control.events_of_a_lab') IS NULL \gexec
COMMENT ON TABLE control.events IS
  'A line for every act of administration, sign-in, refusal, proof and export. Append-only: triggers (sql/triggers/events.sql) write and sign the lines, nobody changes one.';
COMMENT ON COLUMN control.events.lab_id IS 'The lab that the act is about, whose managers see the line; NULL: administrators alone see it.';
COMMENT ON COLUMN control.events.made_by IS 'The user whose session acted; NULL: no session did. made_by_name is then the database role, such as a DBA''s.';
COMMENT ON COLUMN control.events.made_by_name IS 'The user name as it was then. No key to control.users: a line outlives what it is about.';
COMMENT ON COLUMN control.events.database_role IS 'The role of the database connection that acted: chemuser and chemadmin are the API''s own.';
COMMENT ON COLUMN control.events.address IS 'The network address from which the acting session was signed in; without a session, that of the connection.';
COMMENT ON COLUMN control.events.about IS 'The user who was signed in, added, removed, changed …; about_name is the user name as it was then.';
COMMENT ON COLUMN control.events.details IS 'Further facts, by kind: {"role": "manager"}, or each changed column with its old and new value.';
