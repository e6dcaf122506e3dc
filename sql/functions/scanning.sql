-- Cuts the text that a scanner typed down to the code that was printed, in the same way for every field of every page.
CREATE OR REPLACE FUNCTION inventory.scanned_code(typed text) RETURNS text
LANGUAGE plpgsql STABLE STRICT SECURITY INVOKER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  unseen constant text := '[[:cntrl:]\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]';  -- as in api/core/unseen.py
  code text := btrim(regexp_replace(normalize(left(typed, 1000), NFKC), unseen, '', 'g'));  -- full-width letters; GS, RS, EOT, CR, tab
  address text[];
  hosts text[] := string_to_array(nullif(current_setting('app.hosts', true), ''), ',');
BEGIN
  code := regexp_replace(code, '^\][A-Za-z][0-9A-Za-z]', '');                                       -- the AIM identifier of the symbology
  IF code ~ '^\*.+\*$' THEN                                                                         -- Code 39 begins and ends with a star
    code := substr(code, 2, length(code) - 2);
  END IF;
  address := regexp_match(code, '^https?://([^/]+)/c/([^/]+)/([^/?#]+)$', 'i');
  -- The address on a label of this lab is cut down to the barcode. An address of another lab or installation stays whole and finds no
  -- container: two installations may both have a lab called curie and a CT-000001. Only the host tells them apart, so without the setting
  -- CHEMTRACK_ADDRESS no address is cut down.
  IF lower(address[2]) = (SELECT l.slug FROM control.labs l WHERE l.id = control.lab_id())
     AND (hosts IS NULL OR lower(address[1]) = ANY (hosts)) THEN
    code := address[3];
  END IF;
  RETURN code;
END $$;
COMMENT ON FUNCTION inventory.scanned_code(text) IS
  'The code that a scanner read, without what scanners add: control characters, AIM identifiers (ISO/IEC 15424), the stars of Code 39, and the address of a label of this lab.';
