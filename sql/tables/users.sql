CREATE TABLE IF NOT EXISTS control.users (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  username   text COLLATE "C" NOT NULL
             CONSTRAINT users_username_is_plain CHECK (username ~ '^[a-z0-9][a-z0-9._@-]{0,63}$'),
  name       text NOT NULL
             CONSTRAINT users_name_is_one_line CHECK (name ~ '\S' AND length(name) <= 80 AND name !~ '[[:cntrl:]]'),
  made_at    timestamptz NOT NULL DEFAULT now(),
  retired_at timestamptz
);
SELECT 'ALTER TABLE control.users ADD COLUMN signed_in_at timestamptz'
 WHERE NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'control.users'::regclass AND attname = 'signed_in_at') \gexec
-- A login made anew under an old name is a new user: only one of a name is not retired.
SELECT 'CREATE UNIQUE INDEX users_username_is_taken ON control.users (username) WHERE retired_at IS NULL'
 WHERE to_regclass('control.users_username_is_taken') IS NULL \gexec
COMMENT ON TABLE control.users IS 'People. Their passwords are in Secrets Manager, never here.';
