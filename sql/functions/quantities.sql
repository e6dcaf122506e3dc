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
  -- PostgreSQL computes a quotient to as many digits after the point as its operands have, or to 16 significant ones. round() gives the
  -- first operand 40, so that the 24 digits which are returned are right.
  result := round(amount * f.factor, 40);
  IF f.dimension = t.dimension THEN
    result := result / t.factor;
  ELSIF f.dimension = 'mass' AND t.dimension = 'volume' AND density_g_per_ml IS NOT NULL THEN
    result := result / (density_g_per_ml * t.factor);
  ELSIF f.dimension = 'volume' AND t.dimension = 'mass' AND density_g_per_ml IS NOT NULL THEN
    result := result * density_g_per_ml / t.factor;
  ELSE
    RAISE EXCEPTION '% is not a unit of what is kept in %', from_unit, to_unit
      USING ERRCODE = '23514', CONSTRAINT = 'unit_fits_the_container',
            DETAIL = jsonb_build_object('unit', from_unit, 'container_unit', to_unit,
              'density_would_help', ARRAY[f.dimension, t.dimension] <@ ARRAY['mass', 'volume'])::text;
  END IF;
  RETURN trim_scale(round(result, 24));
END $$;
COMMENT ON FUNCTION inventory.convert(numeric, text, text, numeric) IS
  'An amount in another unit, to 24 decimals: metric units and lb, oz, gal, qt are exact, see docs/amounts.md. Mass to volume and back only with a density in g/mL; raises 23514 unit_fits_the_container across dimensions.';

-- 785.69 g of a litre of 785.70 g leave 0.01 g, and 785.71 g are too much: just one unit of the last digit is a difference. The factor
-- 0.999999 makes it one, for the 24th digit of the quotient would decide otherwise.
CREATE OR REPLACE FUNCTION inventory.is_all(meant numeric, typed numeric, of_amount numeric) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN meant = of_amount
    OR (greatest(scale(trim_scale(meant)), scale(trim_scale(of_amount))) > 18 AND meant > 0
        AND abs(meant - of_amount) < 0.999999 * meant * greatest(0.000001, least(power(10::numeric, -scale(typed)) / nullif(typed, 0), 0.0005)));
COMMENT ON FUNCTION inventory.is_all(numeric, numeric, numeric) IS
  'Whether the amount that somebody typed means all of another amount. Both must be equal, unless one of them came out of a division without end (more than 18 decimals, which no typed amount has in any unit): then they may differ by one unit of the last typed digit, at most by 1/2000, and always by one millionth. See docs/amounts.md.';

CREATE OR REPLACE FUNCTION inventory.overfills(amount numeric, unit text, pack_size numeric, pack_unit text, density_g_per_ml numeric) RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY INVOKER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN coalesce(inventory.convert(amount, unit, pack_unit, density_g_per_ml) > pack_size, false);
EXCEPTION WHEN check_violation THEN
  RETURN false;
END $$;
COMMENT ON FUNCTION inventory.overfills(numeric, text, numeric, text, numeric) IS
  'Whether an amount is more than the pack size; false where one of the two is not known, or where the units cannot be converted.';

CREATE OR REPLACE FUNCTION inventory.measures_alike(unit text, other text) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE SECURITY INVOKER SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce((SELECT a.dimension = b.dimension OR ARRAY[a.dimension, b.dimension] <@ ARRAY['mass', 'volume']
                     FROM reference.units a, reference.units b WHERE a.unit = measures_alike.unit AND b.unit = other), true)
$$;
COMMENT ON FUNCTION inventory.measures_alike(text, text) IS
  'Whether what is kept in one unit may be packed in the other: the same kind of unit, or mass and volume, which a density would convert. True where one of the two is not known.';

CREATE OR REPLACE FUNCTION inventory.totals(amounts numeric[], of_units text[]) RETURNS jsonb
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY INVOKER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  amount numeric;
  total  numeric;
BEGIN
  -- Nearly always all amounts have the same unit. They are then added without looking the unit up: 0.005 ms a row instead of 0.07.
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
  'The sum of amounts: [{amount, unit}], an entry for each dimension, in the largest unit that occurs. Unknown amounts are left out.';
