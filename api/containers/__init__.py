"""Containers of a lab: find them by scanning or by words, look at one, edit its label, print labels."""

from fastapi import APIRouter

from api.containers import container, printing

router = APIRouter(prefix="/labs/{lab}", tags=["containers"])
for part in (container, printing):
    router.include_router(part.router)
