"""Imports: a lab's spreadsheet, read, previewed row by row, and loaded in one transaction. Managers import."""

from fastapi import APIRouter

from api.imports import files, loading, readings, rows

router = APIRouter(prefix="/labs/{lab}", tags=["imports"])
for part in (files, readings, rows, loading):
    router.include_router(part.router)
