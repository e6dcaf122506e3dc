CREATE TABLE IF NOT EXISTS inventory.peroxide_tests (
  lab_id int NOT NULL DEFAULT nullif(current_setting('app.lab_id', true), '')::int REFERENCES control.labs ON DELETE RESTRICT,
  id           bigint GENERATED ALWAYS AS IDENTITY,
  container_id bigint NOT NULL,
  ppm          numeric NOT NULL CONSTRAINT peroxide_tests_ppm_is_not_negative CHECK (ppm >= 0 AND ppm <= 1000000),
  tested_on    date NOT NULL,
  next_due     date NOT NULL,
  noted_at     timestamptz NOT NULL DEFAULT control.clock(),
  noted_by     bigint NOT NULL DEFAULT control.user_id(),
  PRIMARY KEY (lab_id, id),
  FOREIGN KEY (lab_id, container_id) REFERENCES inventory.containers (lab_id, id) ON DELETE RESTRICT,
  FOREIGN KEY (lab_id, noted_by) REFERENCES control.members (lab_id, user_id) ON DELETE RESTRICT,
  CONSTRAINT peroxide_tests_tested_on_is_plausible CHECK (tested_on BETWEEN '1950-01-01' AND '2200-01-01'),
  CONSTRAINT peroxide_tests_next_due_is_soon_enough CHECK (next_due > tested_on AND next_due <= tested_on + 366)
);
SELECT 'CREATE INDEX peroxide_tests_by_container ON inventory.peroxide_tests (lab_id, container_id, tested_on)'
 WHERE to_regclass('inventory.peroxide_tests_by_container') IS NULL \gexec
COMMENT ON TABLE inventory.peroxide_tests IS 'Tests of containers for peroxides. Nobody changes or deletes one: a mistake is corrected by another test of the same day.';
COMMENT ON COLUMN inventory.peroxide_tests.ppm IS 'Peroxides that were found, in mg/kg as test strips say it.';
COMMENT ON COLUMN inventory.peroxide_tests.next_due IS 'When it has to be tested again.';
