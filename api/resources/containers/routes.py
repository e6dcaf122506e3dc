"""Find containers by scanning or by words, look at one, edit what its label says."""

from decimal import Decimal
from typing import Annotated, Any

from fastapi import Path, Query
from psycopg.types.json import Jsonb
from pydantic import Field

from api.chemistry.quantities import Quantity, QuantityError, convert, shown
from api.core.database import Data, Found, Statements
from api.core.fields import Id
from api.core.paging import Window
from api.core.preconditions import GIVES_ETAG, IfMatch, tag
from api.core.problems import Problem, not_found
from api.core.product_codes import FIND_BY_CODE, scanned_parameters
from api.core.refusals import sentence_of
from api.core.routes import resource
from api.core.rows import Row, id_of, one
from api.core.views import Container, Written, with_units
from api.core.visit import InLab
from api.resources.containers.models import (
    ContainerChange,
    ContainerDetail,
    ContainerList,
    Extended,
    ExtensionIn,
    ScannedContainer,
)
from api.resources.containers.peroxides import FIND_TESTS
from api.resources.containers.queries import (
    CHANGE_CONTAINER,
    EXTEND,
    FIND_BY_BARCODE,
    FIND_CONTAINER,
    FIND_MARK,
    FIND_MOVEMENTS,
    FIND_OVERFILLED,
    FIND_PACK,
    FIND_PAGE,
    FIND_SCANNED,
    FIND_TARE,
    FIND_VERSION,
    SORTS,
    Search,
)

router = resource("/labs/{lab}", "containers")


@router.get("/containers", response_model=ContainerList)
async def list_containers(search: Annotated[Search, Query()], visit: InLab, data: Data) -> Any:
    """A page of containers, for choosing and for scanning: if `q` is on one container, as its barcode or its maker's code, only that."""
    parts, given = search.conditions()
    window = Window(SORTS[search.sort], search.cursor, search.limit)
    page = FIND_PAGE.format(where=" AND ".join([*parts, window.condition("s")]), order=window.order_by("s"))
    found = await data.read_all(
        visit,
        {"exact": (FIND_BY_CODE, scanned_parameters(search.q)), "page": (page, given | window.parameters)},
    )
    if found["exact"]:
        return {"items": [with_units(row) for row in found["exact"]], "exact": True}
    return window.answer([with_units(row) for row in found["page"]]) | {"exact": False}


@router.get("/containers/scanned", response_model=ScannedContainer | None)
async def find_scanned(
    code: Annotated[list[Annotated[str, Field(max_length=200)]], Query(min_length=1, max_length=20)],
    visit: InLab,
    data: Data,
) -> Any:
    """The first of these codes that is on a container, disposed of or not; null where none is."""
    asked = [scanned_parameters(one) for one in code]
    found = await data.read(visit, FIND_SCANNED, {name: [one[name] for one in asked] for name in asked[0]})
    return found[0] if found else None


@router.get("/containers/by-barcode/{code}", response_model=Container)
async def find_container_by_barcode(
    code: Annotated[str, Path(max_length=64, examples=["CT-000012"])], visit: InLab, data: Data
) -> Any:
    """The container with this barcode, disposed of or not."""
    return with_units(one(await data.read(visit, FIND_BY_BARCODE, {"code": code.strip()})))


@router.get("/containers/{container}", response_model=ContainerDetail, responses=GIVES_ETAG)
async def find_container(container: Id, visit: InLab, data: Data) -> Any:
    """A container with its history."""
    given = {"container": container}
    found = await data.read_all(
        visit,
        {
            "container": (FIND_CONTAINER, given),
            "version": (FIND_VERSION, given),
            "movements": (FIND_MOVEMENTS, given),
            "mark": (FIND_MARK, given),
            "tares": (FIND_TARE, given),
            "tests": (FIND_TESTS, given),
        },
    )
    version = one(found["version"])
    tag(visit, version["version"])
    mark = found["mark"][0] if found["mark"] else None
    proposal = found["tares"][0] if found["tares"] else None
    return with_units(one(found["container"]) | version) | {
        "movements": found["movements"],
        "mark": mark,
        "tare_proposal": proposal,
        "peroxide_tests": found["tests"],
    }


def check_pack_unit(pack: Row) -> None:
    """Refuses a pack size in a kind of unit that the container's amount cannot have. Grams and millilitres fit each other without a density."""
    if pack["unit"]:
        try:
            convert(Quantity(pack["pack_size"], pack["pack_unit"]), pack["unit"], density_g_per_ml=Decimal(1))
        except QuantityError as error:
            raise Problem(422, str(error), {"/pack_unit": str(error)}) from error


@router.patch("/containers/{container}", response_model=Written)
async def change_container(container: Id, change: ContainerChange, visit: InLab, data: Data, if_match: IfMatch) -> Any:
    """Changes what the container's label says. A pack size below what is in it is asked about."""
    given = {"container": container}

    def answer(found: Found) -> Row:
        changed = id_of(found["changed"])
        if change.pack_size is not None:
            check_pack_unit(one(found["after"]))
        if found["overfilled"] and found["before"] != found["after"] and not change.holds_more:
            held = found["overfilled"][0]
            pack, amount = (
                shown(held[size], held[unit]) for size, unit in (("pack_size", "pack_unit"), ("amount", "unit"))
            )
            sentence = sentence_of("containers_hold_what_their_pack_holds").format(pack=pack, held=amount)
            raise Problem(409, sentence, {"/holds_more": sentence})
        return changed

    statements: Statements = {
        "before": (FIND_PACK, given),
        "changed": (CHANGE_CONTAINER, (container, Jsonb(change.row()), if_match or change.version)),
        "after": (FIND_PACK, given),
        "overfilled": (FIND_OVERFILLED, given),
    }
    return await data.write(visit, statements, answer=answer)


@router.post("/containers/extensions", status_code=201, response_model=Extended)
async def extend_expiry(extension: ExtensionIn, visit: InLab, data: Data) -> Any:
    """Containers expire on another day; who said so, and why, becomes a line of their notes."""

    def answer(found: Found) -> Row:
        extended = len(found["extended"])
        if extended < len(set(extension.container_ids)):
            raise not_found()
        return {"extended": extended}

    return await data.write(visit, {"extended": (EXTEND, extension.model_dump())}, answer=answer)
