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
SELECT 'CREATE INDEX containers_by_chemical ON inventory.containers (lab_id, chemical_id)'
 WHERE to_regclass('inventory.containers_by_chemical') IS NULL \gexec
-- Which chemicals stand somewhere, or expire by then, is read from the index alone.
SELECT 'CREATE INDEX containers_standing ON inventory.containers (lab_id, location_id) INCLUDE (chemical_id, disposed_at)'
 WHERE to_regclass('inventory.containers_standing') IS NULL \gexec
SELECT 'CREATE INDEX containers_expiring ON inventory.containers (lab_id, expires_on) INCLUDE (chemical_id) WHERE disposed_at IS NULL'
 WHERE to_regclass('inventory.containers_expiring') IS NULL \gexec
SELECT 'CREATE INDEX containers_missing ON inventory.containers (lab_id, chemical_id) WHERE missing_since IS NOT NULL AND disposed_at IS NULL'
 WHERE to_regclass('inventory.containers_missing') IS NULL \gexec
SELECT 'CREATE INDEX containers_held ON inventory.containers (lab_id, holder_id) WHERE holder_id IS NOT NULL'
 WHERE to_regclass('inventory.containers_held') IS NULL \gexec
SELECT 'CREATE INDEX containers_by_delivery ON inventory.containers (lab_id, delivery_id)'
 WHERE to_regclass('inventory.containers_by_delivery') IS NULL \gexec
-- What databases have that were made before those two.
DROP INDEX IF EXISTS inventory.containers_by_location, inventory.containers_by_expiry;
COMMENT ON TABLE inventory.containers IS 'Physical bottles, jars, cylinders of a chemical. Amount and unit are moved by the ledger alone.';
COMMENT ON COLUMN inventory.containers.amount IS 'What is left, in unit. NULL: not known; never guessed, set by a count.';
COMMENT ON COLUMN inventory.containers.unit IS 'Of amount. NULL: not known either; the first count sets it.';
COMMENT ON COLUMN inventory.containers.pack_size IS 'What the label says a full one holds, in pack_unit.';
COMMENT ON COLUMN inventory.containers.last_line IS 'Number of its last line in the ledger.';
COMMENT ON COLUMN inventory.containers.holder_id IS 'Who has taken the whole bottle; NULL: it stands at its location.';
COMMENT ON COLUMN inventory.containers.price IS 'Paid for this container, in currency (ISO 4217).';
COMMENT ON COLUMN inventory.containers.import_key IS 'Fingerprint of the spreadsheet row it came from: the same file again adds nothing twice.';
COMMENT ON COLUMN inventory.containers.missing_since IS 'A posted stocktake did not find it; any later movement shows that it is there.';
