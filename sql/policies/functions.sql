-- What may be called, and views. Nothing is executable by PUBLIC.
SELECT format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', p.oid::regprocedure)
  FROM pg_proc p
 WHERE p.pronamespace IN ('control'::regnamespace, 'inventory'::regnamespace, 'reference'::regnamespace)
   AND has_function_privilege('public', p.oid, 'EXECUTE') \gexec
GRANT EXECUTE ON FUNCTION control.is_dba(), control.lab_id(), control.user_id(), control.role(), control.clock(), control.today(),
  control.enter_session(text, text, text),
  inventory.convert(numeric, text, text, numeric), inventory.totals(numeric[], text[]),
  inventory.fold(text), inventory.words_of(text), inventory.words_of_chemical(inventory.chemicals),
  inventory.insert_row(regclass, jsonb), inventory.update_row(regclass, bigint, jsonb),
  inventory.fill_in(jsonb), inventory.receive(jsonb, jsonb),
  inventory.post_stocktake(bigint), inventory.confirm_disposals(bigint[]), inventory.ensure_location(text[]),
  inventory.settle_joined_rows(bigint), inventory.start_import(bigint, boolean), inventory.load_these_rows(bigint, int[]), inventory.learn_sizes(),
  inventory.load_next_rows(bigint, int), inventory.finish_import(bigint, jsonb), inventory.next_barcodes(int), inventory.post_movements(jsonb), inventory.bring_back(jsonb, text)
TO chemuser;
GRANT SELECT ON inventory.stock, inventory.history, inventory.places, inventory.place_contents, inventory.stocktake_lines, inventory.check_outs, inventory.low_stock TO chemuser;
GRANT EXECUTE ON FUNCTION control.enter_administration(text) TO chemadmin;
GRANT EXECUTE ON FUNCTION control.check_catalogue() TO chemadmin, chem_dba;
