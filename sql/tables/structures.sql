CREATE TABLE IF NOT EXISTS inventory.structures (
  lab_id int NOT NULL DEFAULT nullif(current_setting('app.lab_id', true), '')::int REFERENCES control.labs ON DELETE RESTRICT,
  chemical_id bigint NOT NULL,
  smiles      text NOT NULL CONSTRAINT structures_smiles_is_short CHECK (length(smiles) <= 2000),
  release     text NOT NULL CONSTRAINT structures_release_is_short CHECK (length(release) <= 40),
  canonical   text CONSTRAINT structures_canonical_is_short CHECK (length(canonical) <= 20000),
  pattern     bit(2048),
  morgan      bit(2048),
  PRIMARY KEY (lab_id, chemical_id),
  FOREIGN KEY (lab_id, chemical_id) REFERENCES inventory.chemicals (lab_id, id) ON DELETE CASCADE,
  CONSTRAINT structures_are_read_or_not CHECK (num_nulls(canonical, pattern, morgan) IN (0, 3))
);
COMMENT ON TABLE inventory.structures IS
  'What RDKit made of the SMILES of chemicals, for searching by structure. The API fills it while it searches; a row counts only for the SMILES and the release that it names.';
COMMENT ON COLUMN inventory.structures.smiles IS 'The chemical''s SMILES from which the row was made.';
COMMENT ON COLUMN inventory.structures.release IS 'Of RDKit. Another one may write or read structures otherwise.';
COMMENT ON COLUMN inventory.structures.canonical IS 'The SMILES as RDKit writes it, the same for each way to write the structure; NULL: RDKit cannot read it.';
COMMENT ON COLUMN inventory.structures.pattern IS 'Fingerprint of parts: that of a part of the structure has no bit that this one has not.';
COMMENT ON COLUMN inventory.structures.morgan IS 'Fingerprint of the surroundings of each atom, two bonds far, by which structures are said to be similar.';
