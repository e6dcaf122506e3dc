-- Published lists of hazard classifications (CLP annex VI, HCIS …), as an administrator loads them. The same for all labs.
CREATE TABLE IF NOT EXISTS reference.classification_lists (
  id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name         text NOT NULL
               CONSTRAINT classification_lists_name_is_one_line CHECK (name ~ '\S' AND length(name) <= 80 AND name !~ '[[:cntrl:]]'),
  version      text NOT NULL
               CONSTRAINT classification_lists_version_is_one_line CHECK (version ~ '\S' AND length(version) <= 80 AND version !~ '[[:cntrl:]]'),
  file_name    text NOT NULL CONSTRAINT classification_lists_file_name_is_short CHECK (length(file_name) <= 200),
  refused      jsonb NOT NULL DEFAULT '[]' CONSTRAINT classification_lists_refused_is_bounded CHECK (octet_length(refused::text) <= 1000000),
  refused_rows int NOT NULL DEFAULT 0,
  made_at      timestamptz NOT NULL DEFAULT now(),
  made_by_name text NOT NULL DEFAULT session_user,
  kept_at      timestamptz
);
SELECT 'CREATE UNIQUE INDEX classification_lists_version_is_kept_once ON reference.classification_lists (lower(name), lower(version)) WHERE kept_at IS NOT NULL'
 WHERE to_regclass('reference.classification_lists_version_is_kept_once') IS NULL \gexec
COMMENT ON TABLE reference.classification_lists IS 'Each version of each list of classifications that was loaded. Labs see those that were kept; of one name the latest counts.';
COMMENT ON COLUMN reference.classification_lists.refused IS 'The first rows of the file that were not understood, each with its reason; refused_rows counts all.';
COMMENT ON COLUMN reference.classification_lists.made_by_name IS 'The user name as it was then. No key to control.users: the list outlives the login.';
COMMENT ON COLUMN reference.classification_lists.kept_at IS 'When an administrator had looked at it and kept it. NULL: not yet, and no lab sees it.';

CREATE TABLE IF NOT EXISTS reference.classifications (
  list_id      bigint NOT NULL REFERENCES reference.classification_lists ON DELETE CASCADE,
  place        int NOT NULL,
  cas_number   text COLLATE "C" NOT NULL CONSTRAINT classifications_cas_number_has_its_form CHECK (cas_number ~ '^[1-9][0-9]{1,6}-[0-9]{2}-[0-9]$'),
  name         text NOT NULL DEFAULT '' CONSTRAINT classifications_name_is_short CHECK (length(name) <= 1000),
  notes        text NOT NULL DEFAULT '' CONSTRAINT classifications_notes_are_short CHECK (length(notes) <= 1000),
  pictograms   text[] NOT NULL CONSTRAINT classifications_pictograms_are_ghs CHECK (
                 pictograms <@ ARRAY['GHS01','GHS02','GHS03','GHS04','GHS05','GHS06','GHS07','GHS08','GHS09']),
  signal_word  text CONSTRAINT classifications_signal_word_is_known CHECK (signal_word IN ('Danger', 'Warning')),
  h_statements text[] NOT NULL CONSTRAINT classifications_have_h_statements CHECK (cardinality(h_statements) BETWEEN 1 AND 60),
  PRIMARY KEY (list_id, place)
);
SELECT 'CREATE INDEX classifications_by_cas_number ON reference.classifications (cas_number, list_id)'
 WHERE to_regclass('reference.classifications_by_cas_number') IS NULL \gexec
COMMENT ON TABLE reference.classifications IS
  'What a list says of a CAS RN. Several rows of one CAS RN are several forms of it. A row of the file that was not understood is not here: its hazards are not known.';
