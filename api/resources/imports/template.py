"""A workbook to fill in and import."""

from functools import cache

from fastapi import Response
from starlette.concurrency import run_in_threadpool

from api.core.database import Data
from api.core.routes import resource
from api.core.visit import InLab
from api.core.workbooks import Workbook

router = resource("/labs/{lab}/imports", "imports")


@cache
def _file() -> bytes:
    # imported here, because openpyxl is slow to import, and few ask for the template
    from api.spreadsheets.template import template

    return template()


@router.get("/template.xlsx", response_class=Response, responses={200: {"content": {Workbook.media_type: {}}}})
async def download_template(visit: InLab, data: Data) -> Response:
    """Downloads an empty workbook with the heads that an import understands, a hint for each, and choices."""
    await data.require(visit)
    headers = {"Content-Disposition": 'attachment; filename="chemtrack-template.xlsx"'} | dict(visit.response.headers)
    return Response(await run_in_threadpool(_file), media_type=Workbook.media_type, headers=headers)
