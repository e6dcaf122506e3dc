-- Folding makes one text of all spellings of a word: Müller and muller, α and alpha, sulphur and sulfur, every kind of dash. Search
-- compares folded texts, and lists are sorted by them. Only the functions below fold, never the API or a page, so that no two places
-- fold differently.
--
-- Folded words and sort keys are stored. folding_before is a checksum of the functions that the database has so far: where it differs from
-- that of the new ones, words.sql makes all stored words and keys anew.
SELECT coalesce(md5(string_agg(p.prosrc, '' ORDER BY p.proname, p.prosrc)), '') AS folding_before
  FROM pg_proc p WHERE p.pronamespace = 'inventory'::regnamespace
   AND p.proname IN ('fold', 'foldings', 'in_natural_order', 'in_index_order', 'words_of', 'texts_searched', 'words_of_formula', 'words_of_chemical', 'words_of_container') \gset

CREATE OR REPLACE FUNCTION inventory.fold(text_in text) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE STRICT SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  letters text := 'αβγδεζηθικλμνξοπρστυφχψω';
  names   text[] := '{alpha,beta,gamma,delta,epsilon,zeta,eta,theta,iota,kappa,lambda,mu,nu,xi,omicron,pi,rho,sigma,tau,upsilon,phi,chi,psi,omega}';
  folded  text := lower(text_in);
BEGIN
  IF text_in ~ '[^\x01-\x7f]' THEN
    -- Unicode's form NFKD parts é into e and an accent, which is then left out, and makes 2 of ₂ and ², μ of the micro sign. Of ™ it would
    -- make the letters TM, so such signs are taken out before.
    folded := regexp_replace(lower(normalize(translate(text_in, '®™©℠', ''), NFKD)), '[\u0300-\u036f]', '', 'g');
    folded := translate(folded, 'øłđðıħŧς‐‑‒–—―−⁄', 'olddihtσ-------/');
    folded := replace(replace(replace(replace(folded, 'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'), 'þ', 'th');
    IF folded ~ '[α-ω]' THEN
      FOR n IN 1 .. cardinality(names) LOOP
        folded := replace(folded, substr(letters, n, 1), names[n]);
      END LOOP;
    END IF;
  END IF;
  -- British spelling becomes American. A search runs while somebody is still typing, so beginnings of words are changed, too: sulp (of
  -- sulphate) becomes sulf, caes (of caesium) becomes ces.
  IF folded ~ 'sulp|alumini|cae|oe|hae' THEN
    folded := replace(regexp_replace(folded, 'sulp\M', 'sulf', 'g'), 'sulph', 'sulf');
    folded := regexp_replace(folded, 'alumini(?=u|\M)', 'alumin', 'g');
    folded := regexp_replace(folded, '\mcae|cae(?=si)', 'ce', 'g');
    folded := regexp_replace(folded, '\moe|oe(?=str)', 'e', 'g');
    folded := regexp_replace(folded, '\mhae|hae(?=m)', 'he', 'g');
  END IF;
  RETURN folded;
END $$;
COMMENT ON FUNCTION inventory.fold(text) IS
  'The text in small letters without accents. ₂ becomes 2, α becomes alpha, every dash a hyphen, British spelling American: sulfur, aluminum, cesium, estradiol, hemoglobin. Other signs stay.';

CREATE OR REPLACE FUNCTION inventory.composed(text_in text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE WHEN text_in ~ '[^\x01-\x7f]' THEN normalize(translate(text_in, 'µ', 'μ'), NFC) ELSE text_in END
$$;
COMMENT ON FUNCTION inventory.composed(text) IS 'A text in the form in which it is stored, so that texts which look alike are equal: letters composed with their accents (NFC), the Greek letter mu for the micro sign.';

CREATE OR REPLACE FUNCTION inventory.foldings(text_in text) RETURNS text[]
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE STRICT SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  folded   text := inventory.fold(text_in);
  all_ways text[] := ARRAY[folded];
  plain    text;
BEGIN
  IF text_in ~ '[^\x01-\x7f]' THEN
    plain := normalize(text_in, NFC);
    IF plain ~ '[äöüåøÄÖÜÅØ]' THEN
      plain := replace(replace(replace(replace(replace(translate(plain, 'ÄÖÜÅØ', 'äöüåø'), 'ä', 'ae'), 'ö', 'oe'), 'ü', 'ue'), 'å', 'aa'), 'ø', 'oe');
      all_ways := all_ways || inventory.fold(plain);
    END IF;
  END IF;
  plain := regexp_replace(folded, '(?<![a-z])(?:(a)lpha|(b)eta|(g)amma|(d)elta|(e)psilon|(k)appa|(l)ambda|(m)u|(o)mega)(?![a-z])',
                          '\1\2\3\4\5\6\7\8\9', 'g');
  RETURN CASE WHEN plain = folded THEN all_ways ELSE all_ways || plain END;
END $$;
COMMENT ON FUNCTION inventory.foldings(text) IS
  'All spellings by which a text is found: as fold makes it; with an umlaut, also with ue for ü; with a Greek letter, also with b for beta. All of them have the same number of words in the same order, because words_of_query numbers words by their place.';

-- The functions that are called for each row are written in plpgsql, because PostgreSQL would plan a function in SQL anew at each call.
CREATE OR REPLACE FUNCTION inventory.in_natural_order(text_in text) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE STRICT SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  rest    text := replace(inventory.fold(text_in), ' › ', E'\t');
  ordered text := '';
  digits  text;
  bare    text;
BEGIN
  -- Keys are compared byte by byte, which alone would put 10 before 2. So the number of its digits stands in front of each number: 2 is
  -- written 12, and 10 is written 210. Zeros in front of a number are written behind it, as !.
  LOOP
    digits := substring(rest FROM '[0-9]+');
    EXIT WHEN digits IS NULL;
    bare := ltrim(digits, '0');
    ordered := ordered || split_part(rest, digits, 1)
               || CASE WHEN length(bare) < 9 THEN length(bare)::text ELSE '9' || lpad(length(bare)::text, 3, '0') END
               || bare || repeat('!', length(digits) - length(bare));
    rest := substr(rest, strpos(rest, digits) + length(digits));
  END LOOP;
  RETURN ordered || rest;
END $$;
COMMENT ON FUNCTION inventory.in_natural_order(text) IS
  'A key that sorts by bytes as people expect: Shelf 2 before Shelf 10, ä with a. Sorted by the keys of their full names, locations follow directly after the location that they lie in.';

CREATE OR REPLACE FUNCTION inventory.in_index_order(text_in text) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE STRICT SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  -- What a chemist's index passes over in front of a name: 1,2-, (R)-, α-, N,N-, DL-, tert-, 2H-. A sign follows each of these: a word
  -- in front of a blank, as in alpha amylase, is part of the name.
  in_front text := '^(?:[^[:alpha:]]+|(?:[a-z]|alpha|beta|gamma|delta|epsilon|zeta|kappa|lambda|mu|psi|omega|dl|rs|rac|cis|trans|meso'
                   '|endo|exo|syn|anti|sym|sec|tert|ortho|meta|para|erythro|threo)(?=[-,''’′″()\[\]{}]))+';
  behind   text := regexp_replace(regexp_replace(inventory.fold(text_in), in_front, ''), '[^[:alnum:] ]', '', 'g');
BEGIN
  RETURN left(inventory.in_natural_order(CASE WHEN behind = '' THEN text_in ELSE behind END), 120)
         || E'\t' || left(inventory.in_natural_order(text_in), 200);
END $$;
COMMENT ON FUNCTION inventory.in_index_order(text) IS
  'A key that sorts names by bytes as a chemist''s index does: 1,2-Dichloroethane under D, behind 1,1-Dichloroethane.';
