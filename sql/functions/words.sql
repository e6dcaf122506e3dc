-- Search compares words. A chemical's words are made from its texts: each is what stands between two blanks, without its signs, so that
-- N,N-Dimethylformamide is the word nndimethylformamide. A query finds a chemical if each word of the query is the beginning of one of
-- the chemical's words.

CREATE OR REPLACE FUNCTION inventory.words_of(text_in text) RETURNS SETOF text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE STRICT SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  words text[] := '{}';
  way   text;
  token text;
  parts text[];
BEGIN
  FOREACH way IN ARRAY inventory.foldings(text_in) LOOP
    FOREACH token IN ARRAY regexp_split_to_array(way, '\s+') LOOP
      parts := array_remove(regexp_split_to_array(token, '[^[:alnum:]]+'), '');
      FOR n IN 1 .. least(cardinality(parts), 100) LOOP
        words := words || left(array_to_string(parts[n:], ''), 60);
      END LOOP;
    END LOOP;
  END LOOP;
  RETURN QUERY SELECT DISTINCT w FROM unnest(words) AS w;
END $$;
COMMENT ON FUNCTION inventory.words_of(text) IS
  'The words of a text, without signs and cut after 60 characters. What follows a sign inside a word is a word, too: 5-(Hydroxymethyl)furfural gives 5hydroxymethylfurfural, hydroxymethylfurfural and furfural.';

CREATE OR REPLACE FUNCTION inventory.words_of_formula(formula text) RETURNS SETOF text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE STRICT SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  -- Without Ac, Am, Ar, Np, Pr and Ts, which may mean groups of atoms.
  elements CONSTANT text[] := string_to_array('H D He Li Be B C N O F Ne Na Mg Al Si P S Cl K Ca Sc Ti V Cr Mn Fe Co Ni Cu Zn Ga Ge As Se Br Kr Rb Sr Y '
    'Zr Nb Mo Tc Ru Rh Pd Ag Cd In Sn Sb Te I Xe Cs Ba La Ce Nd Pm Sm Eu Gd Tb Dy Ho Er Tm Yb Lu Hf Ta W Re Os Ir Pt Au Hg Tl Pb Bi Po At Rn Fr Ra Th Pa U '
    'Pu Cm Bk Cf Es Fm Md No Lr Rf Db Sg Bh Hs Mt Ds Rg Cn Nh Fl Mc Lv Og', ' ');
  rest     text := translate(formula, '₀₁₂₃₄₅₆₇₈₉[]{}•⋅∙*', '0123456789()()····');
  part     text;
  times    numeric;
  symbols  text[] := '{}';
  numbers  numeric[] := '{}';
  factors  numeric[];
  number   numeric;
  tokens   text[];
BEGIN
  rest := regexp_replace(rest, '(\^\(?[0-9]{0,2}[+-]\)?|\s[0-9]{0,2}[+-]|\([0-9]{0,2}[+-]\)|[⁰¹²³⁴⁵⁶⁷⁸⁹]*[⁺⁻]|(?<=\))[0-9]{0,2}[+-]|(?<=[A-Za-z])[+-])$', '');
  rest := regexp_replace(rest, '\(([0-9]{1,3})([A-Z][a-z]?)([0-9]{0,3})\)', '\2\3', 'g');  -- [13C]H4 counts as CH4
  LOOP
    part := substring(rest FROM '^\s?(?:[0-9]{1,4}(?:[.,][0-9]{1,4})?|½)?\s?[^·.½]+');
    IF part IS NULL THEN
      RETURN;
    END IF;
    rest := substr(rest, length(part) + 1);
    times := coalesce(nullif(replace(replace(substring(part FROM '^\s?([0-9.,]+|½)'), ',', '.'), '½', '0.5'), '')::numeric, 1);
    part := btrim(regexp_replace(part, '^\s?([0-9.,]+|½)?', ''));
    tokens := ARRAY(SELECT m[1] FROM regexp_matches(part, '[A-Z][a-z]?|[0-9]+|[()]', 'g') AS m);
    IF array_to_string(tokens, '') <> part OR cardinality(tokens) = 0 OR times = 0 OR (times <> 1 AND cardinality(symbols) = 0) THEN
      RETURN;
    END IF;
    factors := ARRAY[times];
    number := 1;
    -- From the end, so that a number is known before what it multiplies.
    FOR n IN REVERSE cardinality(tokens) .. 1 LOOP
      IF tokens[n] ~ '^[1-9][0-9]{0,3}$' THEN
        number := tokens[n]::numeric;
        CONTINUE;
      ELSIF tokens[n] = ')' THEN
        factors := factors || factors[cardinality(factors)] * number;
      ELSIF tokens[n] = '(' THEN
        factors := trim_array(factors, 1);
      ELSIF tokens[n] = ANY (elements) THEN
        symbols := symbols || tokens[n];
        numbers := numbers || factors[cardinality(factors)] * number;
      ELSE
        RETURN;
      END IF;
      IF cardinality(factors) = 0 THEN
        RETURN;
      END IF;
      number := 1;
    END LOOP;
    IF cardinality(factors) <> 1 THEN
      RETURN;
    END IF;
    EXIT WHEN rest = '';
    rest := substr(rest, 2);
  END LOOP;
  RETURN QUERY
  WITH atoms AS (SELECT u.symbol, sum(u.number) AS number FROM unnest(symbols, numbers) AS u (symbol, number) GROUP BY u.symbol)
  SELECT '=' || a.symbol || ':' || to_char(a.number, 'FM000000000.0000') FROM atoms a
  UNION ALL
  SELECT '==' || string_agg(a.symbol || CASE WHEN a.number <> 1 THEN trim_scale(a.number)::text ELSE '' END, '' ORDER BY
                            CASE WHEN EXISTS (SELECT FROM atoms c WHERE c.symbol = 'C') THEN array_position(ARRAY['C', 'H'], a.symbol) END, a.symbol COLLATE "C")
    FROM atoms a HAVING max(a.number) < 1e9;
END $$;
COMMENT ON FUNCTION inventory.words_of_formula(text) IS
  'The formula in Hill''s order after ==, and each element with its number: C2H6O gives ==C2H6O, =C:000000002.0000 … No search text finds these words, because they have signs and capitals. None for a formula with groups of atoms, such as NaOAc.';

CREATE OR REPLACE FUNCTION inventory.words_of_chemical(c inventory.chemicals) RETURNS SETOF text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  named  text[] := ARRAY(SELECT inventory.words_of(inventory.texts_searched(c)));
  whole  text[] := ARRAY(SELECT left(regexp_replace(way, '[^[:alnum:]]', '', 'g'), 60)
                           FROM unnest(c.synonyms || c.name) AS name, unnest(inventory.foldings(name)) AS way);
  hazard text[] := ARRAY(SELECT lower(code) FROM unnest(c.pictograms || c.h_statements) AS code);
BEGIN
  RETURN QUERY SELECT DISTINCT w FROM unnest(named || whole || hazard || replace(c.cas_number, '-', '')) AS w WHERE w <> ''
  UNION ALL SELECT inventory.words_of_formula(c.formula);
END $$;
COMMENT ON FUNCTION inventory.words_of_chemical(inventory.chemicals) IS
  'All words by which a chemical is found: those of its texts, each whole name without its blanks (tritonx100 for Triton X-100), its CAS RN without hyphens, its hazards (ghs02, h225), and its formula by its elements.';

CREATE OR REPLACE FUNCTION inventory.words_of_container(c inventory.containers) RETURNS SETOF text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN QUERY SELECT w FROM inventory.words_of(inventory.texts_searched(c)) AS w LIMIT 200;
END $$;
COMMENT ON FUNCTION inventory.words_of_container(inventory.containers) IS 'The words of all texts of a container that search looks into, at most 200.';

CREATE OR REPLACE FUNCTION inventory.words_of_query(query text) RETURNS TABLE (place int, word text)
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT SET search_path = pg_catalog, pg_temp AS $$
  SELECT DISTINCT t.place::int, left(w.word, 60)
    FROM unnest(inventory.foldings(query)) AS way
   CROSS JOIN regexp_split_to_table(way, '\s+') WITH ORDINALITY AS t (token, place)
   CROSS JOIN regexp_replace(t.token, '[^[:alnum:]]', '', 'g') AS w (word)
   WHERE w.word <> '' AND t.place <= 20
$$;
COMMENT ON FUNCTION inventory.words_of_query(text) IS
  'The first 20 words of a query, each with its place in the query. A word that has several spellings is a row for each, with the same place. No row: the query has neither letters nor digits.';

CREATE OR REPLACE FUNCTION inventory.one_letter_off(word text) RETURNS SETOF text
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT SET search_path = pg_catalog, pg_temp AS $$
  SELECT left(word, n - 1) || substr(word, n + 1) FROM generate_series(1, length(word)) AS n                                          -- a letter too many
  UNION SELECT left(word, n - 1) || reverse(substr(word, n, 2)) || substr(word, n + 2) FROM generate_series(1, length(word) - 1) AS n  -- two letters exchanged
  UNION SELECT left(word, n - 1) || letter || substr(word, n + 1)                                                                     -- a wrong letter
          FROM generate_series(1, length(word)) AS n, string_to_table('abcdefghijklmnopqrstuvwxyz', NULL) AS letter
  UNION SELECT left(word, n) || letter || substr(word, n + 1)                                                                         -- a letter too few
          FROM generate_series(0, length(word) - 1) AS n, string_to_table('abcdefghijklmnopqrstuvwxyz', NULL) AS letter
$$;
COMMENT ON FUNCTION inventory.one_letter_off(text) IS 'All words that somebody who mistyped one letter could have meant: about 55 for each letter of the word. Digits are never put in.';

DROP FUNCTION IF EXISTS inventory.chemicals_with_words(int[], text[]);  -- databases made before `whole` have it with two arguments
CREATE OR REPLACE FUNCTION inventory.chemicals_with_words(places int[], words text[], whole boolean) RETURNS SETOF bigint
LANGUAGE plpgsql STABLE SECURITY INVOKER ROWS 100 SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  ends text[] := ARRAY(SELECT w || CASE WHEN whole AND w ~ '[0-9]' THEN chr(1) ELSE chr(1114111) END
                         FROM unnest(words) WITH ORDINALITY AS u (w, n) ORDER BY n);
BEGIN
  -- OFFSET 0 makes PostgreSQL look each word up as a range of an index. The planner knows only the average size of labs, and would else
  -- read all words of a large lab.
  RETURN QUERY
  SELECT f.chemical_id
    FROM (SELECT a.place, w.chemical_id
            FROM unnest(places, words, ends) AS a (place, word, last)
           CROSS JOIN LATERAL (SELECT w.chemical_id FROM inventory.chemical_words w
                                WHERE w.word >= a.word AND w.word < a.last OFFSET 0) AS w
          UNION ALL
          SELECT a.place, c.chemical_id
            FROM unnest(places, words, ends) AS a (place, word, last)
           CROSS JOIN LATERAL (SELECT w.container_id FROM inventory.container_words w
                                WHERE w.word >= a.word AND w.word < a.last
                                  AND (length(a.word) > 2 OR w.word = a.word) OFFSET 0) AS w  -- one or two letters begin the supplier of nearly every container
           CROSS JOIN LATERAL (SELECT c.chemical_id FROM inventory.containers c WHERE c.id = w.container_id AND c.disposed_at IS NULL OFFSET 0) AS c) AS f
   GROUP BY f.chemical_id
  HAVING bit_or(1 << f.place) = (SELECT bit_or(1 << p) FROM unnest(places) AS p);
END $$;
COMMENT ON FUNCTION inventory.chemicals_with_words(int[], text[], boolean) IS
  'The chemicals that fit a query at each of its places: a word of theirs, or of one of their containers, begins with one of the words given for the place. whole: where the given word has a digit, theirs must be equal to it.';

CREATE OR REPLACE FUNCTION inventory.chemicals_meant(query text) RETURNS SETOF bigint
LANGUAGE plpgsql STABLE SECURITY INVOKER ROWS 100 SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  places int[];
  words  text[];
BEGIN
  SELECT array_agg(q.place), array_agg(q.word) INTO places, words FROM inventory.words_of_query(query) AS q;
  IF places IS NOT NULL THEN
    RETURN QUERY SELECT * FROM inventory.chemicals_with_words(places, words, true);
  END IF;
END $$;
COMMENT ON FUNCTION inventory.chemicals_meant(text) IS
  'The chemicals that a query cannot have found by chance: each of its words begins one of theirs, and each word with a digit (a barcode, a lot) is equal to one of theirs.';

CREATE OR REPLACE FUNCTION inventory.chemicals_found(query text) RETURNS SETOF bigint
LANGUAGE plpgsql STABLE SECURITY INVOKER ROWS 100 SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  places int[];
  words  text[];
BEGIN
  SELECT array_agg(q.place), array_agg(q.word) INTO places, words FROM inventory.words_of_query(query) AS q;
  IF places IS NULL THEN
    RETURN;
  END IF;
  RETURN QUERY SELECT * FROM inventory.chemicals_with_words(places, words, false);
  IF found THEN
    RETURN;
  END IF;
  -- Only words with letters are looked for inside other words: the digits of an unknown barcode stand inside many CAS RNs.
  RETURN QUERY
  WITH a AS MATERIALIZED (SELECT u.place, u.word, u.word ~ '[[:alpha:]]{2}' AS has_letters FROM unnest(places, words) AS u (place, word))
  SELECT w.chemical_id FROM inventory.chemical_words w
    JOIN a ON CASE WHEN a.has_letters THEN strpos(w.word, a.word) > 0 ELSE starts_with(w.word, a.word) END
   GROUP BY w.chemical_id
  HAVING bit_or(1 << a.place) = (SELECT bit_or(1 << p) FROM unnest(places) AS p);
  IF found THEN
    RETURN;
  END IF;
  SELECT array_agg(a.place), array_agg(near.word) INTO places, words
    FROM unnest(places, words) AS a (place, word)
   CROSS JOIN LATERAL (SELECT a.word UNION SELECT * FROM inventory.one_letter_off(a.word) WHERE a.word ~ '[a-z]{4}' AND length(a.word) <= 30) AS near (word);
  RETURN QUERY SELECT * FROM inventory.chemicals_with_words(places, words, false);
END $$;
COMMENT ON FUNCTION inventory.chemicals_found(text) IS
  'The chemicals of the lab, retired ones too, that a query finds: each of its words begins one of theirs; if no chemical has that, stands inside one of theirs; if no chemical has that, begins one of theirs after the mending of one mistyped letter. None where the query has no word.';

-- Makes anew, lab by lab, the words and sort keys that were stored by other versions of the functions.
SELECT coalesce(md5(string_agg(p.prosrc, '' ORDER BY p.proname, p.prosrc)), '') <> :'folding_before' AS folding_changed
  FROM pg_proc p WHERE p.pronamespace = 'inventory'::regnamespace
   AND p.proname IN ('fold', 'foldings', 'in_natural_order', 'in_index_order', 'words_of', 'texts_searched', 'words_of_formula', 'words_of_chemical', 'words_of_container') \gset
\if :folding_changed
SELECT control.backfill('inventory.chemicals', 'name_sort <> inventory.in_index_order(name) OR storage_class_sort <> inventory.in_natural_order(storage_class)',
                        'name = name, storage_class = storage_class') AS chemicals,
       control.backfill('inventory.locations', 'full_name_sort <> inventory.in_natural_order(full_name)', 'full_name = full_name') AS locations \gset
DO $$
DECLARE
  lab int;
BEGIN
  FOR lab IN SELECT l.id FROM control.labs l ORDER BY l.id LOOP
    PERFORM set_config('app.lab_id', lab::text, true);
    DELETE FROM inventory.chemical_words;
    INSERT INTO inventory.chemical_words (lab_id, word, chemical_id)
    SELECT c.lab_id, w, c.id FROM inventory.chemicals c CROSS JOIN LATERAL inventory.words_of_chemical(c) AS w;
    DELETE FROM inventory.container_words;
    INSERT INTO inventory.container_words (lab_id, word, container_id)
    SELECT c.lab_id, w, c.id FROM inventory.containers c CROSS JOIN LATERAL inventory.words_of_container(c) AS w;
  END LOOP;
  PERFORM set_config('app.lab_id', '', true);
END $$;
\endif
