CREATE TABLE IF NOT EXISTS inventory.container_words (
  lab_id int NOT NULL DEFAULT nullif(current_setting('app.lab_id', true), '')::int REFERENCES control.labs ON DELETE RESTRICT,
  word         text COLLATE "C" NOT NULL,
  container_id bigint NOT NULL,
  PRIMARY KEY (lab_id, word, container_id),
  FOREIGN KEY (lab_id, container_id) REFERENCES inventory.containers (lab_id, id) ON DELETE CASCADE
);
SELECT 'CREATE INDEX container_words_by_container ON inventory.container_words (lab_id, container_id)'
 WHERE to_regclass('inventory.container_words_by_container') IS NULL \gexec
COMMENT ON TABLE inventory.container_words IS
  'The words by which a container is found, and through it its chemical. Triggers keep them; inventory.texts_searched says of which texts.';
