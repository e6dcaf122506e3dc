"""What happens in a lab when somebody takes from a container that is expired, marked for deletion, or not tested for peroxides."""

from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field

from api.core.database import Data, Statements
from api.core.fields import AmountIn, Model, Number, Version, VersionIn
from api.core.refusals import Meaning
from api.core.routes import resource
from api.core.visit import InLab

router = resource("/labs/{lab}/check-out-rules", "check-outs")

REFUSED = "This lab lets nobody take from it."
MEANINGS = {
    "check_outs_are_not_of_expired": Meaning(409, f"{{barcode}} was to be used by {{day}}. {REFUSED}", "container_id"),
    "check_outs_are_not_of_marked": Meaning(409, f"{{barcode}} is marked for deletion. {REFUSED}", "container_id"),
    "check_outs_are_not_over_the_peroxide_limit": Meaning(
        409, f"{{ppm}} ppm of peroxides were found in {{barcode}}. {REFUSED}", "container_id"
    ),
    "check_outs_wait_for_the_peroxide_test": Meaning(
        409, f"{{barcode}} had to be tested for peroxides by {{day}}. {REFUSED}", "container_id"
    ),
}

Act = Literal["warn", "refuse"]
FIND_RULES = "SELECT r.*, r.xmin::text AS version FROM inventory.check_out_rules r"
KEEP_RULES = """
INSERT INTO inventory.check_out_rules AS r (expired, marked, peroxides, peroxide_limit_ppm)
VALUES (%(expired)s, %(marked)s, %(peroxides)s, %(peroxide_limit_ppm)s)
ON CONFLICT (lab_id) DO UPDATE
   SET expired = CASE WHEN control.is_unchanged(r.xmin::text, %(version)s) THEN excluded.expired END,
       marked = excluded.marked, peroxides = excluded.peroxides, peroxide_limit_ppm = excluded.peroxide_limit_ppm
RETURNING expired, marked, peroxides, peroxide_limit_ppm, xmin::text AS version"""


class Rules(Model):
    """What happens at a check-out, and when somebody takes the whole bottle."""

    expired: Act = Field(description="the day until which it may be used is past")
    marked: Act = Field(description="marked for deletion")
    peroxides: Act = Field(description="more peroxides than the limit, or a test is due")
    peroxide_limit_ppm: Number = Field(examples=["100"])
    version: Version = ""


class RulesIn(Model):
    """What is to happen from now on."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"expired": "warn", "marked": "refuse", "peroxides": "refuse", "peroxide_limit_ppm": "100"}]
        },
    )

    expired: Act
    marked: Act
    peroxides: Act
    peroxide_limit_ppm: Annotated[AmountIn, Field(gt=0, le=10_000)] = Decimal(100)
    version: VersionIn = None


DEFAULT = {"expired": "warn", "marked": "warn", "peroxides": "warn", "peroxide_limit_ppm": Decimal(100), "version": ""}


@router.get("", response_model=Rules)
async def find_rules(visit: InLab, data: Data) -> Any:
    """The lab's rules; in a lab that has none, everything is a warning."""
    found = await data.read(visit, FIND_RULES, ())
    return found[0] if found else DEFAULT


@router.put("", response_model=Rules)
async def keep_rules(rules: RulesIn, visit: InLab, data: Data) -> Any:
    """The lab's rules from now on; for managers."""
    statements: Statements = {"kept": (KEEP_RULES, rules.model_dump())}
    return await data.write(visit, statements, needed="manager", answer=lambda found: found["kept"][0])
