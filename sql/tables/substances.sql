-- What is known of a substance, the same for all labs. A form is filled in from it by the CAS RN. sql/reference/ loads the rows.
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
-- Databases made before get these columns too.
SELECT 'ALTER TABLE reference.substances
  ADD COLUMN rank                          int,
  ADD COLUMN melting_point_celsius         numeric,
  ADD COLUMN boiling_point_celsius         numeric,
  ADD COLUMN flash_point_celsius           numeric,
  ADD COLUMN autoignition_celsius          numeric,
  ADD COLUMN lower_explosion_limit_percent numeric,
  ADD COLUMN upper_explosion_limit_percent numeric,
  ADD COLUMN twa_ppm                       numeric,
  ADD COLUMN twa_mg_per_m3                 numeric,
  ADD COLUMN stel_ppm                      numeric,
  ADD COLUMN stel_mg_per_m3                numeric,
  ADD COLUMN ceiling_ppm                   numeric,
  ADD COLUMN ceiling_mg_per_m3             numeric,
  ADD COLUMN absorbed_by_skin              boolean,
  ADD COLUMN iarc_group                    text CHECK (iarc_group IN (''1'', ''2A'', ''2B'', ''3'', ''4'')),
  ADD COLUMN iarc_agent                    text,
  ADD COLUMN ntp_listing                   text CHECK (ntp_listing IN (''known'', ''reasonably anticipated'')),
  ADD COLUMN sources                       jsonb NOT NULL DEFAULT ''{}'''
 WHERE NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'reference.substances'::regclass AND attname = 'rank') \gexec
SELECT 'CREATE INDEX substances_by_rank ON reference.substances (rank)' WHERE to_regclass('reference.substances_by_rank') IS NULL \gexec
SELECT 'CREATE INDEX substances_by_inchikey ON reference.substances (inchikey)' WHERE to_regclass('reference.substances_by_inchikey') IS NULL \gexec
SELECT 'CREATE INDEX substances_by_smiles ON reference.substances USING hash (smiles)' WHERE to_regclass('reference.substances_by_smiles') IS NULL \gexec
COMMENT ON TABLE reference.substances IS 'Identities and measured figures by CAS RN. NULL: not known. docs/reference.md says where they are from.';
COMMENT ON COLUMN reference.substances.density_g_per_ml IS 'Near room temperature.';
COMMENT ON COLUMN reference.substances.rank IS 'The more usual a substance, the smaller: suggestions come in this order.';
COMMENT ON COLUMN reference.substances.lower_explosion_limit_percent IS '% by volume in air.';
COMMENT ON COLUMN reference.substances.twa_ppm IS
  'Exposure limits of Ontario, in the unit of the regulation: averaged over 8 hours; STEL, over 15 minutes; ceiling, never exceeded.';
COMMENT ON COLUMN reference.substances.iarc_agent IS 'What the IARC classified, in its words: may be a family, a mixture or a use.';
COMMENT ON COLUMN reference.substances.sources IS 'For each figure the code of its source in reference.sources; none for what we wrote ourselves.';

CREATE TABLE IF NOT EXISTS reference.substance_names (
  cas_number text COLLATE "C" NOT NULL REFERENCES reference.substances ON DELETE CASCADE,
  name       text NOT NULL,
  PRIMARY KEY (cas_number, name)
);
COMMENT ON TABLE reference.substance_names IS 'Other names of a substance, with the abbreviations that are used at the bench.';

CREATE TABLE IF NOT EXISTS reference.substance_words (
  usual boolean NOT NULL,
  kind  smallint NOT NULL,
  word  text COLLATE "C" NOT NULL,
  rank  int NOT NULL,
  PRIMARY KEY (usual, kind, word, rank)
);
COMMENT ON TABLE reference.substance_words IS
  'What a substance is suggested by, folded as all words are.';
COMMENT ON COLUMN reference.substance_words.usual IS 'Whether the substance is one of some 5,000 that are looked through first.';
COMMENT ON COLUMN reference.substance_words.kind IS '0: the name, without blanks and signs. 1: another whole name. 2: a word within one.';

CREATE TABLE IF NOT EXISTS reference.sources (
  code    text COLLATE "C" PRIMARY KEY,
  title   text NOT NULL,
  licence text NOT NULL
);
COMMENT ON TABLE reference.sources IS 'Where the figures of substances are from.';

CREATE TABLE IF NOT EXISTS reference.loads (
  digest    text PRIMARY KEY,
  loaded_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE reference.loads IS 'Of which files the rows of reference were loaded last: sql/database.sh loads them again only when they differ.';

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
