\set table containers
\ir tenant.sql
-- No grant on amount, last_line, disposed_at, missing_since: triggers write those. unit is granted for INSERT only: afterwards the ledger sets it.
GRANT SELECT,
      INSERT (chemical_id, barcode, unit, pack_size, pack_unit, location_id, lot, supplier, catalogue_number, purity, price, currency,
              received_on, opened_on, expires_on, notes, delivery_id, import_key),
      UPDATE (location_id, holder_id, pack_size, pack_unit, lot, supplier, catalogue_number, purity, price, currency,
              received_on, opened_on, expires_on, notes)
   ON inventory.containers TO chemuser;
