CREATE TABLE IF NOT EXISTS control.administrators (
  user_id bigint PRIMARY KEY REFERENCES control.users ON DELETE CASCADE
);
COMMENT ON TABLE control.administrators IS 'Users who manage labs, members and logins. Being one opens no lab.';
