"""Who the visitor is in a lab: for a page that asks nothing else of the API."""

from api.core.database import Data
from api.core.routes import resource
from api.core.visit import InLab

router = resource("/labs/{lab}/membership", "membership")


@router.get("", status_code=204)
async def find_membership(visit: InLab, data: Data) -> None:
    """No content: who the visitor is in the lab stands in the header that every answer of a lab has."""
    await data.read_all(visit, {})
