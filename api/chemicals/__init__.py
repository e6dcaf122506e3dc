"""Chemicals of a lab: search, look, add, edit; the list as a file."""

from fastapi import APIRouter

from api.chemicals import chemical, files, lists

router = APIRouter(prefix="/labs/{lab}", tags=["chemicals"])
for part in (lists, files, chemical):
    router.include_router(part.router)
