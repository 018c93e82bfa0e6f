"""What the public form carries besides answers: a trap for programs, and a mark that makes two sends one.

The mark is random, signed, and made when the page is. It becomes the response's external id, so that a double
click, a reload of the POST or a proxy's retry is stored once. Without it (or with a forged one) an answer is
taken all the same: it only loses that protection.
"""

import secrets
from collections.abc import Mapping
from typing import Any

from django.core import signing

TRAP = "website"
STARTED = "started"
#: Bytes of a whole submit. A survey of long texts in four-byte characters stays below it.
LARGEST_BODY = 512 * 1024
_SALT = "feedback.form"


def new_mark() -> str:
    return signing.TimestampSigner(salt=_SALT).sign(secrets.token_urlsafe(12))


def external_id(form: Mapping[str, Any]) -> str | None:
    try:
        nonce = signing.TimestampSigner(salt=_SALT).unsign(str(form.get(STARTED, "")))
    except signing.BadSignature:
        return None
    return f"form:{nonce}"


def is_trapped(form: Mapping[str, Any]) -> bool:
    """Filled what nobody sees: a program. It gets the same thanks, and nothing is stored."""
    return bool(form.get(TRAP))
