"""Undo: takes back together all lines of the ledger and all transfers that one act wrote."""

from typing import Any, Self

from pydantic import ConfigDict, Field, model_validator

from api.core.database import Data, Statements
from api.core.fields import Id, Model
from api.core.problems import NOT_FOUND
from api.core.refusals import Meaning
from api.core.routes import resource
from api.core.rows import one
from api.core.visit import InLab

router = resource("/labs/{lab}/undo", "undo")

MEANINGS = {
    "transfer_exists": Meaning(404, NOT_FOUND),
    "transfers_are_undone_by_author_or_manager": Meaning(
        403, "Only the member who did this, or a manager, can undo it."
    ),
    "transfers_are_undone_last_first": Meaning(409, "{barcode} was {what} since. Nothing was undone."),
    "transfers_holder_is_a_member": Meaning(409, "{holder}, who had {barcode}, has left the lab. Nothing was undone."),
    "movements_count_is_undone_before_older_ones": Meaning(409, "{barcode} was counted again since: undo that first."),
    "movements_what_came_back_is_undone_first": Meaning(
        409, "{back} of this amount came back: undo that return first.", "amount"
    ),
}

MOST = 500


class UndoIn(Model):
    """The lines of the ledger and the transfers (changes of location or holder) that one act wrote. All are undone, or none."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"movement_ids": [31, 32], "transfer_ids": [7]}]}
    )

    movement_ids: list[Id] = Field(default=[], max_length=MOST)
    transfer_ids: list[Id] = Field(default=[], max_length=MOST)

    @model_validator(mode="after")
    def something_is_undone(self) -> Self:
        """Refuses a request that names neither lines nor transfers."""
        if not self.movement_ids and not self.transfer_ids:
            raise ValueError("Say what is to be undone.")
        return self


class Undone(Model):
    """How many lines and transfers were taken back."""

    undone: int


UNDO = "SELECT inventory.undo(%s::bigint[], %s::bigint[]) AS undone"


@router.post("", status_code=201, response_model=Undone)
async def undo(undoing: UndoIn, visit: InLab, data: Data) -> Any:
    """Restores what was before the act: amounts (unknown ones, too), the day of opening, whether a container is missing, location, holder.

    The undone line and its counter-entry both stay in the history. A line may be undone by its author for a day, and by a manager at
    any time; a transfer by its author or a manager, as long as nobody has moved or taken the container since.
    """
    statements: Statements = {"done": (UNDO, (undoing.movement_ids, undoing.transfer_ids))}
    return await data.write(visit, statements, answer=lambda found: one(found["done"]))
