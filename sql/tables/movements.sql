CREATE TABLE IF NOT EXISTS inventory.movements (
  lab_id int NOT NULL DEFAULT nullif(current_setting('app.lab_id', true), '')::int REFERENCES control.labs ON DELETE RESTRICT,
  id           bigint GENERATED ALWAYS AS IDENTITY,
  container_id bigint NOT NULL,
  line         int NOT NULL DEFAULT 0,
  kind         text NOT NULL CONSTRAINT movements_kind_is_known CHECK (
                 kind IN ('receive', 'check_out', 'return', 'count', 'dispose', 'correct')),
  typed_amount numeric CONSTRAINT movements_typed_amount_is_not_negative CHECK (typed_amount >= 0 AND typed_amount < 1e12),
  typed_unit   text REFERENCES reference.units ON DELETE RESTRICT,
  amount       numeric CONSTRAINT movements_amount_is_a_number CHECK (abs(amount) < 1e12),
  balance      numeric,
  unit         text REFERENCES reference.units ON DELETE RESTRICT,
  reason       text CONSTRAINT movements_reason_is_short CHECK (length(reason) <= 500),
  refers_to_id bigint,
  stocktake_id bigint,
  delivery_id  bigint,
  made_at      timestamptz NOT NULL DEFAULT now(),
  made_by      bigint NOT NULL DEFAULT control.user_id(),
  PRIMARY KEY (lab_id, id),
  CONSTRAINT movements_lines_are_numbered UNIQUE (lab_id, container_id, line),
  CONSTRAINT movements_count_once_a_stocktake UNIQUE (lab_id, stocktake_id, container_id),
  FOREIGN KEY (lab_id, container_id) REFERENCES inventory.containers (lab_id, id) ON DELETE RESTRICT,
  FOREIGN KEY (lab_id, refers_to_id) REFERENCES inventory.movements (lab_id, id) ON DELETE RESTRICT,
  FOREIGN KEY (lab_id, stocktake_id) REFERENCES inventory.stocktakes (lab_id, id) ON DELETE RESTRICT,
  FOREIGN KEY (lab_id, delivery_id) REFERENCES inventory.deliveries (lab_id, id) ON DELETE RESTRICT,
  FOREIGN KEY (lab_id, made_by) REFERENCES control.members (lab_id, user_id) ON DELETE RESTRICT,
  CONSTRAINT movements_typed_amount_has_a_unit CHECK ((typed_amount IS NULL) = (typed_unit IS NULL)),
  CONSTRAINT movements_sign_fits_the_kind CHECK (
    CASE kind WHEN 'receive' THEN coalesce(amount >= 0, true)
              WHEN 'return' THEN amount > 0
              WHEN 'check_out' THEN amount < 0
              WHEN 'dispose' THEN coalesce(amount <= 0, true)
              ELSE amount IS NOT NULL END),
  CONSTRAINT movements_corrections_refer_to_a_line CHECK (kind <> 'correct' OR refers_to_id IS NOT NULL)
);
SELECT 'ALTER TABLE inventory.movements ADD COLUMN meant numeric, ADD COLUMN before jsonb'
 WHERE NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'inventory.movements'::regclass AND attname = 'meant') \gexec
SELECT 'CREATE INDEX movements_by_time ON inventory.movements (lab_id, made_at, id)'
 WHERE to_regclass('inventory.movements_by_time') IS NULL \gexec
SELECT 'CREATE INDEX movements_by_member ON inventory.movements (lab_id, made_by, made_at)'
 WHERE to_regclass('inventory.movements_by_member') IS NULL \gexec
SELECT 'CREATE INDEX movements_by_kind ON inventory.movements (lab_id, kind, made_at, id)'
 WHERE to_regclass('inventory.movements_by_kind') IS NULL \gexec
SELECT 'CREATE INDEX movements_by_reference ON inventory.movements (lab_id, refers_to_id) WHERE refers_to_id IS NOT NULL'
 WHERE to_regclass('inventory.movements_by_reference') IS NULL \gexec
COMMENT ON TABLE inventory.movements IS 'The ledger, append-only: every change of an amount is one line. A trigger numbers it, takes the time and writes the balance.';
COMMENT ON COLUMN inventory.movements.line IS 'Number within its container, from 1, without gaps.';
COMMENT ON COLUMN inventory.movements.typed_amount IS 'What was typed, in typed_unit: for a count what was counted, for a correction what is right. NULL: nobody knows; in a correction: the corrected line did not happen.';
COMMENT ON COLUMN inventory.movements.meant IS 'typed_amount in unit, by the density of that day. Corrections and returns use this figure, so that a density which changes later changes no line. NULL: not known, or the line is older than the column.';
COMMENT ON COLUMN inventory.movements.before IS 'The values that the line changed in its container, as they were before: opened_on, missing_since, last_counted_at. A value that is left out was NULL. NULL: not kept (receipts, corrections, lines older than the column).';
COMMENT ON COLUMN inventory.movements.amount IS 'The change of the balance: signed, in unit. NULL: not known (an unknown amount was received or disposed of).';
COMMENT ON COLUMN inventory.movements.balance IS 'What was left in the container after the line, in unit. NULL: not known.';
COMMENT ON COLUMN inventory.movements.reason IS 'Purpose of a check-out, cause of a variance, why corrected or disposed of.';
COMMENT ON COLUMN inventory.movements.refers_to_id IS 'The check-out that a return belongs to; the line that a correction corrects.';
