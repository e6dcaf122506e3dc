"""The containers that chosen chemicals of a list stand for: those that the list showed, where it was narrowed by what containers say."""

from typing import Annotated, Literal

from pydantic import Field

from api.core.fields import Day, Id, Maybe, Model

TODAY = "(SELECT control.today())"
BELOW = """(SELECT l.id FROM inventory.locations l JOIN inventory.locations root ON root.lab_id = l.lab_id AND root.id = %(location)s
        WHERE starts_with(l.path, root.path))"""
# The conditions that the flags of the list of chemicals stand for, as SQL about a container c.
EXPIRED = f"c.expires_on < {TODAY}"
EXPIRING = f"c.expires_on >= {TODAY} AND c.expires_on <= {TODAY} + 30"
HELD = "c.holder_id IS NOT NULL"
MISSING = "c.missing_since IS NOT NULL"
FLAGS = {"expired": EXPIRED, "expiring": EXPIRING, "held": HELD, "missing": MISSING}

CHOSEN_CONTAINERS = f"""SELECT c.id FROM inventory.containers c
 WHERE c.chemical_id = ANY (%(chemical)s::bigint[]) AND c.disposed_at IS NULL
   AND (%(location)s::bigint IS NULL OR c.location_id IN {BELOW})
   AND (%(expires_before)s::date IS NULL OR c.expires_on < %(expires_before)s::date)
   AND ('expired' <> ALL (%(flag)s::text[]) OR {EXPIRED})
   AND ('expiring' <> ALL (%(flag)s::text[]) OR {EXPIRING})
   AND ('held' <> ALL (%(flag)s::text[]) OR {HELD})
   AND ('missing' <> ALL (%(flag)s::text[]) OR {MISSING})"""
"""The ids of the containers in stock of some chemicals (the parameter `chemical`, a list) that fit the other parameters, the fields of Narrowing."""


class Narrowing(Model):
    """The filters of a list of chemicals that say something of single containers. A container is meant that fulfils all of them."""

    location: Annotated[Maybe[Id], Field(description="of the chemicals only what stands there or below")] = None
    expires_before: Annotated[Maybe[Day], Field(description="of the chemicals only what expires before")] = None
    flag: list[Literal["expired", "expiring", "held", "missing"]] = Field(
        default=[], max_length=10, description="of the chemicals only the containers with all of these flags"
    )

    @property
    def is_narrow(self) -> bool:
        """Whether the chemicals may stand for fewer than all of their containers."""
        return bool(self.location or self.expires_before or self.flag)
