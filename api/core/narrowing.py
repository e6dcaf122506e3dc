"""The filters of the list of chemicals that say something of single containers, each declared once: OF_CONTAINERS and FLAGS.

Chosen chemicals of a list that was narrowed by them stand for those of their containers that the list showed: CHOSEN_CONTAINERS."""

from typing import TYPE_CHECKING, Annotated, Any, Literal, LiteralString, NamedTuple

from pydantic import Field, create_model

from api.core.fields import Day, Id, Line, Maybe, Model

TODAY = "(SELECT control.today())"
BELOW = """(SELECT l.id FROM inventory.locations l JOIN inventory.locations root ON root.lab_id = l.lab_id AND root.id = %(location)s
        WHERE starts_with(l.path, root.path))"""


class OfContainer(NamedTuple):
    """A filter with one value: its type in a request and in SQL, and the condition that a container `c` fulfils."""

    type: Any
    sql_type: LiteralString
    fits: LiteralString
    about: str


Days = Annotated[int, Field(ge=0, le=36500)]
Text = Annotated[Line, Field(max_length=100)]

OF_CONTAINERS = {
    "location": OfContainer(Id, "bigint", f"c.location_id IN {BELOW}", "stands there or below"),
    "expires_before": OfContainer(Day, "date", "c.use_by < %(expires_before)s", "expires before the day"),
    "expires_within": OfContainer(
        Days, "int", f"c.use_by BETWEEN {TODAY} AND {TODAY} + %(expires_within)s::int", "expires within this number of days"
    ),
    "open_longer_than": OfContainer(
        Days, "int", f"c.opened_on < {TODAY} - %(open_longer_than)s::int", "was opened more than this many days ago"
    ),
    "supplier": OfContainer(
        Text, "text", "strpos(lower(c.supplier), lower(%(supplier)s)) > 0", "the text is in its supplier, in any case"
    ),
    "lot_number": OfContainer(Text, "text", "strpos(lower(c.lot), lower(%(lot_number)s)) > 0", "the text is in its lot, in any case"),
    "catalogue_number": OfContainer(
        Text, "text", "strpos(lower(c.catalogue_number), lower(%(catalogue_number)s)) > 0", "the text is in its catalogue number, in any case"
    ),
    "order_number": OfContainer(
        Text,
        "text",
        "c.delivery_id IN (SELECT d.id FROM inventory.deliveries d WHERE strpos(lower(d.order_number), lower(%(order_number)s)) > 0)",
        "the text is in the order number of its delivery, in any case",
    ),
    "held_by": OfContainer(
        Text,
        "text",
        "c.holder_id IN (SELECT u.id FROM control.users u WHERE strpos(lower(u.name), lower(%(held_by)s)) > 0)",
        "the text is in the name of whoever has it, in any case",
    ),
    # The first line of a container's ledger is its receipt, so that only containers with more lines are looked up.
    "checked_out": OfContainer(
        Literal["never"],
        "text",
        """(c.last_line <= 1 OR NOT EXISTS
         (SELECT FROM inventory.movements m WHERE m.lab_id = c.lab_id AND m.container_id = c.id AND m.kind = 'check_out'))""",
        "nothing was ever checked out of",
    ),
}  # fmt: skip
FLAGS = {
    "expired": f"c.use_by < {TODAY}",
    "expiring": f"c.use_by >= {TODAY} AND c.use_by <= {TODAY} + 30",
    "held": "c.holder_id IS NOT NULL",
    "missing": "c.missing_since IS NOT NULL",
    "peroxides": "c.id = ANY (ARRAY(SELECT p.container_id FROM inventory.peroxide_formers p WHERE p.state <> 'tested'))",
}
"""Filters without a value that a container fulfils or not."""

CHOSEN_CONTAINERS = f"""SELECT c.id FROM inventory.containers c
 WHERE c.chemical_id = ANY (%(chemical)s::bigint[]) AND c.disposed_at IS NULL
   {" ".join(f"AND (%({name})s::{one.sql_type} IS NULL OR {one.fits})" for name, one in OF_CONTAINERS.items())}
   {" ".join(f"AND ('{name}' <> ALL (%(flag)s::text[]) OR {fits})" for name, fits in FLAGS.items())}"""
"""The ids of the containers in stock of some chemicals (the parameter `chemical`, a list) that fit the other parameters, the fields of Narrowing."""


if TYPE_CHECKING:
    Narrowed = Model
else:
    Narrowed = create_model("Narrowed", __base__=Model, **{
        name: (Maybe[one.type], Field(default=None, description=f"a container {one.about}")) for name, one in OF_CONTAINERS.items()
    })  # fmt: skip


class Narrowing(Narrowed):
    """The filters of a list of chemicals that say something of single containers. A container is meant that fulfils all of them."""

    flag: list[Literal["expired", "expiring", "held", "missing", "peroxides"]] = Field(
        default=[], max_length=10, description="of the chemicals only the containers with all of these flags"
    )

    @property
    def is_narrow(self) -> bool:
        """Whether the chemicals may stand for fewer than all of their containers."""
        return bool(self.flag) or any(getattr(self, name) is not None for name in OF_CONTAINERS)
