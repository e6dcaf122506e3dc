"""Units as lists write them: those of `api.chemistry.quantities`, spellings of other languages, and words for a whole container."""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from types import MappingProxyType

from api.chemistry.quantities import QuantityError, parse_unit


@dataclass(frozen=True)
class UnitWord:
    """The meaning of a word beside an amount, as a factor and a unit of ChemTrack: dL means 100 mL."""

    unit: str
    factor: Decimal = Decimal(1)


# symbol [factor]: the words. fl oz and pint: 1/128 and 1/8 of a US gallon (NIST Handbook 44, appendix C).
_WORDS = """
    mg: mgs miligramo miligramos milligramm мг 毫克 ミリグラム 밀리그램
    g: gr grs grm grms gramm gramo gramos grama gramas grammo grammi gramm gramów gramy gram г гр 克 公克 グラム 그램
    kg: kgr kgrs kilogramm kilogramo kilogramos quilograma quilo kilogrammes кг 公斤 千克 キログラム 킬로그램
    g 100: hg etto etti
    µL: 微升 마이크로리터
    mL: mlt mlts mililitro mililitros millilitri мл 毫升 ミリリットル 밀리리터 밀리 cm3 cm³ ccm
    mL 10: cl centilitre centilitres centiliter
    mL 100: dl decilitre decilitres deciliter
    L: lt lts lit lits litro litros litri litr litry litrów liter(s) литр л 升 公升 リットル 리터 dm3 dm³
    L 100: hl hectolitre hectolitres
    L 1000: m3 m³
    mL 29.5735295625: floz fluidounce fluidounces
    mL 473.176473: pint pints
    each: stk stck st stück stuks szt sztuk sztuki pz pezzi pezzo pièce pièces шт
"""
_CONTAINERS = """
    bottle bottles can cans vial vials jar jars flask flasks ampoule ampoules ampule ampules amp amps tube tubes bag bags drum drums tin
    tins pail pails keg kegs cylinder cylinders container containers pack packs package packages pkg pkgs btl btls bot carboy carboys
    flasche flaschen gebinde dose dosen kanister ampulle ampullen glas gläser frasco frascos botella botellas bote botes garrafa garrafas
    bidon bidons flacon flacons bouteille bouteilles pot pots boîte boîtes flacone flaconi bottiglia bottiglie fles flessen butelka butelki
    butelek but słoik słoiki słoików opakowanie opakowania opak op potten boite boites paquet paquets sachet sachets ampola ampolas ampolla
    ampollas caixa caixas cx confezione confezioni conf şişe kutu adet paket 瓶 罐 桶 支 本 盒 箱 袋 個 个 병 통 개 팩
"""


def _table() -> dict[str, UnitWord]:
    words: dict[str, UnitWord] = {}
    for symbol, factor, others in re.findall(r"^ {4}(\S+?)(?: ([0-9.]+))?: (.*)$", _WORDS, re.MULTILINE):
        words |= {word: UnitWord(symbol, Decimal(factor or 1)) for word in others.split()}
    return words


UNIT_WORDS = MappingProxyType(_table())
CONTAINER_WORDS = frozenset(_CONTAINERS.split())


CONTAINERS = "containers"
"""Stands for a unit where the word beside an amount means whole containers: 3 bottles."""


def fold_unit(text: str) -> str:
    """The word without spaces, points and capital letters."""
    return re.sub(r"[\s.]", "", text[:40]).casefold()


def read_unit(text: str) -> UnitWord | None:
    """The meaning of the unit in a cell; None if the text is no unit."""
    try:
        return UnitWord(parse_unit(text))
    except QuantityError:
        return UNIT_WORDS.get(fold_unit(text))


def means_containers(text: str) -> bool:
    """Whether the word is no unit but stands for a whole container: bottles, Flaschen, 瓶."""
    return fold_unit(text) in CONTAINER_WORDS


UNIT_BEHIND = re.compile(r"(?:_|-| in | )(\S{1,6})$")
"""A word behind a head that may be its unit, where blanks are single."""


def plain_head(head: str) -> str:
    """The head with single blanks, and with plain brackets and letters for the wide ones of East Asian keyboards: 容量（mL）."""
    return " ".join(unicodedata.normalize("NFKC", head[:200]).split())


@lru_cache(maxsize=1024)
def unit_of_head(head: str) -> UnitWord | None:
    """The unit in a head: Mass (g), Volume [mL], Volume_uL, Amount in kg, Grams."""
    head = plain_head(head)
    found = re.search(r"[(\[]([^()\[\]]{1,20})[)\]]$", head) or UNIT_BEHIND.search(head)
    return read_unit(found[1] if found else head)
