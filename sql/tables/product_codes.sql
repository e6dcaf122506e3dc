CREATE TABLE IF NOT EXISTS inventory.product_codes (
  lab_id int NOT NULL DEFAULT nullif(current_setting('app.lab_id', true), '')::int REFERENCES control.labs ON DELETE RESTRICT,
  container_id  bigint NOT NULL,
  gtin          text COLLATE "C" NOT NULL CONSTRAINT product_codes_gtin_is_whole CHECK (gtin ~ '^[0-9]{14}$'),
  serial_number text COLLATE "C" CONSTRAINT product_codes_serial_number_is_short CHECK (length(serial_number) BETWEEN 1 AND 20),
  PRIMARY KEY (lab_id, container_id),
  FOREIGN KEY (lab_id, container_id) REFERENCES inventory.containers (lab_id, id) ON DELETE RESTRICT
);
SELECT 'CREATE INDEX product_codes_by_gtin ON inventory.product_codes (lab_id, gtin, container_id)'
 WHERE to_regclass('inventory.product_codes_by_gtin') IS NULL \gexec
COMMENT ON TABLE inventory.product_codes IS
  'What the manufacturer''s code on a container says. The latest container with a GTIN shows which chemical and pack of the lab that code belongs to.';
COMMENT ON COLUMN inventory.product_codes.gtin IS 'Global Trade Item Number, with 14 digits: an EAN or UPC has zeros in front.';
