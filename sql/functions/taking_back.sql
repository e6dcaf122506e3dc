-- Takes back what was made by mistake: an import, a receipt or a chemical. Containers that nothing has happened to since are disposed of
-- through the ledger. They give up their barcodes and the keys of their rows, so that the same file can be loaded again.

CREATE OR REPLACE FUNCTION inventory.given_up(container inventory.containers) RETURNS text
LANGUAGE sql STABLE SECURITY INVOKER SET search_path = pg_catalog, pg_temp AS $$
  SELECT t.barcode
    FROM generate_series(0, 1000) AS n
   CROSS JOIN LATERAL (SELECT left(container.barcode, 40) || ':' || container.id || CASE WHEN n > 0 THEN ':' || n ELSE '' END AS barcode) AS t
   WHERE NOT EXISTS (SELECT FROM inventory.containers x
                      WHERE x.lab_id = container.lab_id AND x.id <> container.id AND x.barcode_folded = lower(t.barcode))
   ORDER BY n LIMIT 1
$$;
COMMENT ON FUNCTION inventory.given_up(inventory.containers) IS
  'The barcode that a container which was disposed of has instead of its own: with its id behind, and a number where somebody uses that barcode, too.';

CREATE OR REPLACE FUNCTION inventory.give_up_keys(disposed bigint[]) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  UPDATE inventory.containers c SET import_key = NULL, barcode = inventory.given_up(c)
   WHERE c.lab_id = (SELECT control.lab_id_for('manager')) AND c.id = ANY (disposed) AND c.disposed_at IS NOT NULL
$$;
COMMENT ON FUNCTION inventory.give_up_keys(bigint[]) IS
  'Frees the barcodes of containers that were disposed of (the id is put behind each) and the keys of their rows, so that a manager can load these rows again.';

CREATE OR REPLACE FUNCTION inventory.take_back_import(import bigint) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  lab      int := control.lab_id_for('manager');
  it       inventory.imports;
  outcome  jsonb;
  made     bigint[];  -- containers of the import that are still here
  idle     bigint[];  -- those of them that nothing has happened to
  retired  int;
  archived int;
BEGIN
  IF NOT pg_try_advisory_xact_lock(hashtext('inventory.imports'), lab) THEN
    RAISE EXCEPTION 'another import is being loaded' USING ERRCODE = '55P03', CONSTRAINT = 'imports_are_loaded_one_at_a_time';
  END IF;
  SELECT * INTO it FROM inventory.imports i WHERE i.lab_id = lab AND i.id = import FOR UPDATE;
  IF NOT found THEN
    RAISE EXCEPTION 'no such import' USING ERRCODE = 'P0002', CONSTRAINT = 'import_exists';
  ELSIF it.committed_at IS NULL THEN
    RAISE EXCEPTION 'not loaded' USING ERRCODE = '23514', CONSTRAINT = 'import_is_loaded';
  ELSIF it.reading ? 'taken_back' THEN
    RETURN it.reading -> 'taken_back';
  END IF;

  -- The time tells the containers of this import from those of a later one, which may have the same keys.
  SELECT array_agg(c.id ORDER BY c.id) INTO made
    FROM inventory.import_rows r CROSS JOIN LATERAL generate_series(1, (r.record ->> 'count')::int) AS n
    JOIN inventory.containers c ON c.lab_id = lab AND c.import_key = r.key || CASE WHEN n > 1 THEN '#' || n ELSE '' END
   WHERE r.lab_id = lab AND r.import_id = import AND r.state = 'loaded' AND c.disposed_at IS NULL AND c.made_at <= it.committed_at;
  PERFORM FROM inventory.containers c WHERE c.lab_id = lab AND c.id = ANY (made) ORDER BY c.id FOR UPDATE;
  SELECT array_agg(c.id ORDER BY c.id) INTO idle FROM inventory.containers c
   WHERE c.lab_id = lab AND c.id = ANY (made) AND c.last_line = 1 AND c.holder_id IS NULL AND c.missing_since IS NULL
     AND NOT EXISTS (SELECT FROM inventory.transfers t WHERE t.lab_id = lab AND t.container_id = c.id)
     AND NOT EXISTS (SELECT FROM inventory.stocktake_counts s WHERE s.lab_id = lab AND s.container_id = c.id);
  INSERT INTO inventory.movements (lab_id, container_id, kind, reason)
  SELECT lab, id, 'dispose', left('Import taken back: ' || it.file_name, 500) FROM unnest(idle) AS id ORDER BY id;
  PERFORM inventory.give_up_keys(idle);

  WITH gone AS (
    UPDATE inventory.chemicals h SET retired_at = control.clock()
     WHERE h.lab_id = lab AND h.retired_at IS NULL AND h.made_at = (it.reading ->> 'began_at')::timestamptz AND h.changed_at = h.made_at
       AND h.id IN (SELECT r.chemical_id FROM inventory.import_rows r WHERE r.lab_id = lab AND r.import_id = import AND r.state = 'loaded')
       AND NOT EXISTS (SELECT FROM inventory.containers c WHERE c.lab_id = lab AND c.chemical_id = h.id AND c.disposed_at IS NULL)
    RETURNING 1)
  SELECT count(*) INTO retired FROM gone;
  WITH gone AS (
    UPDATE inventory.locations l SET archived_at = control.clock()
     WHERE l.lab_id = lab AND l.archived_at IS NULL AND l.made_at = (it.reading ->> 'began_at')::timestamptz
       AND NOT EXISTS (SELECT FROM inventory.locations x
                        WHERE x.lab_id = lab AND x.archived_at IS NULL AND starts_with(x.path, l.path)
                          AND (x.made_at <> l.made_at OR EXISTS (
                                SELECT FROM inventory.containers c WHERE c.lab_id = lab AND c.location_id = x.id AND c.disposed_at IS NULL)))
    RETURNING 1)
  SELECT count(*) INTO archived FROM gone;

  outcome := jsonb_build_object(
    'containers', coalesce(cardinality(idle), 0), 'chemicals', retired, 'locations', archived,
    'stay', coalesce(cardinality(made), 0) - coalesce(cardinality(idle), 0),
    'staying', (SELECT coalesce(jsonb_agg(s.barcode ORDER BY s.id), '[]')
                  FROM (SELECT c.id, c.barcode FROM inventory.containers c
                         WHERE c.lab_id = lab AND c.id = ANY (made) AND c.disposed_at IS NULL ORDER BY c.id LIMIT 100) AS s),
    'at', control.clock(), 'by_name', (SELECT u.name FROM control.users u WHERE u.id = control.user_id()));
  UPDATE inventory.imports i SET reading = i.reading || jsonb_build_object('taken_back', outcome) WHERE i.lab_id = lab AND i.id = import;
  RETURN outcome;
END $$;
COMMENT ON FUNCTION inventory.take_back_import(bigint) IS
  'A manager takes back an import that was loaded: disposes of its containers that nothing has happened to since, retires the chemicals and archives the locations that the import made and that are empty now. Returns how many, and which containers stay.';

-- The same rule as for a correction of the ledger (sql/triggers/movements.sql).
CREATE OR REPLACE FUNCTION inventory.may_take_back(made_by bigint, made_at timestamptz) RETURNS boolean
LANGUAGE sql STABLE SECURITY INVOKER SET search_path = pg_catalog, pg_temp AS $$
  SELECT control.is_dba() OR control.role() = 'manager'
      OR coalesce(control.role() = 'member' AND made_by = control.user_id() AND made_at > now() - interval '1 day', false)
$$;
COMMENT ON FUNCTION inventory.may_take_back(bigint, timestamptz) IS 'Whether the user may take back what made_by made at made_at: their own for a day; a manager may always.';

CREATE OR REPLACE FUNCTION inventory.happened_since_receipt(c inventory.containers) RETURNS text
LANGUAGE sql STABLE SECURITY INVOKER SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE WHEN c.disposed_at IS NOT NULL THEN 'disposed of'
              WHEN c.holder_id IS NOT NULL THEN 'taken'
              WHEN c.missing_since IS NOT NULL THEN 'not found by a stocktake'
              ELSE coalesce(
                (SELECT CASE m.kind WHEN 'count' THEN 'counted' ELSE 'checked out' END FROM inventory.movements m
                  WHERE m.lab_id = c.lab_id AND m.container_id = c.id AND m.kind IN ('check_out', 'return', 'count') AND NOT inventory.is_undone(m)
                  ORDER BY m.line LIMIT 1),
                (SELECT 'counted' FROM inventory.stocktake_counts s WHERE s.lab_id = c.lab_id AND s.container_id = c.id LIMIT 1),
                (SELECT 'moved' FROM inventory.transfers_that_hold t WHERE t.lab_id = c.lab_id AND t.container_id = c.id LIMIT 1)) END
$$;
COMMENT ON FUNCTION inventory.happened_since_receipt(inventory.containers) IS 'What has happened to a container since it was received and was not undone; NULL: nothing.';

-- Whether a receipt was taken back is read in the ledger and stored nowhere else: when the disposal of a container is taken back, the
-- container was received after all.
CREATE OR REPLACE FUNCTION inventory.receipts_taken_back(delivery bigint) RETURNS TABLE (made_at timestamptz, made_by bigint)
LANGUAGE sql STABLE SECURITY INVOKER SET search_path = pg_catalog, pg_temp AS $$
  SELECT m.made_at, m.made_by
    FROM inventory.containers c
    JOIN inventory.movements m ON m.lab_id = c.lab_id AND m.container_id = c.id AND m.line = c.last_line
   WHERE c.delivery_id = delivery AND m.kind = 'dispose' AND m.reason = 'Receipt taken back'
   ORDER BY m.id LIMIT 1
$$;
COMMENT ON FUNCTION inventory.receipts_taken_back(bigint) IS 'When a receipt was taken back, and by whom; no row if it was not, or if all its containers are back.';

CREATE OR REPLACE FUNCTION inventory.take_back_delivery(delivery bigint) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  lab    int := control.lab_id_for('member');
  d      inventory.deliveries;
  made   bigint[];
  moved  jsonb;
BEGIN
  SELECT * INTO d FROM inventory.deliveries x WHERE x.lab_id = lab AND x.id = delivery FOR UPDATE;
  IF NOT found THEN
    RAISE EXCEPTION 'no such delivery' USING ERRCODE = 'P0002', CONSTRAINT = 'delivery_exists';
  ELSIF NOT inventory.may_take_back(d.made_by, d.made_at) THEN
    RAISE EXCEPTION 'not yours' USING ERRCODE = '42501', CONSTRAINT = 'deliveries_are_taken_back_by_author_or_manager';
  ELSIF EXISTS (SELECT FROM inventory.receipts_taken_back(delivery)) THEN
    RAISE EXCEPTION 'taken back already' USING ERRCODE = '23514', CONSTRAINT = 'deliveries_are_taken_back_once';
  END IF;
  PERFORM FROM inventory.containers c WHERE c.lab_id = lab AND c.delivery_id = delivery ORDER BY c.id FOR UPDATE;
  SELECT array_agg(c.id ORDER BY c.id), jsonb_agg(c.barcode || ' was ' || s.since ORDER BY c.id) FILTER (WHERE s.since IS NOT NULL) INTO made, moved
    FROM inventory.containers c
   CROSS JOIN LATERAL (SELECT inventory.happened_since_receipt(c) AS since) AS s
   WHERE c.lab_id = lab AND c.delivery_id = delivery;
  IF moved IS NOT NULL THEN
    RAISE EXCEPTION 'used since' USING ERRCODE = '23514', CONSTRAINT = 'deliveries_are_taken_back_while_nothing_moved',
      DETAIL = jsonb_build_object('moved', (SELECT string_agg(m, ', ') FROM (SELECT m FROM jsonb_array_elements_text(moved) AS m LIMIT 10) AS m)
                                           || CASE WHEN jsonb_array_length(moved) > 10 THEN ' …' ELSE '' END)::text;
  END IF;
  INSERT INTO inventory.movements (lab_id, container_id, kind, reason)
  SELECT lab, id, 'dispose', 'Receipt taken back' FROM unnest(made) AS id ORDER BY id;
  UPDATE inventory.containers c SET barcode = inventory.given_up(c) WHERE c.lab_id = lab AND c.id = ANY (made);
  -- Retire the chemicals that this receipt listed and that nobody has changed or received since.
  UPDATE inventory.chemicals h SET retired_at = control.clock()
   WHERE h.lab_id = lab AND h.retired_at IS NULL AND h.made_by = d.made_by AND h.changed_at = h.made_at
     AND h.made_at BETWEEN d.made_at - interval '1 minute' AND d.made_at
     AND EXISTS (SELECT FROM inventory.containers c WHERE c.lab_id = lab AND c.chemical_id = h.id AND c.delivery_id = delivery)
     AND NOT EXISTS (SELECT FROM inventory.containers c WHERE c.lab_id = lab AND c.chemical_id = h.id AND c.delivery_id IS DISTINCT FROM delivery);
  RETURN coalesce(cardinality(made), 0);
END $$;
COMMENT ON FUNCTION inventory.take_back_delivery(bigint) IS
  'Takes back a receipt to whose containers nothing has happened since: they are disposed of and give up their barcodes; chemicals that the receipt listed and nobody has used since are retired. Returns how many containers.';

CREATE OR REPLACE FUNCTION inventory.take_back_chemical(chemical bigint) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  lab int := control.lab_id_for('member');
  h   inventory.chemicals;
BEGIN
  SELECT * INTO h FROM inventory.chemicals x WHERE x.lab_id = lab AND x.id = chemical AND x.retired_at IS NULL FOR UPDATE;
  IF NOT found THEN
    RAISE EXCEPTION 'no such chemical' USING ERRCODE = 'P0002', CONSTRAINT = 'chemical_exists';
  ELSIF NOT inventory.may_take_back(h.made_by, h.made_at) THEN
    RAISE EXCEPTION 'not yours' USING ERRCODE = '42501', CONSTRAINT = 'chemicals_are_taken_back_by_author_or_manager';
  ELSIF EXISTS (SELECT FROM inventory.containers c WHERE c.lab_id = lab AND c.chemical_id = chemical)
     OR EXISTS (SELECT FROM inventory.disposals d WHERE d.lab_id = lab AND d.chemical_id = chemical AND d.outcome IS NULL) THEN
    RAISE EXCEPTION 'has containers' USING ERRCODE = '23514', CONSTRAINT = 'chemicals_are_taken_back_while_empty';
  END IF;
  UPDATE inventory.chemicals x SET retired_at = control.clock() WHERE x.lab_id = lab AND x.id = chemical;
  RETURN chemical;
END $$;
COMMENT ON FUNCTION inventory.take_back_chemical(bigint) IS
  'Takes back a chemical that never had a container: it is retired, so that lists leave it out. Whoever listed it may do so for a day, a manager always.';
