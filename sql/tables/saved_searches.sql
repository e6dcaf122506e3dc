CREATE TABLE IF NOT EXISTS inventory.saved_searches (
  lab_id int NOT NULL DEFAULT nullif(current_setting('app.lab_id', true), '')::int REFERENCES control.labs ON DELETE RESTRICT,
  id      bigint GENERATED ALWAYS AS IDENTITY,
  name    text NOT NULL CONSTRAINT saved_searches_name_is_one_line CHECK (name ~ '\S' AND length(name) <= 60 AND name !~ '[[:cntrl:]]'),
  query   text NOT NULL CONSTRAINT saved_searches_query_is_bounded CHECK (length(query) <= 4000),
  shared  boolean NOT NULL DEFAULT false,
  made_at timestamptz NOT NULL DEFAULT control.clock(),
  made_by bigint NOT NULL DEFAULT control.user_id(),
  PRIMARY KEY (lab_id, id),
  CONSTRAINT saved_searches_name_is_taken UNIQUE (lab_id, made_by, name),
  FOREIGN KEY (lab_id, made_by) REFERENCES control.members (lab_id, user_id) ON DELETE RESTRICT
);
COMMENT ON TABLE inventory.saved_searches IS 'Searches of the list of chemicals that members gave a name.';
COMMENT ON COLUMN inventory.saved_searches.query IS 'The query of the list''s address, as the API wrote it: flash_point_to=23&state=liquid.';
COMMENT ON COLUMN inventory.saved_searches.shared IS 'true: a manager offers it to all members; false: only its author sees it.';
