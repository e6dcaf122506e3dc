-- The words that a chemical is found by, and those of a query: the same folding on both sides.

CREATE OR REPLACE FUNCTION inventory.fold(text_in text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT SET search_path = pg_catalog, pg_temp AS $$
  SELECT replace(replace(replace(replace(replace(
    translate(lower(text_in), '₀₁₂₃₄₅₆₇₈₉⁰¹²³⁴⁵⁶⁷⁸⁹‐‑–—', '01234567890123456789----'),
    'α', 'alpha'), 'β', 'beta'), 'γ', 'gamma'), 'δ', 'delta'), 'ω', 'omega')
$$;
COMMENT ON FUNCTION inventory.fold(text) IS 'Lower case, plain digits and hyphens, Greek letters by name.';

CREATE OR REPLACE FUNCTION inventory.words_of(text_in text) RETURNS SETOF text
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT SET search_path = pg_catalog, pg_temp AS $$
  SELECT DISTINCT left(w, 60) FROM regexp_split_to_table(inventory.fold(text_in), '[^[:alnum:]-]+') AS w WHERE w ~ '[[:alnum:]]'
$$;
COMMENT ON FUNCTION inventory.words_of(text) IS 'Words of a text, folded, at most 60 characters each; hyphens stay inside a word.';

CREATE OR REPLACE FUNCTION inventory.words_of_chemical(c inventory.chemicals) RETURNS SETOF text
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
  WITH named AS (
    SELECT w FROM inventory.words_of(concat_ws(' ', c.name, pg_catalog.array_to_string(c.synonyms, ' '), c.supplier)) AS w
  )
  SELECT w FROM named
  UNION SELECT part FROM named, string_to_table(w, '-') AS part WHERE part <> ''
  UNION SELECT w FROM inventory.words_of(concat_ws(' ', c.cas_number, c.formula, c.catalogue_number)) AS w
  UNION SELECT replace(c.cas_number, '-', '') WHERE c.cas_number IS NOT NULL
  UNION SELECT lower(code) FROM unnest(coalesce(c.pictograms, '{}') || c.h_statements) AS code
$$;
COMMENT ON FUNCTION inventory.words_of_chemical(inventory.chemicals) IS
  'All words of a chemical: 2-propanol is found by 2-propanol and by propanol; hazards are words too (ghs02, h225).';
