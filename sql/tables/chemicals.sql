CREATE TABLE IF NOT EXISTS inventory.chemicals (
  lab_id int NOT NULL DEFAULT nullif(current_setting('app.lab_id', true), '')::int REFERENCES control.labs ON DELETE RESTRICT,
  id                    bigint GENERATED ALWAYS AS IDENTITY,
  name                  text NOT NULL
                        CONSTRAINT chemicals_name_is_one_line CHECK (name ~ '\S' AND length(name) <= 300 AND name !~ '[[:cntrl:]]'),
  name_folded           text COLLATE "C" NOT NULL GENERATED ALWAYS AS (lower(name)) STORED,
  synonyms              text[] NOT NULL DEFAULT '{}'
                        CONSTRAINT chemicals_synonyms_are_bounded CHECK (cardinality(synonyms) <= 50 AND length(array_to_string(synonyms, ' ')) <= 5000),
  cas_number            text COLLATE "C"
                        CONSTRAINT chemicals_cas_number_has_its_form CHECK (cas_number ~ '^[1-9][0-9]{1,6}-[0-9]{2}-[0-9]$'),
  formula               text CONSTRAINT chemicals_formula_is_short CHECK (length(formula) <= 200),
  molar_mass_g_per_mol  numeric
                        CONSTRAINT chemicals_molar_mass_is_positive CHECK (molar_mass_g_per_mol > 0 AND molar_mass_g_per_mol < 1e9),
  smiles                text CONSTRAINT chemicals_smiles_is_short CHECK (length(smiles) <= 2000),
  inchikey              text CONSTRAINT chemicals_inchikey_has_its_form CHECK (inchikey ~ '^[A-Z]{14}-[A-Z]{10}-[A-Z]$'),
  physical_state        text CONSTRAINT chemicals_physical_state_is_known CHECK (physical_state IN ('solid', 'liquid', 'gas')),
  density_g_per_ml      numeric CONSTRAINT chemicals_density_is_positive CHECK (density_g_per_ml > 0 AND density_g_per_ml < 100),
  melting_point_celsius numeric CONSTRAINT chemicals_melting_point_is_a_temperature CHECK (melting_point_celsius BETWEEN -273.15 AND 10000),
  boiling_point_celsius numeric CONSTRAINT chemicals_boiling_point_is_a_temperature CHECK (boiling_point_celsius BETWEEN -273.15 AND 10000),
  flash_point_celsius   numeric CONSTRAINT chemicals_flash_point_is_a_temperature CHECK (flash_point_celsius BETWEEN -273.15 AND 10000),
  pictograms            text[] CONSTRAINT chemicals_pictograms_are_ghs CHECK (
                          pictograms <@ ARRAY['GHS01','GHS02','GHS03','GHS04','GHS05','GHS06','GHS07','GHS08','GHS09']),
  signal_word           text CONSTRAINT chemicals_signal_word_is_known CHECK (signal_word IN ('Danger', 'Warning')),
  h_statements          text[] NOT NULL DEFAULT '{}' CONSTRAINT chemicals_h_statements_are_bounded CHECK (cardinality(h_statements) <= 60),
  p_statements          text[] NOT NULL DEFAULT '{}' CONSTRAINT chemicals_p_statements_are_bounded CHECK (cardinality(p_statements) <= 80),
  storage_class         text CONSTRAINT chemicals_storage_class_is_short CHECK (length(storage_class) <= 40),
  sds_url               text CONSTRAINT chemicals_sds_url_is_a_web_address CHECK (sds_url ~ '^https?://[^\s<>"]+$' AND length(sds_url) <= 1000),
  supplier              text CONSTRAINT chemicals_supplier_is_short CHECK (length(supplier) <= 200),
  catalogue_number      text CONSTRAINT chemicals_catalogue_number_is_short CHECK (length(catalogue_number) <= 100),
  low_stock_amount      numeric CONSTRAINT chemicals_low_stock_amount_is_positive CHECK (low_stock_amount > 0 AND low_stock_amount < 1e12),
  low_stock_unit        text REFERENCES reference.units ON DELETE RESTRICT,
  notes                 text CONSTRAINT chemicals_notes_are_bounded CHECK (length(notes) <= 5000),
  made_at               timestamptz NOT NULL DEFAULT now(),
  made_by               bigint NOT NULL DEFAULT control.user_id(),
  changed_at            timestamptz NOT NULL DEFAULT now(),
  changed_by            bigint NOT NULL DEFAULT control.user_id(),
  retired_at            timestamptz,
  cas_number_sort       text COLLATE "C" NOT NULL GENERATED ALWAYS AS (coalesce(lpad(cas_number, 12, '0'), '~')) STORED,
  molar_mass_sort       double precision NOT NULL GENERATED ALWAYS AS (coalesce(molar_mass_g_per_mol::double precision, 'Infinity')) STORED,
  PRIMARY KEY (lab_id, id),
  FOREIGN KEY (lab_id, made_by) REFERENCES control.members (lab_id, user_id) ON DELETE RESTRICT,
  FOREIGN KEY (lab_id, changed_by) REFERENCES control.members (lab_id, user_id) ON DELETE RESTRICT,
  CONSTRAINT chemicals_low_stock_has_amount_and_unit CHECK ((low_stock_amount IS NULL) = (low_stock_unit IS NULL)),
  CONSTRAINT chemicals_signal_word_needs_a_classification CHECK (pictograms IS NOT NULL OR (signal_word IS NULL AND h_statements = '{}'))
);
-- Databases made before the column name_sort get it here.
SELECT 'ALTER TABLE inventory.chemicals ADD COLUMN name_sort text COLLATE "C" NOT NULL GENERATED ALWAYS AS (inventory.in_index_order(name)) STORED'
 WHERE NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'inventory.chemicals'::regclass AND attname = 'name_sort') \gexec
-- The list of chemicals is read in the order of one of these indexes, and counted in it, without reading the table.
SELECT 'CREATE INDEX chemicals_listed_in_index_order ON inventory.chemicals (lab_id, name_sort, id) INCLUDE (molar_mass_sort, physical_state)
        WHERE retired_at IS NULL'
 WHERE to_regclass('inventory.chemicals_listed_in_index_order') IS NULL \gexec
SELECT 'CREATE INDEX chemicals_listed_by_name ON inventory.chemicals (lab_id, name_folded, id) INCLUDE (molar_mass_sort, physical_state)
        WHERE retired_at IS NULL'
 WHERE to_regclass('inventory.chemicals_listed_by_name') IS NULL \gexec
SELECT 'CREATE INDEX chemicals_listed_by_cas_number ON inventory.chemicals (lab_id, cas_number_sort, id) INCLUDE (molar_mass_sort, physical_state)
        WHERE retired_at IS NULL'
 WHERE to_regclass('inventory.chemicals_listed_by_cas_number') IS NULL \gexec
SELECT 'CREATE INDEX chemicals_listed_by_molar_mass ON inventory.chemicals (lab_id, molar_mass_sort, id) INCLUDE (physical_state)
        WHERE retired_at IS NULL'
 WHERE to_regclass('inventory.chemicals_listed_by_molar_mass') IS NULL \gexec
-- Unknown values come last in a descending order too, so in these indexes their key is the smallest.
SELECT 'CREATE INDEX chemicals_listed_backwards_by_cas_number ON inventory.chemicals
        (lab_id, (CASE WHEN cas_number_sort = ''~'' THEN '''' ELSE cas_number_sort END), id) INCLUDE (molar_mass_sort, physical_state)
        WHERE retired_at IS NULL'
 WHERE to_regclass('inventory.chemicals_listed_backwards_by_cas_number') IS NULL \gexec
SELECT 'CREATE INDEX chemicals_listed_backwards_by_molar_mass ON inventory.chemicals
        (lab_id, (CASE WHEN molar_mass_sort = ''Infinity'' THEN 0 ELSE molar_mass_sort END), id) INCLUDE (molar_mass_sort, physical_state)
        WHERE retired_at IS NULL'
 WHERE to_regclass('inventory.chemicals_listed_backwards_by_molar_mass') IS NULL \gexec
SELECT 'CREATE INDEX chemicals_listed ON inventory.chemicals (lab_id, id) INCLUDE (molar_mass_sort, physical_state) WHERE retired_at IS NULL'
 WHERE to_regclass('inventory.chemicals_listed') IS NULL \gexec
SELECT 'CREATE INDEX chemicals_retired ON inventory.chemicals (lab_id, id) WHERE retired_at IS NOT NULL'
 WHERE to_regclass('inventory.chemicals_retired') IS NULL \gexec
-- Each of these indexes finds one set of chemicals that a person can narrow the list to.
SELECT 'CREATE INDEX chemicals_with_low_stock_limit ON inventory.chemicals (lab_id, id) WHERE low_stock_amount IS NOT NULL'
 WHERE to_regclass('inventory.chemicals_with_low_stock_limit') IS NULL \gexec
SELECT 'CREATE INDEX chemicals_with_unknown_hazards ON inventory.chemicals (lab_id, id) WHERE retired_at IS NULL AND pictograms IS NULL'
 WHERE to_regclass('inventory.chemicals_with_unknown_hazards') IS NULL \gexec
SELECT 'CREATE INDEX chemicals_without_hazards ON inventory.chemicals (lab_id, id)
        WHERE retired_at IS NULL AND pictograms = ''{}'' AND h_statements = ''{}'' AND signal_word IS NULL'
 WHERE to_regclass('inventory.chemicals_without_hazards') IS NULL \gexec
-- Databases made before the indexes above have these, which nothing uses any more.
DROP INDEX IF EXISTS inventory.chemicals_by_name, inventory.chemicals_by_cas_number, inventory.chemicals_by_molar_mass;
SELECT 'ALTER TABLE inventory.chemicals ADD COLUMN hazards_from text CONSTRAINT chemicals_hazards_from_is_short CHECK (length(hazards_from) <= 200)'
 WHERE NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'inventory.chemicals'::regclass AND attname = 'hazards_from') \gexec
COMMENT ON COLUMN inventory.chemicals.hazards_from IS 'Where the hazards were taken from, when nobody of the lab wrote them: the source of the reference.';
SELECT 'ALTER TABLE inventory.chemicals ADD COLUMN origins jsonb NOT NULL DEFAULT ''{}''
         CONSTRAINT chemicals_origins_are_bounded CHECK (jsonb_typeof(origins) = ''object'' AND length(origins::text) <= 5000)'
 WHERE NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'inventory.chemicals'::regclass AND attname = 'origins') \gexec
COMMENT ON COLUMN inventory.chemicals.origins IS
  'For each column that was filled in from the reference and is as it said: the source and, in brackets, the CAS RN. Of hazards, hazards_from says it.';
SELECT 'ALTER TABLE inventory.chemicals ADD COLUMN hazards_at timestamptz, ADD COLUMN hazards_by bigint, ADD COLUMN hazards_import_id bigint,
          ADD CONSTRAINT chemicals_hazards_by_a_member FOREIGN KEY (lab_id, hazards_by) REFERENCES control.members (lab_id, user_id) ON DELETE RESTRICT NOT VALID',
       'DO $$ BEGIN PERFORM control.validate_constraint(''inventory.chemicals'', ''chemicals_hazards_by_a_member''); END $$'
 WHERE NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'inventory.chemicals'::regclass AND attname = 'hazards_at') \gexec
COMMENT ON COLUMN inventory.chemicals.hazards_at IS
  'When pictograms, signal word and H statements became as they are, and by whom (hazards_by). NULL: not known, or from before this was noted.';
COMMENT ON COLUMN inventory.chemicals.hazards_import_id IS 'The import whose list says the hazards. NULL, and no hazards_from: somebody of the lab entered them.';
SELECT 'ALTER TABLE inventory.chemicals ADD COLUMN storage_temperature text
          CONSTRAINT chemicals_storage_temperature_is_known CHECK (
            storage_temperature IN (''room temperature'', ''cool'', ''refrigerator'', ''freezer'', ''deep freezer'', ''liquid nitrogen''))'
 WHERE NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'inventory.chemicals'::regclass AND attname = 'storage_temperature') \gexec
SELECT 'ALTER TABLE inventory.chemicals ADD COLUMN un_number text
          CONSTRAINT chemicals_un_number_has_its_form CHECK (un_number ~ ''^([Uu][Nn])? ?[0-9]{4}$'')'
 WHERE NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'inventory.chemicals'::regclass AND attname = 'un_number') \gexec
SELECT 'ALTER TABLE inventory.chemicals ADD COLUMN packing_group text
          CONSTRAINT chemicals_packing_group_is_known CHECK (packing_group IN (''I'', ''II'', ''III''))'
 WHERE NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'inventory.chemicals'::regclass AND attname = 'packing_group') \gexec
-- Both at once, because each generated column that is added writes the whole table anew. The key of what is not known is the last character.
SELECT 'ALTER TABLE inventory.chemicals
          ADD COLUMN storage_class_sort text COLLATE "C" NOT NULL GENERATED ALWAYS AS (coalesce(inventory.in_natural_order(storage_class), chr(1114111))) STORED,
          ADD COLUMN un_number_sort text COLLATE "C" NOT NULL GENERATED ALWAYS AS (coalesce(right(un_number, 4), chr(1114111))) STORED'
 WHERE NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'inventory.chemicals'::regclass AND attname = 'un_number_sort') \gexec
SELECT format('CREATE INDEX chemicals_listed_by_%1$s ON inventory.chemicals (lab_id, %1$s_sort, id) INCLUDE (molar_mass_sort, physical_state)
               WHERE retired_at IS NULL', t.text),
       format('CREATE INDEX chemicals_listed_backwards_by_%1$s ON inventory.chemicals
               (lab_id, (CASE WHEN %1$s_sort = chr(1114111) THEN '''' ELSE %1$s_sort END), id) INCLUDE (molar_mass_sort, physical_state)
               WHERE retired_at IS NULL', t.text)
  FROM (VALUES ('storage_class'), ('un_number')) AS t (text) WHERE to_regclass('inventory.chemicals_listed_by_' || t.text) IS NULL \gexec
COMMENT ON COLUMN inventory.chemicals.storage_class_sort IS 'The order of storage classes: 3 before 10.';
COMMENT ON COLUMN inventory.chemicals.un_number_sort IS 'The order of UN numbers: their digits, whether UN stands before them or not.';
SELECT 'ALTER TABLE inventory.chemicals ADD COLUMN days_after_opening numeric
          CONSTRAINT chemicals_days_after_opening_is_positive CHECK (days_after_opening BETWEEN 1 AND 3650)'
 WHERE NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'inventory.chemicals'::regclass AND attname = 'days_after_opening') \gexec
COMMENT ON COLUMN inventory.chemicals.days_after_opening IS 'How many days a container may be used after it was opened: containers.use_by. NULL: not known.';
SELECT 'ALTER TABLE inventory.chemicals ADD COLUMN peroxide_class text
          CONSTRAINT chemicals_peroxide_class_is_known CHECK (peroxide_class IN (''A'', ''B'', ''C'', ''D''))'
 WHERE NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'inventory.chemicals'::regclass AND attname = 'peroxide_class') \gexec
SELECT 'CREATE INDEX chemicals_with_peroxide_class ON inventory.chemicals (lab_id, id) WHERE peroxide_class IS NOT NULL'
 WHERE to_regclass('inventory.chemicals_with_peroxide_class') IS NULL \gexec
COMMENT ON COLUMN inventory.chemicals.peroxide_class IS 'How it forms peroxides, docs/hazards.md: A without being concentrated, B when it is concentrated, C and polymerises, D in another way. NULL: not known.';
COMMENT ON COLUMN inventory.chemicals.storage_temperature IS
  'Cool: 8 to 15 °C; refrigerator: 2 to 8 °C; freezer: about -20 °C; deep freezer: -70 °C or below; NULL: not known.';
COMMENT ON COLUMN inventory.chemicals.un_number IS 'For transport: the four digits, with or without UN before them.';
COMMENT ON COLUMN inventory.chemicals.packing_group IS 'For transport: I (great danger), II, III (minor danger).';
COMMENT ON TABLE inventory.chemicals IS 'Substances as a lab lists them. A CAS RN may occur twice, for grades and mixtures.';
COMMENT ON COLUMN inventory.chemicals.density_g_per_ml IS 'g/mL at 20 °C; lets mass and volume be converted.';
COMMENT ON COLUMN inventory.chemicals.pictograms IS 'GHS01 to GHS09. NULL: not known. Empty: somebody checked, none.';
COMMENT ON COLUMN inventory.chemicals.low_stock_amount IS 'Low when all containers together hold less than this, in low_stock_unit.';
COMMENT ON COLUMN inventory.chemicals.retired_at IS 'Confirmed as no longer available; kept for the ledger, left out of lists.';
COMMENT ON COLUMN inventory.chemicals.name_folded IS 'The name in small letters: finds chemicals of the same name, and is the order of names sign by sign.';
COMMENT ON COLUMN inventory.chemicals.name_sort IS 'The order of names in a chemist''s index: locants and descriptors in front do not lead.';
COMMENT ON COLUMN inventory.chemicals.molar_mass_sort IS 'Sort and range key: numeric comparison is not leakproof, so cannot use an index beneath a policy.';
-- The texts by whose words a chemical is found: functions/words.sql adds CAS RN and hazards, and makes all words anew when this changes.
CREATE OR REPLACE FUNCTION inventory.texts_searched(c inventory.chemicals) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
  SELECT concat_ws(' ', c.name, array_to_string(c.synonyms, ' '), c.formula, c.supplier, c.catalogue_number)
$$;
COMMENT ON FUNCTION inventory.texts_searched(inventory.chemicals) IS 'All texts of a chemical that search looks into, joined into one.';
-- The columns that people write: policies/chemicals.sql grants them, and by the grants an import fills them.
\set columns_that_people_write 'name, synonyms, cas_number, formula, molar_mass_g_per_mol, smiles, inchikey, physical_state, density_g_per_ml,'
\set columns_that_people_write :columns_that_people_write ' melting_point_celsius, boiling_point_celsius, flash_point_celsius, pictograms,'
\set columns_that_people_write :columns_that_people_write ' signal_word, h_statements, p_statements, storage_class, sds_url, supplier,'
\set columns_that_people_write :columns_that_people_write ' catalogue_number, low_stock_amount, low_stock_unit, notes, hazards_from, origins,'
\set columns_that_people_write :columns_that_people_write ' storage_temperature, un_number, packing_group, hazards_import_id, days_after_opening, peroxide_class'
