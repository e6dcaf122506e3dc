CREATE TABLE IF NOT EXISTS control.refused_tries (
  user_id   bigint PRIMARY KEY REFERENCES control.users ON DELETE CASCADE,
  tries     int NOT NULL DEFAULT 1,
  since     timestamptz NOT NULL DEFAULT now(),
  addresses text[] COLLATE "C" NOT NULL
);
COMMENT ON TABLE control.refused_tries IS
  'Refused tries to sign in as a user since their last sign-in, which tells them and takes the row away. Lines of control.events are bounded, so they cannot be counted instead.';
COMMENT ON COLUMN control.refused_tries.addresses IS 'Where the tries came from: the first five addresses.';
