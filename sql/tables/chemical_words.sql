CREATE TABLE IF NOT EXISTS inventory.chemical_words (
  lab_id int NOT NULL DEFAULT nullif(current_setting('app.lab_id', true), '')::int REFERENCES control.labs ON DELETE RESTRICT,
  word        text COLLATE "C" NOT NULL,
  chemical_id bigint NOT NULL,
  PRIMARY KEY (lab_id, word, chemical_id),
  FOREIGN KEY (lab_id, chemical_id) REFERENCES inventory.chemicals (lab_id, id) ON DELETE CASCADE
);
SELECT 'CREATE INDEX chemical_words_by_chemical ON inventory.chemical_words (lab_id, chemical_id)'
 WHERE to_regclass('inventory.chemical_words_by_chemical') IS NULL \gexec
COMMENT ON TABLE inventory.chemical_words IS
  'The words by which a chemical is found: each word of a query is looked up as a range of the words that begin with it. Kept by a trigger from name, synonyms, CAS RN, formula, supplier, catalogue number; hazards as the words ghs02 and h225; the formula by elements, too (words_of_formula).';
