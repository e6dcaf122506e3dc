-- The containers in stock that may carry a manufacturer's code. is_sure: the serial number names the container, or no other one fits.
CREATE OR REPLACE FUNCTION inventory.containers_of_product(of_gtin text, of_lot text, of_serial_number text)
RETURNS TABLE (id bigint, is_sure boolean)
LANGUAGE sql STABLE SECURITY INVOKER SET search_path = pg_catalog, pg_temp AS $$
  WITH fitting AS MATERIALIZED (
    SELECT c.id, p.serial_number = of_serial_number AS is_it, c.lot
      FROM inventory.product_codes p JOIN inventory.containers c ON c.lab_id = p.lab_id AND c.id = p.container_id
     WHERE p.gtin = of_gtin AND c.disposed_at IS NULL
       AND (of_serial_number IS NULL OR p.serial_number IS NULL OR p.serial_number = of_serial_number)
       AND (of_lot IS NULL OR c.lot IS NULL OR lower(c.lot) = lower(of_lot)))
  SELECT f.id,
         coalesce(f.is_it, false)
         OR (of_serial_number IS NULL AND (of_lot IS NULL OR f.lot IS NOT NULL) AND (SELECT count(*) FROM fitting) = 1)
    FROM fitting f
   WHERE f.is_it OR NOT EXISTS (SELECT FROM fitting x WHERE x.is_it)
$$;
COMMENT ON FUNCTION inventory.containers_of_product(text, text, text) IS
  'The containers in stock that may carry this manufacturer''s code: those of its serial number, else all of its GTIN whose lot does not say otherwise.';

CREATE OR REPLACE FUNCTION inventory.find_scanned(code text, of_gtin text, of_lot text, of_serial_number text) RETURNS bigint
LANGUAGE sql STABLE SECURITY INVOKER SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce(inventory.find_barcode(code),
                  (SELECT min(f.id) FROM inventory.containers_of_product(of_gtin, of_lot, of_serial_number) AS f WHERE f.is_sure HAVING count(*) = 1))
$$;
COMMENT ON FUNCTION inventory.find_scanned(text, text, text, text) IS
  'The container whose barcode was scanned, else the only one that a manufacturer''s code can be on. The last three arguments are what that code says, or NULL.';
