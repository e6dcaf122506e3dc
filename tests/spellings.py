"""The spellings in which a name may be pasted."""

import re
import unicodedata
from collections.abc import Callable

SPELLINGS: dict[str, Callable[[str], str]] = {
    "as it is": lambda name: name,
    "in capitals": str.upper,
    "in small letters": str.lower,
    "decomposed": lambda name: unicodedata.normalize("NFD", name),
    "compatible": lambda name: unicodedata.normalize("NFKC", name.replace("™", "")),
    "with other dashes and primes": lambda name: name.translate(str.maketrans("-'", "\u2010\u2019")),
    "without brackets": lambda name: re.sub(r"[()\[\]{}]", "", name),
    "with blanks around": lambda name: f"  {name}\u00a0 ",
}
