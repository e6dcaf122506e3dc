-- A barcode is found in capital and in small letters, because labels are printed in capitals and people type small ones. What scanners
-- add to a code is cut off first.
CREATE OR REPLACE FUNCTION inventory.find_barcode(code text) RETURNS bigint
LANGUAGE sql STABLE SECURITY INVOKER SET search_path = pg_catalog, pg_temp AS $$
  SELECT c.id FROM inventory.containers c
   WHERE c.barcode_folded = lower((SELECT inventory.scanned_code(code)))
   ORDER BY c.barcode <> (SELECT inventory.scanned_code(code)), c.id LIMIT 1
$$;
COMMENT ON FUNCTION inventory.find_barcode(text) IS
  'The container of the lab that has this barcode, in capital or small letters; NULL: none has. The exact spelling comes first, where an older database has both.';
