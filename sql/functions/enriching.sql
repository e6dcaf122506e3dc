-- Fills empty fields of many chemicals from the reference, as one act that can be undone.

CREATE OR REPLACE FUNCTION reference.match(name text, number text, key text) RETURNS TABLE (cas_number text, matched_by text)
LANGUAGE plpgsql STABLE SECURITY INVOKER ROWS 1 SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  candidates text[];
BEGIN
  IF number IS NOT NULL THEN
    RETURN QUERY SELECT s.cas_number, 'cas_number' FROM reference.substances s WHERE s.cas_number = number;
    RETURN;
  END IF;
  candidates := ARRAY(SELECT n.cas_number FROM reference.substances_named(name) AS n WHERE n.meant);
  IF cardinality(candidates) = 1 THEN
    RETURN QUERY SELECT candidates[1], 'name';
    RETURN;
  END IF;
  candidates := ARRAY(SELECT s.cas_number FROM reference.substances s WHERE s.inchikey = key);
  IF cardinality(candidates) = 1 THEN
    RETURN QUERY SELECT candidates[1], 'inchikey';
  END IF;
END $$;
COMMENT ON FUNCTION reference.match(text, text, text) IS
  'The substance of a chemical: by its CAS RN; without one, by its name if that means one substance, else by its InChIKey if only one has it.';

CREATE OR REPLACE FUNCTION inventory.contradictions(h inventory.chemicals, s reference.substances) RETURNS text[]
LANGUAGE plpgsql STABLE SECURITY INVOKER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  water CONSTANT numeric := 18.015;
  away  numeric := abs(h.molar_mass_g_per_mol - s.molar_mass_g_per_mol);
  found text[] := '{}';
  named text[];
BEGIN
  -- Most chemicals are called as their substance is, and to compare texts is quickest.
  IF lower(h.name) <> lower(s.name) THEN
    named := ARRAY(SELECT n.cas_number FROM reference.substances_named(h.name) AS n);
    IF cardinality(named) > 0 AND s.cas_number <> ALL (named) THEN
      found := array_append(found, 'name');
    END IF;
  END IF;
  -- Tables of atomic weights differ by less than this.
  IF away > greatest(0.05, s.molar_mass_g_per_mol * 0.0005) THEN
    found := array_append(found, CASE WHEN round(away / water) BETWEEN 1 AND 18 AND abs(away - round(away / water) * water) < 0.1
                                      THEN 'hydrate' ELSE 'mass' END);
  END IF;
  IF h.inchikey <> s.inchikey THEN
    found := array_append(found, 'inchikey');
  END IF;
  RETURN found;
END $$;
COMMENT ON FUNCTION inventory.contradictions(inventory.chemicals, reference.substances) IS
  'What of a chemical is of another substance: its name; its molar mass, so its formula; that by whole molecules of water; its InChIKey.';

CREATE OR REPLACE FUNCTION inventory.would_fill(h inventory.chemicals, number text) RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY INVOKER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  here   jsonb := (SELECT jsonb_object_agg(f.key, f.value) FROM jsonb_each(to_jsonb(h)) AS f WHERE f.key <> 'origins' AND f.value NOT IN ('null', '[]'));
  filled jsonb := inventory.fill_in(here || jsonb_build_object('cas_number', number)) - ARRAY(SELECT jsonb_object_keys(here));
BEGIN
  IF h.pictograms IS NOT NULL OR h.p_statements <> '{}' THEN
    filled := filled - ARRAY['pictograms', 'signal_word', 'h_statements', 'p_statements', 'hazards_from'];
  END IF;
  IF h.formula IS NOT NULL THEN
    filled := filled - 'molar_mass_g_per_mol'::text;  -- the mass of a formula is worked out where that can be done
  END IF;
  IF h.cas_number IS NULL THEN
    filled := filled || jsonb_build_object('cas_number', number, 'origins', filled -> 'origins' || jsonb_build_object('cas_number', 'the reference (' || number || ')'));
  END IF;
  filled := jsonb_set(filled, '{origins}', coalesce((
    SELECT jsonb_object_agg(o.key, o.value) FROM jsonb_each(filled -> 'origins') AS o WHERE filled ? o.key), '{}'));
  RETURN CASE WHEN filled - 'origins'::text = '{}' THEN '{}' ELSE filled END;
END $$;
COMMENT ON FUNCTION inventory.would_fill(inventory.chemicals, text) IS
  'The columns of a chemical that are empty, with what the reference says of them by that CAS RN, and their origins. Hazards are filled together, where nothing is known of them.';

CREATE OR REPLACE FUNCTION inventory.enrichable(chosen bigint[])
RETURNS TABLE (chemical_id bigint, name text, cas_number text, substance text, matched_by text, contradictions text[], fields jsonb)
LANGUAGE sql STABLE SECURITY INVOKER SET search_path = pg_catalog, pg_temp AS $$
  SELECT h.id, h.name, s.cas_number, s.name, m.matched_by, c.contradictions,
         CASE WHEN c.contradictions = '{}' THEN inventory.would_fill(h, s.cas_number) ELSE '{}' END
    FROM unnest(chosen) WITH ORDINALITY AS u (id, place)
   CROSS JOIN LATERAL (SELECT * FROM inventory.chemicals k WHERE k.id = u.id AND k.retired_at IS NULL OFFSET 0) AS h
   CROSS JOIN LATERAL reference.match(h.name, h.cas_number, h.inchikey) AS m
    JOIN LATERAL (SELECT * FROM reference.substances r WHERE r.cas_number = m.cas_number) AS s ON true
   CROSS JOIN LATERAL (SELECT inventory.contradictions(h, s) AS contradictions) AS c
   ORDER BY u.place
$$;
COMMENT ON FUNCTION inventory.enrichable(bigint[]) IS
  'Those of the chemicals that the reference knows, each with what contradicts it and, where nothing does, what would be filled.';

CREATE OR REPLACE FUNCTION inventory.enrich(enrichment bigint, chosen bigint[], most int) RETURNS int
LANGUAGE plpgsql SECURITY INVOKER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  one   record;
  added jsonb := '{}';
BEGIN
  PERFORM FROM inventory.chemicals h WHERE h.id = ANY (chosen) ORDER BY h.id FOR UPDATE;
  FOR one IN SELECT e.chemical_id, e.fields, h.origins
               FROM inventory.enrichable(chosen) AS e JOIN inventory.chemicals h ON h.id = e.chemical_id WHERE e.fields <> '{}' LIMIT most LOOP
    PERFORM inventory.update_row('inventory.chemicals', one.chemical_id,
                                 one.fields || jsonb_build_object('origins', one.origins || (one.fields -> 'origins')));
    added := added || jsonb_build_object(one.chemical_id::text, one.fields - 'origins'::text);
  END LOOP;
  UPDATE inventory.enrichments e SET filled = e.filled || added WHERE e.id = enrichment;
  RETURN (SELECT count(*) FROM jsonb_object_keys(added));
END $$;
COMMENT ON FUNCTION inventory.enrich(bigint, bigint[], int) IS
  'Fills empty fields of the chemicals, of at most this number of them, and notes in the enrichment what was filled. Returns the number of chemicals.';

CREATE OR REPLACE FUNCTION inventory.undo_enrichment(enrichment bigint) RETURNS TABLE (emptied int, kept int)
LANGUAGE plpgsql SECURITY INVOKER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  hazards CONSTANT text[] := ARRAY['pictograms', 'signal_word', 'h_statements', 'p_statements', 'hazards_from'];
  act     inventory.enrichments;
  one     record;
  same    text[];
BEGIN
  SELECT * INTO act FROM inventory.enrichments e WHERE e.id = enrichment FOR UPDATE;
  IF NOT found THEN
    RAISE EXCEPTION 'no such enrichment' USING ERRCODE = 'P0002', CONSTRAINT = 'enrichment_exists';
  ELSIF NOT control.is_dba() AND control.role() IS DISTINCT FROM 'manager' AND act.made_by IS DISTINCT FROM control.user_id() THEN
    RAISE EXCEPTION 'not yours' USING ERRCODE = '42501', CONSTRAINT = 'enrichments_are_undone_by_author_or_manager';
  ELSIF act.undone_at IS NOT NULL THEN
    RAISE EXCEPTION 'undone before' USING ERRCODE = '23514', CONSTRAINT = 'enrichments_are_undone_once';
  END IF;
  emptied := 0;
  kept := 0;
  FOR one IN SELECT h.id, h.origins, to_jsonb(h) AS here, f.value AS filled
               FROM jsonb_each(act.filled) AS f
              CROSS JOIN LATERAL (SELECT * FROM inventory.chemicals k WHERE k.id = f.key::bigint ORDER BY k.id FOR UPDATE) AS h LOOP
    same := ARRAY(SELECT f.key FROM jsonb_each(one.filled) AS f WHERE one.here -> f.key = f.value);
    -- Hazards that somebody has changed in part stay as they are.
    IF EXISTS (SELECT FROM jsonb_object_keys(one.filled) AS k WHERE k = ANY (hazards) AND k <> ALL (same)) THEN
      same := ARRAY(SELECT k FROM unnest(same) AS k WHERE k <> ALL (hazards));
    END IF;
    emptied := emptied + cardinality(same);
    kept := kept + (SELECT count(*)::int FROM jsonb_object_keys(one.filled)) - cardinality(same);
    IF cardinality(same) > 0 THEN
      PERFORM inventory.update_row('inventory.chemicals', one.id, jsonb_build_object('origins', one.origins - same)
        || (SELECT jsonb_object_agg(k, CASE WHEN k IN ('synonyms', 'h_statements', 'p_statements') THEN '[]'::jsonb ELSE 'null' END) FROM unnest(same) AS k));
    END IF;
  END LOOP;
  UPDATE inventory.enrichments e SET undone_at = control.clock() WHERE e.id = enrichment;
  RETURN NEXT;
END $$;
COMMENT ON FUNCTION inventory.undo_enrichment(bigint) IS
  'Empties the fields that an enrichment filled and that nobody has changed since. Whoever enriched may do so, and a manager. Returns how many were emptied, and how many stay because they were changed.';
