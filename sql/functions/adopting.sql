-- Adopts hazards from the published lists that an administrator has kept (reference.classification_lists).

CREATE OR REPLACE FUNCTION reference.title_of(l reference.classification_lists) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
  SELECT l.name || ', ' || l.version
$$;
COMMENT ON FUNCTION reference.title_of(reference.classification_lists) IS 'What hazards_from says of hazards that were adopted from the list: HCIS, May 2022.';

CREATE OR REPLACE FUNCTION reference.classifications_offered(number text)
RETURNS TABLE (list_id bigint, place int, list text, title text, name text, notes text, pictograms text[], signal_word text, h_statements text[])
LANGUAGE sql STABLE SECURITY INVOKER ROWS 2 SET search_path = pg_catalog, pg_temp AS $$
  SELECT c.list_id, c.place, l.name, reference.title_of(l), c.name, c.notes, c.pictograms, c.signal_word, c.h_statements
    FROM reference.classifications c JOIN reference.classification_lists l ON l.id = c.list_id
   WHERE c.cas_number = number AND l.kept_at IS NOT NULL
     AND NOT EXISTS (SELECT FROM reference.classification_lists n WHERE lower(n.name) = lower(l.name) AND n.kept_at > l.kept_at)
   ORDER BY c.list_id, c.place
$$;
COMMENT ON FUNCTION reference.classifications_offered(text) IS 'What the latest kept version of each list says of a CAS RN: several rows are several forms, or lists.';

CREATE OR REPLACE FUNCTION inventory.adoptable(chosen bigint[])
RETURNS TABLE (chemical_id bigint, name text, cas_number text, kind text, hazards_from text, title text, fields jsonb)
LANGUAGE sql STABLE SECURITY INVOKER SET search_path = pg_catalog, pg_temp AS $$
  SELECT h.id, h.name, h.cas_number, k.kind, h.hazards_from, o.title,
         CASE WHEN k.kind = 'adopt' THEN jsonb_build_object('pictograms', o.pictograms, 'signal_word', o.signal_word, 'h_statements', o.h_statements, 'hazards_from', o.title) END
    FROM unnest(chosen) WITH ORDINALITY AS u (id, nth)
   CROSS JOIN LATERAL (SELECT * FROM inventory.chemicals c WHERE c.id = u.id AND c.retired_at IS NULL AND c.cas_number IS NOT NULL OFFSET 0) AS h
   CROSS JOIN LATERAL (SELECT count(DISTINCT (f.pictograms, f.signal_word, f.h_statements)) AS different FROM reference.classifications_offered(h.cas_number) AS f) AS d
    LEFT JOIN LATERAL (SELECT f.* FROM reference.classifications_offered(h.cas_number) AS f LIMIT 1) AS o ON true
   -- The list from which the hazards were adopted, where a later version was kept since.
    LEFT JOIN LATERAL (
         SELECT n.name AS list FROM reference.classification_lists l JOIN reference.classification_lists n ON lower(n.name) = lower(l.name) AND n.kept_at > l.kept_at
          WHERE l.kept_at IS NOT NULL AND reference.title_of(l) = h.hazards_from LIMIT 1) AS older ON true
   CROSS JOIN LATERAL (
         SELECT CASE WHEN h.pictograms IS NULL AND d.different = 1 THEN 'adopt'
                     WHEN h.pictograms IS NULL AND d.different > 1 THEN 'choose'
                     WHEN older.list IS NOT NULL AND NOT EXISTS (
                            SELECT FROM reference.classifications_offered(h.cas_number) AS f
                             WHERE lower(f.list) = lower(older.list) AND f.signal_word IS NOT DISTINCT FROM h.signal_word
                               AND f.pictograms @> h.pictograms AND f.pictograms <@ h.pictograms
                               AND f.h_statements @> h.h_statements AND f.h_statements <@ h.h_statements) THEN 'changed' END AS kind) AS k
   WHERE k.kind IS NOT NULL
   ORDER BY u.nth
$$;
COMMENT ON FUNCTION inventory.adoptable(bigint[]) IS
  'Those of the chemicals for which a kept list has something to say. adopt: their hazards are not known, and all entries say the same; choose: entries differ; changed: adopted from a version that a later one contradicts, or leaves out.';

CREATE OR REPLACE FUNCTION inventory.adopt_all(enrichment bigint, chosen bigint[], most int) RETURNS int
LANGUAGE plpgsql SECURITY INVOKER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  one   record;
  added jsonb := '{}';
BEGIN
  PERFORM FROM inventory.chemicals h WHERE h.id = ANY (chosen) ORDER BY h.id FOR UPDATE;
  FOR one IN SELECT a.chemical_id, a.fields FROM inventory.adoptable(chosen) AS a WHERE a.kind = 'adopt' LIMIT most LOOP
    PERFORM inventory.update_row('inventory.chemicals', one.chemical_id, one.fields);
    added := added || jsonb_build_object(one.chemical_id::text, one.fields);
  END LOOP;
  UPDATE inventory.enrichments e SET filled = e.filled || added WHERE e.id = enrichment;
  RETURN (SELECT count(*) FROM jsonb_object_keys(added));
END $$;
COMMENT ON FUNCTION inventory.adopt_all(bigint, bigint[], int) IS
  'Gives the chemicals whose hazards are not known those that all entries of the lists agree on, at most this number, and notes it in the enrichment. Returns the number of chemicals.';

CREATE OR REPLACE FUNCTION inventory.adopt(chemical bigint, list bigint, place int, version text) RETURNS bigint
LANGUAGE plpgsql SECURITY INVOKER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  number text;
  fields jsonb;
BEGIN
  SELECT h.cas_number INTO number FROM inventory.chemicals h WHERE h.id = chemical AND h.retired_at IS NULL;
  IF NOT found THEN
    RAISE EXCEPTION 'no such chemical' USING ERRCODE = 'P0002', CONSTRAINT = 'chemical_exists';
  END IF;
  SELECT jsonb_build_object('pictograms', f.pictograms, 'signal_word', f.signal_word, 'h_statements', f.h_statements, 'hazards_from', f.title) INTO fields
    FROM reference.classifications_offered(number) AS f WHERE f.list_id = adopt.list AND f.place = adopt.place;
  IF NOT found THEN
    RAISE EXCEPTION 'not offered' USING ERRCODE = '23514', CONSTRAINT = 'classifications_are_adopted_from_the_latest_list';
  END IF;
  RETURN inventory.update_row('inventory.chemicals', chemical, fields, version);
END $$;
COMMENT ON FUNCTION inventory.adopt(bigint, bigint, int, text) IS
  'Gives a chemical the hazards of one entry of a list, whatever it had before; version: as in update_row.';
