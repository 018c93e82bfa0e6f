"""Whether a line of text names somebody who was erased: for what is kept as text and cannot be compared in SQL."""

import hmac
import re
from collections.abc import Callable

from accounts.models import ErasedIdentity

from .erased import Kind, key_of_organization

#: What stands between the cells of a line, whatever its format.
_CELLS = re.compile(r"[,;|\t\"\r\n]+")
_LEAST_DIGITS = 7


def recognizer() -> Callable[[str], bool] | None:
    """A test for this organization's lines, which may be used after its context; None where nobody was erased."""
    key = key_of_organization()
    known = (
        {bytes(digest) for digest in ErasedIdentity.objects.values_list("digest", flat=True)}
        if key
        else set()
    )
    if key is None or not known:
        return None

    def names(line: str) -> bool:
        return any(
            hmac.digest(key, f"{kind.value}:{text}".encode(errors="replace"), "sha256") in known
            for cell in _CELLS.split(line)
            for kind, text in _spellings(cell.strip())
        )

    return names


def _spellings(cell: str) -> list[tuple[ErasedIdentity.Kind, str]]:
    """What a cell may be, each written as accounts.privacy.erased folds it."""
    if not cell:
        return []
    found = [(Kind.EXTERNAL_ID, cell)]
    if "@" in cell:
        found.append((Kind.EMAIL, cell.lower()))
    digits = re.sub(r"[^0-9]", "", cell)
    if len(digits) >= _LEAST_DIGITS:
        found.append((Kind.PHONE, digits))
    return found
