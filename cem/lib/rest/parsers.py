"""JSON as RFC 8259 means it, and nothing PostgreSQL could not store."""

import json
import math
import re
from typing import Any

from django.conf import settings
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser

from .problems import Problem, too_large

#: A NUL or half of a surrogate pair, as an escape; neither is text that a database can hold.
_ESCAPE = re.compile(r"\\u(0000|[dD][89a-fA-F])")


def _number(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"{text} is larger than any number here")
    return number


def _constant(text: str) -> float:
    raise ValueError(f"{text} is not JSON")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("an object names the same member twice")
    return found


def _check_text(value: Any) -> None:
    if isinstance(value, str):
        if "\0" in value or any("\ud800" <= letter <= "\udfff" for letter in value):
            raise ValueError("a text holds a NUL or half a surrogate pair")
    elif isinstance(value, dict):
        for key, one in value.items():
            _check_text(key)
            _check_text(one)
    elif isinstance(value, list):
        for one in value:
            _check_text(one)


class StrictJSONParser(JSONParser):
    """Refuses what would be lost or misread later: NaN, duplicate members, NUL, broken surrogates."""

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        request = (parser_context or {}).get("request")
        packed = request.headers.get("Content-Encoding", "").strip().lower() if request is not None else ""
        if packed not in ("", "identity"):
            raise Problem(
                415, f"The body is packed ({packed[:20]!r}). Send it plain: nothing is inflated here."
            )
        limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 0
        raw = stream.read(limit + 1)
        if len(raw) > limit:
            raise too_large()
        try:
            text = raw.decode()
            value = json.loads(text, parse_float=_number, parse_constant=_constant, object_pairs_hook=_object)
            if _ESCAPE.search(text):
                _check_text(value)
        except UnicodeDecodeError as error:
            raise ParseError(f"The body is not UTF-8 (byte {error.start}).") from error
        except RecursionError as error:
            raise ParseError("The body is nested too deeply.") from error
        except ValueError as error:
            raise ParseError(f"The body is not valid JSON: {error}.") from error
        return value
