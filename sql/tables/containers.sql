CREATE TABLE IF NOT EXISTS inventory.containers (
  lab_id int NOT NULL DEFAULT nullif(current_setting('app.lab_id', true), '')::int REFERENCES control.labs ON DELETE RESTRICT,
  id               bigint GENERATED ALWAYS AS IDENTITY,
  chemical_id      bigint NOT NULL,
  barcode          text COLLATE "C" NOT NULL
                   CONSTRAINT containers_barcode_is_printable CHECK (barcode ~ '^[A-Za-z0-9][A-Za-z0-9._:+-]{0,63}$'),
  unit             text REFERENCES reference.units ON DELETE RESTRICT,
  amount           numeric CONSTRAINT containers_amount_is_not_negative CHECK (amount >= 0 AND amount < 1e12),
  last_line        int NOT NULL DEFAULT 0,
  pack_size        numeric CONSTRAINT containers_pack_size_is_positive CHECK (pack_size > 0 AND pack_size < 1e12),
  pack_unit        text REFERENCES reference.units ON DELETE RESTRICT,
  location_id      bigint,
  holder_id        bigint,
  held_since       timestamptz,
  lot              text CONSTRAINT containers_lot_is_short CHECK (length(lot) <= 100),
  supplier         text CONSTRAINT containers_supplier_is_short CHECK (length(supplier) <= 200),
  catalogue_number text CONSTRAINT containers_catalogue_number_is_short CHECK (length(catalogue_number) <= 100),
  purity           text CONSTRAINT containers_purity_is_short CHECK (length(purity) <= 100),
  price            numeric CONSTRAINT containers_price_is_not_negative CHECK (price >= 0 AND price < 1e9),
  currency         text CONSTRAINT containers_currency_is_an_iso_code CHECK (currency ~ '^[A-Z]{3}$'),
  received_on      date CONSTRAINT containers_received_on_is_plausible CHECK (received_on BETWEEN '1900-01-01' AND '2200-01-01'),
  opened_on        date CONSTRAINT containers_opened_on_is_plausible CHECK (opened_on BETWEEN '1900-01-01' AND '2200-01-01'),
  expires_on       date CONSTRAINT containers_expires_on_is_plausible CHECK (expires_on BETWEEN '1900-01-01' AND '2200-01-01'),
  notes            text CONSTRAINT containers_notes_are_bounded CHECK (length(notes) <= 2000),
  delivery_id      bigint,
  import_key       text COLLATE "C",
  last_counted_at  timestamptz,
  missing_since    timestamptz,
  disposed_at      timestamptz,
  made_at          timestamptz NOT NULL DEFAULT control.clock(),
  made_by          bigint NOT NULL DEFAULT control.user_id(),
  PRIMARY KEY (lab_id, id),
  CONSTRAINT containers_barcode_is_taken UNIQUE (lab_id, barcode),
  CONSTRAINT containers_import_key_is_taken UNIQUE (lab_id, import_key),
  FOREIGN KEY (lab_id, chemical_id) REFERENCES inventory.chemicals (lab_id, id) ON DELETE RESTRICT,
  FOREIGN KEY (lab_id, location_id) REFERENCES inventory.locations (lab_id, id) ON DELETE RESTRICT,
  FOREIGN KEY (lab_id, holder_id) REFERENCES control.members (lab_id, user_id) ON DELETE RESTRICT,
  FOREIGN KEY (lab_id, delivery_id) REFERENCES inventory.deliveries (lab_id, id) ON DELETE RESTRICT,
  FOREIGN KEY (lab_id, made_by) REFERENCES control.members (lab_id, user_id) ON DELETE RESTRICT,
  CONSTRAINT containers_amount_has_a_unit CHECK (unit IS NOT NULL OR amount IS NULL),
  CONSTRAINT containers_pack_size_has_a_unit CHECK ((pack_size IS NULL) = (pack_unit IS NULL)),
  CONSTRAINT containers_price_has_a_currency CHECK ((price IS NULL) = (currency IS NULL))
);
-- A generated column, not an index on lower(barcode): beneath a policy an index serves only what is leakproof, which lower() is not.
SELECT 'ALTER TABLE inventory.containers ADD COLUMN barcode_folded text COLLATE "C" NOT NULL GENERATED ALWAYS AS (lower(barcode)) STORED'
 WHERE NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'inventory.containers'::regclass AND attname = 'barcode_folded') \gexec
-- Two barcodes of a lab never differ by case alone. An older database may have two that do, on labels that no migration can change: it
-- keeps both, each found as it is written, until somebody gives one of them another barcode.
DO $$
DECLARE
  lab   record;
  pairs text;
  found text;
BEGIN
  IF to_regclass('inventory.containers_barcode_is_taken_in_another_case') IS NOT NULL THEN
    RETURN;
  END IF;
  FOR lab IN SELECT l.id, l.slug FROM control.labs l ORDER BY l.id LOOP
    PERFORM set_config('app.lab_id', lab.id::text, true);
    SELECT string_agg(p.codes, ', ' ORDER BY p.codes) INTO pairs
      FROM (SELECT string_agg(c.barcode, ' and ' ORDER BY c.barcode) AS codes FROM inventory.containers c
             WHERE c.lab_id = lab.id GROUP BY c.barcode_folded HAVING count(*) > 1) AS p;
    found := nullif(concat_ws('; ', found, lab.slug || ' has ' || pairs), '');
  END LOOP;
  PERFORM set_config('app.lab_id', '', true);
  IF found IS NULL THEN
    CREATE UNIQUE INDEX containers_barcode_is_taken_in_another_case ON inventory.containers (lab_id, barcode_folded);
    DROP INDEX IF EXISTS inventory.containers_by_barcode_in_any_case;
  ELSE
    RAISE WARNING 'some barcodes differ by capital and small letters alone: %', found
      USING HINT = 'Both stay, each found as it is written. Give one of each pair another barcode and label, then run apply.sql again.';
    IF to_regclass('inventory.containers_by_barcode_in_any_case') IS NULL THEN
      CREATE INDEX containers_by_barcode_in_any_case ON inventory.containers (lab_id, barcode_folded);
    END IF;
  END IF;
END $$;
SELECT 'CREATE INDEX containers_by_chemical ON inventory.containers (lab_id, chemical_id)'
 WHERE to_regclass('inventory.containers_by_chemical') IS NULL \gexec
-- The chemicals that stand in a location, or expire before a day, are read from these indexes without the table.
SELECT 'CREATE INDEX containers_standing ON inventory.containers (lab_id, location_id) INCLUDE (chemical_id, disposed_at)'
 WHERE to_regclass('inventory.containers_standing') IS NULL \gexec
SELECT 'ALTER TABLE inventory.containers ADD COLUMN use_by date, ADD COLUMN extended_on date
          CONSTRAINT containers_extended_on_is_plausible CHECK (extended_on BETWEEN ''1950-01-01'' AND ''2200-01-01'')'
 WHERE NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'inventory.containers'::regclass AND attname = 'use_by') \gexec
SELECT 'CREATE INDEX containers_by_use ON inventory.containers (lab_id, use_by) INCLUDE (chemical_id) WHERE disposed_at IS NULL'
 WHERE to_regclass('inventory.containers_by_use') IS NULL \gexec
SELECT 'CREATE INDEX containers_missing ON inventory.containers (lab_id, chemical_id) WHERE missing_since IS NOT NULL AND disposed_at IS NULL'
 WHERE to_regclass('inventory.containers_missing') IS NULL \gexec
SELECT 'CREATE INDEX containers_held ON inventory.containers (lab_id, holder_id) WHERE holder_id IS NOT NULL'
 WHERE to_regclass('inventory.containers_held') IS NULL \gexec
SELECT 'CREATE INDEX containers_by_delivery ON inventory.containers (lab_id, delivery_id)'
 WHERE to_regclass('inventory.containers_by_delivery') IS NULL \gexec
-- Databases made before containers_standing and containers_by_use have these, which nothing uses any more.
DROP INDEX IF EXISTS inventory.containers_by_location, inventory.containers_by_expiry, inventory.containers_expiring;
SELECT 'ALTER TABLE inventory.containers ADD COLUMN tare_g numeric CONSTRAINT containers_tare_g_is_positive CHECK (tare_g > 0 AND tare_g <= 1000000)'
 WHERE NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'inventory.containers'::regclass AND attname = 'tare_g') \gexec
COMMENT ON TABLE inventory.containers IS 'Physical bottles, jars, cylinders of a chemical. Only the ledger changes amount and unit.';
COMMENT ON COLUMN inventory.containers.amount IS 'What is left, in unit. NULL: not known, until somebody counts it; never guessed.';
COMMENT ON COLUMN inventory.containers.unit IS 'The unit of amount. NULL: not known; the first count sets it.';
COMMENT ON COLUMN inventory.containers.pack_size IS 'What a full container holds, as its label says, in pack_unit.';
COMMENT ON COLUMN inventory.containers.expires_on IS 'The day on the label, or the one to which the lab has extended it. Until when it may be used, opened as it is, use_by says.';
COMMENT ON COLUMN inventory.containers.use_by IS 'Until when it may be used: inventory.use_by, by triggers. NULL: not known.';
COMMENT ON COLUMN inventory.containers.extended_on IS 'When somebody decided that it may be used until expires_on, although it was open by then.';
COMMENT ON COLUMN inventory.containers.tare_g IS 'What the empty container weighs, with its cap. NULL: not known, so that nothing in it can be weighed.';
COMMENT ON COLUMN inventory.containers.last_line IS 'Number of the container''s last line in the ledger.';
COMMENT ON COLUMN inventory.containers.holder_id IS 'Who has taken the whole bottle; NULL: it stands at its location.';
COMMENT ON COLUMN inventory.containers.price IS 'What was paid for this container, in currency (ISO 4217).';
COMMENT ON COLUMN inventory.containers.import_key IS 'The key of the spreadsheet row that made the container (import_rows.key), so that the same file adds nothing twice.';
COMMENT ON COLUMN inventory.containers.missing_since IS 'When a posted stocktake did not find the container. A later movement or transfer ends that, because somebody has seen it; a correction does not.';
-- The texts by whose words a container is found, and through it its chemical; triggers/containers.sql keeps the words.
CREATE OR REPLACE FUNCTION inventory.texts_searched(c inventory.containers) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN concat_ws(' ', c.lot, c.catalogue_number, c.supplier, c.notes);
END $$;
COMMENT ON FUNCTION inventory.texts_searched(inventory.containers) IS 'All texts of a container that search looks into, joined into one.';
CREATE OR REPLACE FUNCTION inventory.use_by(expires date, opened date, extended date, days_after_opening numeric) RETURNS date
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN opened <= extended AND expires IS NOT NULL THEN expires ELSE least(expires, opened + floor(days_after_opening)::int) END;
COMMENT ON FUNCTION inventory.use_by(date, date, date, numeric) IS
  'Until when a container may be used: the day on its label or, if that is earlier, the day of opening and days_after_opening of its chemical later, unless somebody has extended it since it was opened. NULL: not known.';
-- The facts on a container's label that stand in one column each. People write them (policies/containers.sql), the view stock shows them,
-- and by the grants an import fills them and compares them with a list that is imported again.
\set facts_of_a_label 'lot, supplier, catalogue_number, purity, received_on, opened_on, expires_on, tare_g'
