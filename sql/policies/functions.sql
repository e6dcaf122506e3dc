-- Which role may call which function and read which view. Nothing is executable by PUBLIC.
SELECT format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', p.oid::regprocedure)
  FROM pg_proc p
 WHERE p.pronamespace IN ('control'::regnamespace, 'inventory'::regnamespace, 'reference'::regnamespace)
   AND has_function_privilege('public', p.oid, 'EXECUTE') \gexec
GRANT EXECUTE ON FUNCTION control.is_dba(), control.lab_id(), control.lab_id_for(text), control.user_id(), control.role(), control.verify_lab(int), control.clock(), control.today(),
  control.enter_session(text, text, text, text),
  inventory.convert(numeric, text, text, numeric), inventory.is_all(numeric, numeric, numeric),
  inventory.overfills(numeric, text, numeric, text, numeric), inventory.ask_if_overfilled(inventory.movements), inventory.moment_of(inventory.movements), inventory.is_undone(inventory.movements), inventory.count_after(inventory.movements), inventory.totals(numeric[], text[]),
  inventory.net_grams(bigint, numeric, text, text), inventory.use_by(date, date, date, numeric), inventory.peroxide_test_days(text), inventory.peroxides(int, bigint, text, date, date, timestamptz),
  inventory.fold(text), inventory.foldings(text), inventory.composed(text), inventory.in_natural_order(text), inventory.in_index_order(text),
  inventory.words_of(text), inventory.texts_searched(inventory.chemicals), inventory.texts_searched(inventory.containers), inventory.words_of_formula(text), inventory.words_of_chemical(inventory.chemicals), inventory.words_of_container(inventory.containers),
  inventory.words_of_query(text), inventory.one_letter_off(text), inventory.chemicals_with_words(int[], text[], boolean), inventory.chemicals_found(text),
  inventory.chemicals_meant(text), reference.name_key(text), reference.substances_named(text), reference.substances_suggested(text, int), reference.origins_of(reference.substances, text),
  inventory.insert_row(regclass, jsonb), inventory.update_row(regclass, bigint, jsonb, text),
  inventory.scanned_code(text), inventory.find_barcode(text), inventory.containers_of_product(text, text, text), inventory.find_scanned(text, text, text, text), inventory.fill_in(jsonb), reference.match(text, text, text),
  inventory.contradictions(inventory.chemicals, reference.substances), inventory.would_fill(inventory.chemicals, text), inventory.enrichable(bigint[]),
  inventory.enrich(bigint, bigint[], int), inventory.undo_enrichment(bigint),
  reference.title_of(reference.classification_lists), reference.classifications_offered(text), inventory.adoptable(bigint[]),
  inventory.adopt_all(bigint, bigint[], int), inventory.adopt(bigint, bigint, int, text),
  inventory.merge_proposals(bigint), inventory.merge_chemicals(bigint, bigint), inventory.undo_merger(bigint), inventory.receive(jsonb, jsonb),
  inventory.is_asked_for(inventory.stocktakes, inventory.containers, inventory.chemicals), inventory.usual_tolerance(int), inventory.post_stocktake(bigint), inventory.confirm_disposals(bigint[], bigint[]), inventory.ensure_location(text[]), inventory.find_location(text[]), inventory.load_locations(bigint, int[]),
  inventory.settle_joined_rows(bigint), inventory.not_in_list(bigint), inventory.ask_about_same_rows(bigint, boolean, int[]),
  inventory.share_fields(bigint), inventory.as_fields(anyelement, jsonb), inventory.in_words(jsonb), inventory.ask_about_changes(bigint, jsonb, jsonb),
  inventory.still_as_stood(jsonb, jsonb, jsonb), inventory.take_over(bigint), inventory.amounts_differ(numeric, text, numeric, text, numeric), inventory.start_import(bigint, boolean),
  inventory.columns_imported(regclass), inventory.load_these_rows(bigint, int[]), inventory.learn_sizes(),
  inventory.load_next_rows(bigint, int), inventory.forget_old_files(), inventory.finish_import(bigint, jsonb),
  inventory.give_up_keys(bigint[]), inventory.take_back_import(bigint), inventory.receipts_taken_back(bigint), inventory.take_back_delivery(bigint), inventory.take_back_chemical(bigint), inventory.next_barcodes(int), inventory.post_movements(jsonb), inventory.bring_back(jsonb, text),
  inventory.undo(bigint[], bigint[]), inventory.undo_transfers(bigint[])
TO chemuser;
GRANT EXECUTE ON FUNCTION control.schema_version() TO chemuser, chemadmin, chem_dba;
GRANT EXECUTE ON FUNCTION control.is_unchanged(text, text), control.require_second_factor(text) TO chemuser, chemadmin;
GRANT SELECT ON inventory.stock, inventory.history, inventory.location_tree, inventory.location_contents, inventory.stocktake_lines, inventory.check_outs, inventory.low_stock, inventory.peroxide_formers TO chemuser;
GRANT EXECUTE ON FUNCTION control.enter_administration(text), control.keep_session(text), control.note_try(text, text), control.use_code(text, bigint), control.use_recovery_code(text, bytea),
  control.set_second_factor(bigint, bigint, bytea[]), control.reset_second_factor(text), 
  control.confirm_session(text, text), control.note_code(text, boolean), control.note_password(text, text, boolean, interval),
  control.retire_user(text), control.remove_administrator(text), control.compare_logins(text[], timestamptz),
  control.begin_session(text, text, text, text, text, interval, interval),
  control.begin_provider_session(text, text, text, text, text, timestamptz, boolean, text, text, text, interval, interval), control.note_refusal(text, text, text), control.count_refusal(text, text),
  control.require_logins(bigint), control.require_password(text, interval), control.require_password(text, interval, text), control.forget_events(int),
  control.make_token(text, text, text, text, text[], int, text),
  control.enter_management(text, text, text), control.lab_id_for(text), control.make_service_account(text),
  control.make_service_token(bigint, text, text, text, int, text)
TO chemadmin;
GRANT EXECUTE ON FUNCTION control.check_catalogue() TO chemadmin, chem_dba;
