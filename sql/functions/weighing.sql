CREATE OR REPLACE FUNCTION inventory.net_grams(container bigint, weighed numeric, weighed_unit text, at text) RETURNS numeric
LANGUAGE plpgsql STABLE SECURITY INVOKER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  c     record;
  facts text;
  net   numeric;
BEGIN
  SELECT k.id, k.barcode, k.tare_g, u.dimension, h.density_g_per_ml INTO c
    FROM inventory.containers k
    JOIN inventory.chemicals h ON h.lab_id = k.lab_id AND h.id = k.chemical_id
    LEFT JOIN reference.units u ON u.unit = k.unit
   WHERE k.id = container;
  IF NOT found THEN
    RETURN NULL;  -- whoever asked says that there is no such container
  END IF;
  facts := jsonb_build_object('container_id', c.id, 'barcode', c.barcode, 'weighed', trim_scale(weighed) || ' ' || weighed_unit,
                              'tare', trim_scale(c.tare_g) || ' g')::text;
  IF c.dimension NOT IN ('mass', 'volume') THEN
    RAISE EXCEPTION 'no mass' USING ERRCODE = '23514', CONSTRAINT = 'weighed_content_has_a_mass', DETAIL = facts, HINT = at;
  ELSIF c.dimension = 'volume' AND c.density_g_per_ml IS NULL THEN
    RAISE EXCEPTION 'no density' USING ERRCODE = '23514', CONSTRAINT = 'weighed_content_has_a_density', DETAIL = facts, HINT = at;
  ELSIF (SELECT u.dimension FROM reference.units u WHERE u.unit = weighed_unit) IS DISTINCT FROM 'mass' THEN
    RAISE EXCEPTION 'not a mass' USING ERRCODE = '23514', CONSTRAINT = 'weighed_amount_is_a_mass', DETAIL = facts, HINT = at;
  ELSIF c.tare_g IS NULL THEN
    RAISE EXCEPTION 'no tare' USING ERRCODE = '23514', CONSTRAINT = 'weighed_container_has_a_tare', DETAIL = facts, HINT = at;
  END IF;
  net := inventory.convert(weighed, weighed_unit, 'g') - c.tare_g;
  IF net < 0 THEN
    RAISE EXCEPTION 'less than nothing' USING ERRCODE = '23514', CONSTRAINT = 'weighed_is_not_less_than_the_tare', DETAIL = facts, HINT = at;
  END IF;
  RETURN trim_scale(net);
END $$;
COMMENT ON FUNCTION inventory.net_grams(bigint, numeric, text, text) IS
  'What is in a container that was weighed whole: the weight less its tare, in g. Raises weighed_… where that cannot be known, or is below zero; `at` is the pointer to the field of the request.';
