"""Stocktakes of a lab: start, count, review, post. Nothing is frozen meanwhile."""

from fastapi import APIRouter

from api.stocktakes import counts, lines, stocktakes

router = APIRouter(prefix="/labs/{lab}", tags=["stocktakes"])
for part in (stocktakes, lines, counts):
    router.include_router(part.router)
