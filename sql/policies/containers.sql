\set table containers
\ir tenant.sql
-- No grant on amount, last_line, disposed_at, missing_since: triggers write those. unit is granted for INSERT only: afterwards the ledger sets it.
GRANT SELECT,
      INSERT (chemical_id, barcode, unit, location_id, delivery_id, import_key, pack_size, pack_unit, price, currency, notes, :facts_of_a_label),
      UPDATE (location_id, holder_id, pack_size, pack_unit, price, currency, notes, extended_on, :facts_of_a_label)
   ON inventory.containers TO chemuser;
