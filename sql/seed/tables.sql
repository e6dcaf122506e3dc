-- A lab as its files tell it. Days count from today, so that a demo made next year is as fresh.
CREATE TEMPORARY TABLE demo_locations (
  line              int GENERATED ALWAYS AS IDENTITY,  -- a parent comes before what lies in it
  code              text,
  parent            text,
  kind              text,
  name              text,
  count_period_days int,
  counted_days_ago  int,                               -- empty: never counted; a stocktake in the history counts again
  id                bigint
) ON COMMIT DROP;

CREATE TEMPORARY TABLE demo_chemicals (
  line             int GENERATED ALWAYS AS IDENTITY,
  name             text,
  cas_number       text,                               -- the reference tables give identity and hazards by it
  supplier         text,
  catalogue_number text,
  low_stock_amount numeric,
  low_stock_unit   text,
  physical_state   text,                               -- given where the product differs from the reference
  density_g_per_ml numeric,
  checked_none     boolean,                            -- has no CAS RN, and somebody checked that it is not hazardous
  notes            text,
  id               bigint
) ON COMMIT DROP;

CREATE TEMPORARY TABLE demo_containers (
  line              int GENERATED ALWAYS AS IDENTITY,
  barcode           text,
  chemical          text,
  location          text,
  pack_size         numeric,
  pack_unit         text,
  amount            numeric,                           -- left when it was entered; empty: not known
  unit              text,
  lot               text,
  purity            text,
  price             numeric,                           -- GBP
  received_days_ago int,                               -- a container older than the history is entered on its first day
  opened_days_ago   int,
  expires_in_days   int,
  order_number      text,
  received_by       text
) ON COMMIT DROP;

CREATE TEMPORARY TABLE demo_events (
  line     int GENERATED ALWAYS AS IDENTITY,
  days_ago int,
  at       time,                                       -- in the lab's time zone
  who      text,
  what     text,                                       -- lab.sql says what each does
  barcode  text,
  amount   numeric,
  unit     text,
  location text,
  note     text
) ON COMMIT DROP;
