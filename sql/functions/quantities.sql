CREATE OR REPLACE FUNCTION inventory.convert(amount numeric, from_unit text, to_unit text, density_g_per_ml numeric DEFAULT NULL)
RETURNS numeric
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY INVOKER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  f reference.units;
  t reference.units;
  result numeric;
BEGIN
  IF from_unit = to_unit OR amount IS NULL THEN
    RETURN amount;
  END IF;
  SELECT * INTO f FROM reference.units WHERE unit = from_unit;
  SELECT * INTO t FROM reference.units WHERE unit = to_unit;
  IF f.dimension = t.dimension THEN
    result := amount * f.factor / t.factor;
  ELSIF f.dimension = 'mass' AND t.dimension = 'volume' AND density_g_per_ml IS NOT NULL THEN
    result := amount * f.factor / density_g_per_ml / t.factor;
  ELSIF f.dimension = 'volume' AND t.dimension = 'mass' AND density_g_per_ml IS NOT NULL THEN
    result := amount * f.factor * density_g_per_ml / t.factor;
  ELSE
    RAISE EXCEPTION '% is not a unit of what is kept in %', from_unit, to_unit
      USING ERRCODE = '23514', CONSTRAINT = 'unit_fits_the_container',
            DETAIL = jsonb_build_object('unit', from_unit, 'container_unit', to_unit,
              'density_would_help', ARRAY[f.dimension, t.dimension] <@ ARRAY['mass', 'volume'])::text;
  END IF;
  RETURN trim_scale(round(result, 12));
END $$;
COMMENT ON FUNCTION inventory.convert(numeric, text, text, numeric) IS
  'An amount in another unit, to 12 decimals (1 ng in a kg jar is exact). Mass to volume and back only with a density in g/mL; raises 23514 unit_fits_the_container across dimensions.';

CREATE OR REPLACE FUNCTION inventory.totals(amounts numeric[], of_units text[]) RETURNS jsonb
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY INVOKER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  amount numeric;
  total  numeric;
BEGIN
  -- Nearly always all are in one unit: then there is nothing to look up.
  IF of_units[1] = ALL (of_units) THEN
    FOREACH amount IN ARRAY amounts LOOP
      total := coalesce(total + amount, amount, total);
    END LOOP;
    RETURN CASE WHEN total IS NULL THEN '[]'
                ELSE jsonb_build_array(jsonb_build_object('amount', trim_scale(round(total, 12))::text, 'unit', of_units[1])) END;
  END IF;
  RETURN (
    SELECT coalesce(jsonb_agg(jsonb_build_object('amount', trim_scale(round(d.total / d.factor, 12))::text, 'unit', d.unit) ORDER BY d.dimension), '[]')
      FROM (SELECT u.dimension, max(u.factor) AS factor, (array_agg(u.unit ORDER BY u.factor DESC))[1] AS unit, sum(a.amount * u.factor) AS total
              FROM unnest(amounts, of_units) AS a (amount, unit) JOIN reference.units u ON u.unit = a.unit
             WHERE a.amount IS NOT NULL
             GROUP BY u.dimension) AS d);
END $$;
COMMENT ON FUNCTION inventory.totals(numeric[], text[]) IS
  'What amounts make together: [{amount, unit}], one a dimension, in the largest unit that occurs; what is not known is left out.';
