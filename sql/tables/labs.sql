CREATE TABLE IF NOT EXISTS control.labs (
  id          int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  slug        text COLLATE "C" NOT NULL
              CONSTRAINT labs_slug_is_taken UNIQUE
              CONSTRAINT labs_slug_is_a_path_word CHECK (slug ~ '^[a-z][a-z0-9-]{1,39}$' AND slug <> 'static'),
  name        text NOT NULL
              CONSTRAINT labs_name_is_one_line CHECK (name ~ '\S' AND length(name) <= 80 AND name !~ '[[:cntrl:]]'),
  time_zone   text NOT NULL DEFAULT 'UTC',
  made_at     timestamptz NOT NULL DEFAULT now(),
  archived_at timestamptz
);
COMMENT ON TABLE control.labs IS 'The labs. Each is a tenant: only its own members reach its rows.';
COMMENT ON COLUMN control.labs.slug IS 'The lab''s word in every path: /checkout/curie.';
COMMENT ON COLUMN control.labs.time_zone IS 'IANA name; decides what "today" is in this lab.';
COMMENT ON COLUMN control.labs.archived_at IS 'When the lab was archived. Nobody has been able to enter it since; its rows stay.';
