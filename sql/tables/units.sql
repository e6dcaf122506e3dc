CREATE TABLE IF NOT EXISTS reference.units (
  unit       text COLLATE "C" PRIMARY KEY,
  dimension  text NOT NULL CHECK (dimension IN ('mass', 'volume', 'count', 'substance', 'enzyme', 'pressure')),
  factor     numeric NOT NULL CHECK (factor > 0),
  entry_only boolean NOT NULL
);
COMMENT ON TABLE reference.units IS 'The units of amounts. Sources: SI brochure; NIST Handbook 44 appendix C for lb, oz, gal, qt and psi (US).';
COMMENT ON COLUMN reference.units.factor IS 'How many base units (g, mL, each, mol, U, bar) this unit is.';
COMMENT ON COLUMN reference.units.entry_only IS 'true: the unit may be typed, but is never stored: the amount is converted into a metric unit on entry.';

INSERT INTO reference.units (unit, dimension, factor, entry_only)
SELECT * FROM (VALUES
  ('µg',   'mass',      0.000001::numeric, false), ('mg', 'mass', 0.001, false), ('g', 'mass', 1, false), ('kg', 'mass', 1000, false),
  ('lb',   'mass',      453.59237, true), ('oz', 'mass', 28.349523125, true),
  ('µL',   'volume',    0.001, false), ('mL', 'volume', 1, false), ('L', 'volume', 1000, false),
  ('gal',  'volume',    3785.411784, true), ('qt', 'volume', 946.352946, true),
  ('each', 'count',     1, false),
  ('µmol', 'substance', 0.000001, false), ('mmol', 'substance', 0.001, false), ('mol', 'substance', 1, false),
  ('U',    'enzyme',    1, false), ('kU', 'enzyme', 1000, false),
  ('bar',  'pressure',  1, false), ('psi', 'pressure', 0.0689475729, false)
) AS wanted (unit, dimension, factor, entry_only)
ON CONFLICT (unit) DO UPDATE SET dimension = excluded.dimension, factor = excluded.factor, entry_only = excluded.entry_only
 WHERE (units.dimension, units.factor, units.entry_only) IS DISTINCT FROM (excluded.dimension, excluded.factor, excluded.entry_only);
