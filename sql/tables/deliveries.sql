CREATE TABLE IF NOT EXISTS inventory.deliveries (
  lab_id int NOT NULL DEFAULT nullif(current_setting('app.lab_id', true), '')::int REFERENCES control.labs ON DELETE RESTRICT,
  id           bigint GENERATED ALWAYS AS IDENTITY,
  order_number text CONSTRAINT deliveries_order_number_is_short CHECK (length(order_number) <= 100),
  supplier     text CONSTRAINT deliveries_supplier_is_short CHECK (length(supplier) <= 200),
  received_on  date NOT NULL CONSTRAINT deliveries_received_on_is_plausible CHECK (received_on BETWEEN '1950-01-01' AND '2200-01-01'),
  made_at      timestamptz NOT NULL DEFAULT control.clock(),
  made_by      bigint NOT NULL DEFAULT control.user_id(),
  PRIMARY KEY (lab_id, id),
  FOREIGN KEY (lab_id, made_by) REFERENCES control.members (lab_id, user_id) ON DELETE RESTRICT
);
COMMENT ON TABLE inventory.deliveries IS 'Purchases received: the containers of one delivery came together.';
