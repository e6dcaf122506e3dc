CREATE TABLE IF NOT EXISTS control.login_directory (
  only_row boolean PRIMARY KEY DEFAULT true CONSTRAINT login_directory_has_one_row CHECK (only_row),
  version  bigint NOT NULL DEFAULT 0
);
INSERT INTO control.login_directory DEFAULT VALUES ON CONFLICT DO NOTHING;
COMMENT ON TABLE control.login_directory IS
  'Counts the changes that ChemTrack made to the secrets of logins: a process of the API that holds an older version reads them again.';
