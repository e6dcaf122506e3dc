"""What the routes of all resources have in common."""

from fastapi import APIRouter, Depends

from api.core.problems import PROBLEMS
from api.core.visit import check_service_token


def resource(prefix: str, tag: str) -> APIRouter:
    """The router of a resource: it lets only ChemTrack's own services in, and documents that each route may answer with a problem."""
    return APIRouter(prefix=prefix, tags=[tag], dependencies=[Depends(check_service_token)], responses=PROBLEMS)
