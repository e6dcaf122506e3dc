"""The SQL of the list of deliveries, with the number of containers and the chemicals of each."""

from datetime import date, datetime
from typing import Any

from pydantic import Field

from api.core.fields import Model


class DeliveryLine(Model):
    """A delivery that was received."""

    id: int
    order_number: str | None
    supplier: str | None
    received_on: date
    made_at: datetime
    made_by: int
    made_by_name: str
    taken_back_at: datetime | None = Field(description="it was received by mistake: its containers are disposed of")
    taken_back_by_name: str | None
    containers: int
    chemicals: list[dict[str, Any]] = Field(examples=[[{"id": 12, "name": "Acetonitrile", "containers": 4}]])


FIND_DELIVERIES = """
SELECT d.id, d.order_number, d.supplier, d.received_on, d.made_at, d.made_by, u.name AS made_by_name,
       t.made_at AS taken_back_at, b.name AS taken_back_by_name, s.containers, s.chemicals
  FROM (SELECT d.lab_id, d.id, d.order_number, d.supplier, d.received_on, d.made_at, d.made_by
          FROM inventory.deliveries d WHERE {where} ORDER BY {order} LIMIT %(limit)s) AS d
  JOIN control.users u ON u.id = d.made_by
  LEFT JOIN LATERAL inventory.receipts_taken_back(d.id) AS t ON true
  LEFT JOIN control.users b ON b.id = t.made_by
 CROSS JOIN LATERAL (
   SELECT coalesce(sum(k.containers), 0)::int AS containers,
          coalesce(jsonb_agg(jsonb_build_object('id', k.id, 'name', k.name, 'containers', k.containers) ORDER BY k.name_sort, k.id), '[]') AS chemicals
     FROM (SELECT h.id, h.name, h.name_sort, count(*) AS containers
             FROM inventory.containers c JOIN inventory.chemicals h ON h.lab_id = c.lab_id AND h.id = c.chemical_id
            WHERE c.lab_id = d.lab_id AND c.delivery_id = d.id GROUP BY h.lab_id, h.id) AS k) AS s
 ORDER BY {order}"""
