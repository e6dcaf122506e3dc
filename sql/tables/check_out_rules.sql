CREATE TABLE IF NOT EXISTS inventory.check_out_rules (
  lab_id int PRIMARY KEY DEFAULT nullif(current_setting('app.lab_id', true), '')::int REFERENCES control.labs ON DELETE RESTRICT,
  expired            text NOT NULL CONSTRAINT check_out_rules_expired_is_known CHECK (expired IN ('warn', 'refuse')),
  marked             text NOT NULL CONSTRAINT check_out_rules_marked_is_known CHECK (marked IN ('warn', 'refuse')),
  peroxides          text NOT NULL CONSTRAINT check_out_rules_peroxides_is_known CHECK (peroxides IN ('warn', 'refuse')),
  peroxide_limit_ppm numeric NOT NULL CONSTRAINT check_out_rules_peroxide_limit_ppm_is_positive CHECK (peroxide_limit_ppm > 0 AND peroxide_limit_ppm <= 10000)
);
COMMENT ON TABLE inventory.check_out_rules IS 'What happens when somebody takes from a container that should not be used: a warning, or a refusal. A lab without a row warns, and has the limit of 100 ppm.';
COMMENT ON COLUMN inventory.check_out_rules.peroxides IS 'Of containers with more peroxides than the limit, or whose test is due.';
