-- Substances by their names, for all labs alike. Words are folded as in search; these tables have no policy, so every index is used.

CREATE OR REPLACE FUNCTION reference.name_key(name text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT SET search_path = pg_catalog, pg_temp AS $$
  SELECT regexp_replace(replace(replace(replace(inventory.fold(name), '(+)', 'plus'), '(-)', 'minus'), '(+-)', 'plusminus'), '[^[:alnum:],±]', '', 'g')
$$;
COMMENT ON FUNCTION reference.name_key(text) IS 'Two names with the same key are one in two spellings; (+) and (-) are told apart, 1,2 and 12, too.';

CREATE OR REPLACE FUNCTION reference.substances_named(name text) RETURNS TABLE (cas_number text, meant boolean)
LANGUAGE plpgsql STABLE SECURITY INVOKER ROWS 2 SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  key  text := reference.name_key(name);
  signless text := left(regexp_replace(inventory.fold(name), '[^[:alnum:]]', '', 'g'), 60);
BEGIN
  RETURN QUERY
  WITH called AS (
    -- Who says nothing of water means the substance without.
    SELECT s.cas_number, CASE WHEN s.name ~ 'hydrate' AND key !~ 'hydrate' THEN 3 WHEN s.rank <= 1000 THEN 0 WHEN s.rank <= 6000 THEN 1 ELSE 2 END AS class
      FROM reference.substance_words w JOIN reference.substances s ON s.rank = w.rank
     WHERE w.usual IN (true, false) AND w.kind IN (0, 1) AND w.word = signless
       AND (reference.name_key(s.name) = key
            OR EXISTS (SELECT FROM reference.substance_names n WHERE n.cas_number = s.cas_number AND reference.name_key(n.name) = key)))
  SELECT c.cas_number, c.class = min(c.class) OVER () FROM called c;
END $$;
COMMENT ON FUNCTION reference.substances_named(text) IS
  'The substances that have exactly this name or synonym, in any spelling; meant: those that somebody means by it, the more usual ones.';

CREATE OR REPLACE FUNCTION reference.substances_suggested(query text, most int) RETURNS TABLE (place bigint, cas_number text)
LANGUAGE plpgsql STABLE SECURITY INVOKER ROWS 20 SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  beyond CONSTANT text := chr(1114111);
  wholes text[] := ARRAY(SELECT DISTINCT left(w, 60) FROM unnest(inventory.foldings(query)) AS way, regexp_replace(way, '[^[:alnum:]]', '', 'g') AS w WHERE w <> '');
  number text := substring(query FROM '^\s*([1-9][0-9]+-[0-9-]*)\s*$');
  places int[];
  words  text[];
  found  int[];
BEGIN
  SELECT array_agg(q.place), array_agg(q.word) INTO places, words FROM inventory.words_of_query(query) AS q;
  IF places IS NULL THEN
    RETURN;
  END IF;
  -- First what is called so, and what has that CAS RN, InChIKey or SMILES; then what is usual, then the rest. Of each, names that begin so go before words within.
  found := ARRAY(SELECT DISTINCT w.rank FROM reference.substance_words w WHERE w.usual IN (true, false) AND w.kind IN (0, 1) AND w.word = ANY (wholes)
                  ORDER BY w.rank LIMIT most)
        || ARRAY(SELECT s.rank FROM reference.substances s WHERE s.cas_number >= number AND s.cas_number < number || beyond ORDER BY s.rank LIMIT most);
  found := found || ARRAY(SELECT d.rank FROM (
      SELECT s.rank FROM reference.substances s WHERE s.inchikey = upper(btrim(query))
      UNION SELECT s.rank FROM reference.substances s WHERE s.smiles = btrim(query)) AS d
    WHERE d.rank <> ALL (found) ORDER BY d.rank LIMIT most);
  FOR usual_ones IN REVERSE 1 .. 0 LOOP
    EXIT WHEN cardinality(found) >= most OR (usual_ones = 0 AND length(wholes[1]) < 3);
    found := found || ARRAY(
      SELECT r.rank FROM (
        SELECT w.rank, w.kind FROM unnest(wholes) AS a (word)
         CROSS JOIN LATERAL (SELECT w.rank, w.kind FROM reference.substance_words w
                              WHERE w.usual = (usual_ones = 1) AND w.kind IN (0, 1) AND w.word >= a.word AND w.word < a.word || beyond) AS w
        UNION ALL
        SELECT w.rank, 2 FROM unnest(places, words) AS a (place, word)
         CROSS JOIN LATERAL (SELECT w.rank FROM reference.substance_words w
                              WHERE w.usual = (usual_ones = 1) AND w.kind IN (0, 1, 2)
                                AND w.word >= left(a.word, 30) AND w.word < left(a.word, 30) || beyond) AS w
         GROUP BY w.rank HAVING bit_or(1 << a.place) = (SELECT bit_or(1 << p) FROM unnest(places) AS p)) AS r
       WHERE r.rank <> ALL (found) GROUP BY r.rank ORDER BY min(r.kind), r.rank LIMIT most);
  END LOOP;
  -- Letters inside a word are looked for only where nothing begins so, and in the names that are shown.
  IF cardinality(found) = 0 AND length(wholes[1]) > 2 THEN
    found := ARRAY(SELECT w.rank FROM reference.substance_words w
                    WHERE w.usual IN (true, false) AND w.kind = 0 AND strpos(w.word, wholes[1]) > 0 ORDER BY w.rank LIMIT most);
  END IF;
  RETURN QUERY
  SELECT f.n, s.cas_number FROM unnest(found[1:most]) WITH ORDINALITY AS f (rank, n) JOIN reference.substances s ON s.rank = f.rank ORDER BY f.n;
END $$;
COMMENT ON FUNCTION reference.substances_suggested(text, int) IS
  'The CAS RNs of the substances that somebody may mean who has typed this text, the best first, at most as many as the second argument says.';

CREATE OR REPLACE FUNCTION reference.origins_of(s reference.substances, of_storage_class text) RETURNS jsonb
LANGUAGE sql STABLE SECURITY INVOKER SET search_path = pg_catalog, pg_temp AS $$
  SELECT jsonb_object_agg(f.name, coalesce(CASE WHEN f.name = 'storage_class' THEN of_storage_class ELSE r.title END, 'the reference') || ' (' || s.cas_number || ')')
    FROM unnest(ARRAY['name', 'synonyms', 'formula', 'molar_mass_g_per_mol', 'physical_state', 'storage_class', 'density_g_per_ml', 'melting_point_celsius',
                      'boiling_point_celsius', 'flash_point_celsius', 'smiles', 'inchikey']) AS f (name)
    LEFT JOIN reference.sources r ON r.code = s.sources ->> f.name
   WHERE s.cas_number IS NOT NULL
$$;
COMMENT ON FUNCTION reference.origins_of(reference.substances, text) IS
  'What inventory.chemicals.origins says of each column that is filled in from this substance. of_storage_class: the source of its classification.';
