-- What is known of a substance whichever lab has it: fills in a form by its CAS RN. Content: sql/reference/.
CREATE TABLE IF NOT EXISTS reference.substances (
  cas_number           text COLLATE "C" PRIMARY KEY,
  name                 text NOT NULL,
  formula              text,
  molar_mass_g_per_mol numeric CHECK (molar_mass_g_per_mol > 0),
  smiles               text,
  inchikey             text,
  physical_state       text CHECK (physical_state IN ('solid', 'liquid', 'gas')),
  density_g_per_ml     numeric CHECK (density_g_per_ml > 0)
);
COMMENT ON TABLE reference.substances IS 'Identities by CAS RN.';
COMMENT ON COLUMN reference.substances.density_g_per_ml IS 'At 20 °C.';

CREATE TABLE IF NOT EXISTS reference.substance_names (
  cas_number text COLLATE "C" NOT NULL REFERENCES reference.substances ON DELETE CASCADE,
  name       text NOT NULL,
  PRIMARY KEY (cas_number, name)
);
COMMENT ON TABLE reference.substance_names IS 'Other names of a substance.';

CREATE TABLE IF NOT EXISTS reference.hazard_classifications (
  cas_number    text COLLATE "C" PRIMARY KEY REFERENCES reference.substances ON DELETE CASCADE,
  pictograms    text[] NOT NULL,
  signal_word   text CHECK (signal_word IN ('Danger', 'Warning')),
  h_statements  text[] NOT NULL,
  p_statements  text[] NOT NULL DEFAULT '{}',
  storage_class text,
  source        text NOT NULL
);
COMMENT ON TABLE reference.hazard_classifications IS
  'GHS classification by CAS RN. No row means "not known", never "not hazardous"; an empty list of pictograms means that somebody checked.';

CREATE TABLE IF NOT EXISTS reference.hazard_statements (
  code text COLLATE "C" PRIMARY KEY,
  text text NOT NULL
);
COMMENT ON TABLE reference.hazard_statements IS 'H, EUH and P statements in English. Source: GHS, annex 3 (UN, 9th revised edition); EUH: Regulation (EC) 1272/2008, annex II.';
