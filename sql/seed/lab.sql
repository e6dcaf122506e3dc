-- Makes the lab :lab out of the temporary tables, as a DBA who looks as that lab: locations and chemicals first, then what
-- happened, in the order of time, through the same triggers and functions as any day's work.
SELECT set_config('app.lab_id', l.id::text, true), set_config('app.user_id', u.id::text, true)
  FROM control.labs AS l, control.users AS u
 WHERE l.slug = :'lab' AND u.username = :'manager' AND u.retired_at IS NULL \gset unused_

DO $$
DECLARE
  zone      text := (SELECT time_zone FROM control.labs WHERE id = control.lab_id());
  today     date := control.today();
  beginning timestamptz := (today - 70 + time '08:30') AT TIME ZONE zone;  -- the lab's first day with ChemTrack
  location     record;
  event     record;
  bottle    inventory.containers;
  stocktake bigint;
  made      bigint;
BEGIN
  PERFORM set_config('app.clock', beginning::text, true);
  FOR location IN SELECT * FROM demo_locations ORDER BY line LOOP
    INSERT INTO inventory.locations (parent_id, kind, name, count_period_days, last_counted_at, made_at)
    VALUES ((SELECT l.id FROM demo_locations AS l WHERE l.code = location.parent), location.kind, location.name, location.count_period_days,
            (today - location.counted_days_ago + time '16:00') AT TIME ZONE zone, beginning)
    RETURNING id INTO made;
    UPDATE demo_locations SET id = made WHERE line = location.line;
  END LOOP;

  INSERT INTO inventory.chemicals (name, synonyms, cas_number, formula, molar_mass_g_per_mol, smiles, inchikey, physical_state,
         density_g_per_ml, pictograms, signal_word, h_statements, p_statements, storage_class, supplier, catalogue_number,
         low_stock_amount, low_stock_unit, notes, made_at, changed_at)
  SELECT d.name,
         ARRAY(SELECT n.name FROM reference.substance_names AS n WHERE n.cas_number = d.cas_number ORDER BY length(n.name), n.name),
         d.cas_number, s.formula, s.molar_mass_g_per_mol, s.smiles, s.inchikey, coalesce(d.physical_state, s.physical_state),
         coalesce(d.density_g_per_ml, s.density_g_per_ml), CASE WHEN d.checked_none THEN '{}' ELSE h.pictograms END, h.signal_word,
         coalesce(h.h_statements, '{}'), coalesce(h.p_statements, '{}'), h.storage_class, d.supplier, d.catalogue_number,
         d.low_stock_amount, d.low_stock_unit, d.notes, beginning, beginning
    FROM demo_chemicals AS d
    LEFT JOIN reference.substances AS s USING (cas_number)
    LEFT JOIN reference.hazard_classifications AS h USING (cas_number)
   ORDER BY d.line;
  UPDATE demo_chemicals AS d SET id = c.id FROM inventory.chemicals AS c WHERE c.lab_id = control.lab_id() AND c.name = inventory.composed(d.name);

  FOR event IN
    SELECT (today - least(c.received_days_ago, 70) + CASE WHEN c.received_days_ago > 70 THEN time '08:45' ELSE time '10:30' END
              + c.line * interval '1 minute') AT TIME ZONE zone AS moment,
           0 AS line, c.received_by AS who, 'receive' AS what, c.barcode, c.amount, c.unit, c.location, NULL AS note
      FROM demo_containers AS c
    UNION ALL
    SELECT (today - e.days_ago + e.at) AT TIME ZONE zone, e.line, e.who, e.what, e.barcode, e.amount, e.unit, e.location, e.note
      FROM demo_events AS e
     ORDER BY moment, line
  LOOP
    PERFORM set_config('app.clock', event.moment::text, true),
            set_config('app.user_id', (SELECT u.id::text FROM control.users AS u
                                        WHERE u.username = event.who AND u.retired_at IS NULL), true);
    SELECT l.* INTO location FROM demo_locations AS l WHERE l.code = event.location;
    SELECT c.* INTO bottle FROM inventory.containers AS c WHERE c.lab_id = control.lab_id() AND c.barcode = event.barcode;

    CASE event.what
    WHEN 'receive' THEN
      -- The first container of an order makes its delivery.
      INSERT INTO inventory.deliveries (order_number, supplier, received_on)
      SELECT c.order_number, d.supplier, today - c.received_days_ago
        FROM demo_containers AS c JOIN demo_chemicals AS d ON d.name = c.chemical
       WHERE c.barcode = event.barcode AND c.order_number IS NOT NULL
         AND NOT EXISTS (SELECT FROM inventory.deliveries AS y WHERE y.lab_id = control.lab_id() AND y.order_number = c.order_number);
      INSERT INTO inventory.containers (chemical_id, barcode, unit, pack_size, pack_unit, location_id, lot, supplier, catalogue_number,
             purity, price, currency, received_on, opened_on, expires_on, delivery_id)
      SELECT d.id, c.barcode, c.unit, c.pack_size, c.pack_unit, location.id, c.lot, d.supplier, d.catalogue_number,
             c.purity, c.price, CASE WHEN c.price IS NOT NULL THEN 'GBP' END, today - c.received_days_ago, today - c.opened_days_ago,
             today + c.expires_in_days,
             (SELECT y.id FROM inventory.deliveries AS y WHERE y.lab_id = control.lab_id() AND y.order_number = c.order_number)
        FROM demo_containers AS c JOIN demo_chemicals AS d ON d.name = c.chemical
       WHERE c.barcode = event.barcode
      RETURNING * INTO bottle;
      INSERT INTO inventory.movements (container_id, kind, typed_amount, typed_unit, delivery_id)
      VALUES (bottle.id, 'receive', event.amount, CASE WHEN event.amount IS NOT NULL THEN event.unit END, bottle.delivery_id);
    WHEN 'check_out' THEN
      INSERT INTO inventory.movements (container_id, kind, typed_amount, typed_unit, reason)
      VALUES (bottle.id, 'check_out', event.amount, event.unit, event.note);
    WHEN 'return', 'correct' THEN  -- of its last check-out
      INSERT INTO inventory.movements (container_id, kind, typed_amount, typed_unit, reason, refers_to_id)
      SELECT bottle.id, event.what, event.amount, event.unit, event.note, max(m.id)
        FROM inventory.movements AS m WHERE m.lab_id = control.lab_id() AND m.container_id = bottle.id AND m.kind = 'check_out';
    WHEN 'take' THEN
      UPDATE inventory.containers SET holder_id = control.user_id() WHERE lab_id = bottle.lab_id AND id = bottle.id;
    WHEN 'bring_back' THEN  -- with this amount left
      INSERT INTO inventory.movements (container_id, kind, typed_amount, typed_unit, reason)
      VALUES (bottle.id, 'check_out', inventory.convert(bottle.amount, bottle.unit, event.unit) - event.amount, event.unit, event.note);
      UPDATE inventory.containers SET holder_id = NULL WHERE lab_id = bottle.lab_id AND id = bottle.id;
    WHEN 'move' THEN
      UPDATE inventory.containers SET location_id = location.id WHERE lab_id = bottle.lab_id AND id = bottle.id;
    WHEN 'stocktake' THEN
      INSERT INTO inventory.stocktakes (location_id) VALUES (location.id) RETURNING id INTO stocktake;
    WHEN 'count' THEN
      INSERT INTO inventory.stocktake_counts (stocktake_id, container_id, found, counted, counted_unit, location_id, reason)
      VALUES (stocktake, bottle.id, true, event.amount, event.unit, bottle.location_id, event.note);
    WHEN 'missing' THEN
      INSERT INTO inventory.stocktake_counts (stocktake_id, container_id, found) VALUES (stocktake, bottle.id, false);
    WHEN 'count_rest' THEN  -- counts every other container as expected
      INSERT INTO inventory.stocktake_counts (stocktake_id, container_id, found, counted, counted_unit, location_id)
      SELECT t.id, c.id, true, c.amount, CASE WHEN c.amount IS NOT NULL THEN c.unit END, c.location_id
        FROM inventory.stocktakes AS t
        JOIN inventory.locations AS l ON l.lab_id = t.lab_id AND l.id = t.location_id
        JOIN inventory.locations AS below ON below.lab_id = l.lab_id AND starts_with(below.path, l.path)
        JOIN inventory.containers AS c ON c.lab_id = below.lab_id AND c.location_id = below.id AND c.disposed_at IS NULL
       WHERE t.lab_id = control.lab_id() AND t.id = stocktake
         AND NOT EXISTS (SELECT FROM inventory.stocktake_counts AS n
                          WHERE n.lab_id = t.lab_id AND n.stocktake_id = t.id AND n.container_id = c.id);
    WHEN 'post' THEN
      PERFORM inventory.post_stocktake(stocktake);
    WHEN 'mark' THEN
      INSERT INTO inventory.disposals (chemical_id, container_id, reason) VALUES (bottle.chemical_id, bottle.id, event.note);
    WHEN 'mark_chemical' THEN
      INSERT INTO inventory.disposals (chemical_id, reason) VALUES (bottle.chemical_id, event.note);
    WHEN 'confirm' THEN
      PERFORM inventory.confirm_disposals(array_agg(d.id)) FROM inventory.disposals AS d
        WHERE d.lab_id = bottle.lab_id AND d.container_id = bottle.id AND d.outcome IS NULL;
    WHEN 'keep' THEN
      UPDATE inventory.disposals SET outcome = 'kept' WHERE lab_id = bottle.lab_id AND container_id = bottle.id AND outcome IS NULL;
    END CASE;
  END LOOP;

  INSERT INTO inventory.container_numbers (lab_id, last_number)
  SELECT control.lab_id(), max(substr(barcode, 4)::bigint) FROM demo_containers;
  PERFORM set_config('app.clock', '', true), set_config('app.user_id', '', true), set_config('app.lab_id', '', true);
END $$;
