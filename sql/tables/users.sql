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
SELECT 'ALTER TABLE control.users ADD COLUMN login_seen_at timestamptz'
 WHERE NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'control.users'::regclass AND attname = 'login_seen_at') \gexec
SELECT 'ALTER TABLE control.users ADD COLUMN made_password_until timestamptz'
 WHERE NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'control.users'::regclass AND attname = 'made_password_until') \gexec
-- A login that is made under the name of a retired user is a new user. So a user name is unique only among users who are not retired.
SELECT 'CREATE UNIQUE INDEX users_username_is_taken ON control.users (username) WHERE retired_at IS NULL'
 WHERE to_regclass('control.users_username_is_taken') IS NULL \gexec
COMMENT ON TABLE control.users IS 'People. Their passwords are in Secrets Manager, never here.';
COMMENT ON COLUMN control.users.login_seen_at IS
  'When the user''s login was last found in the secrets of logins. A user whose login was found once and is then missing is retired. NULL: never found, because a DBA made the user before the login.';
COMMENT ON COLUMN control.users.made_password_until IS
  'Until when a password that an administrator made lets its owner in, once, to choose another. NULL: the password is the owner''s own.';
