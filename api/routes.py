"""What the routes of all resources have in common."""

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, Depends
from fastapi.routing import APIRoute
from starlette.routing import compile_path
from starlette.types import Receive, Scope, Send

from api.access import check_service_token
from api.problems import PROBLEMS


class LateRoute(APIRoute):
    """A route that FastAPI builds when it is called first: to build all of them would double the time of a start.

    Until then it has only what a path is compared with.
    """

    def __init__(self, path: str, endpoint: Callable[..., Any], **said: Any) -> None:
        self.path, self.endpoint, self.methods = path, endpoint, set(said["methods"])
        self.path_regex, self.path_format, self.param_convertors = compile_path(path)
        self._said: dict[str, Any] | None = said

    def build(self) -> None:
        """Let FastAPI read the endpoint's parameters and answer; again, it does nothing."""
        if self._said is not None:
            said, self._said = self._said, None
            super().__init__(self.path, self.endpoint, **said)

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.build()
        await super().handle(scope, receive, send)


def resource(prefix: str, tag: str) -> APIRouter:
    """The router of a resource: our own services alone may call it, and any route may answer a problem."""
    return APIRouter(
        prefix=prefix,
        tags=[tag],
        dependencies=[Depends(check_service_token)],
        responses=PROBLEMS,
        route_class=LateRoute,
    )
