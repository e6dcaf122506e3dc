\set table containers
\ir tenant.sql
-- No grant on amount, last_line, disposed_at, missing_since: the ledger and the stocktake move those. unit is said once.
GRANT SELECT,
      INSERT (chemical_id, barcode, unit, pack_size, pack_unit, location_id, lot, supplier, catalogue_number, purity, price, currency,
              received_on, opened_on, expires_on, notes, delivery_id, import_key),
      UPDATE (location_id, holder_id, pack_size, pack_unit, lot, supplier, catalogue_number, purity, price, currency,
              received_on, opened_on, expires_on, notes)
   ON inventory.containers TO chemuser;
