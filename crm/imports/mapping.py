"""The mapping file: which column of a file means what. `docs/imports.md` describes it."""

import difflib
import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError

from cem.lib.validators import time_zone

#: Keys that every mapping may have; an importer adds its own.
COMMON = frozenset({"kind", "format", "columns", "key"})
DELIMITERS = 'one character such as ",", ";" or "\\t", or "whitespace"'


class MappingError(ValueError):
    """What is wrong with a mapping, each problem with its place."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("The mapping cannot be used: " + "; ".join(problems))


@dataclass(frozen=True)
class Format:
    delimiter: str = ","
    header: bool = True
    encoding: str = "utf-8"
    quote: str = '"'

    @property
    def whitespace(self) -> bool:
        return self.delimiter == "whitespace"


@dataclass(frozen=True)
class Source:
    """Where a value comes from: a column (by name, or by position from 1), or a constant."""

    #: Its place in the mapping, for messages: "columns.amount".
    place: str
    column: str | int | None = None
    constant: str | None = None
    words: dict[str, str] | None = None
    form: str = ""
    zone: ZoneInfo | None = None
    comma: bool = False
    region: str | None = None
    type: str = ""


#: A target's source, or for a group (attributes, measures, a matrix) the sources of its members.
Columns = dict[str, "Source | dict[str, Source]"]


@dataclass(frozen=True)
class Mapping:
    kind: str
    format: Format
    columns: Columns
    #: Which targets make the key of rows without an id of their own; all mapped ones without it.
    key: list[str] | None
    #: What the kind of import has of its own ("create_customers", "survey" …), as written.
    options: dict[str, Any] = field(default_factory=dict)

    def sources(self) -> Iterator[Source]:
        for column in self.columns.values():
            if isinstance(column, Source):
                yield column
            else:
                yield from column.values()


def read_mapping(path: Path) -> dict[str, Any]:
    """The JSON of a mapping file.

    Raises:
        MappingError: when the file is missing or is not a JSON object.
    """
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise MappingError([f"{path} cannot be read ({error.strerror})"]) from None
    except UnicodeDecodeError:
        raise MappingError([f"{path} is not UTF-8 text"]) from None
    except json.JSONDecodeError as error:
        raise MappingError([f"{path} is not JSON: line {error.lineno}, {error.msg}"]) from None
    if not isinstance(document, dict):
        raise MappingError([f"{path} holds no JSON object"])
    return document


class Checker:
    """Reads a mapping's JSON and notes every problem with its place."""

    def __init__(self) -> None:
        self.problems: list[str] = []

    def note(self, place: str, problem: str) -> None:
        self.problems.append(f"{place}: {problem}")

    def finish(self) -> None:
        if self.problems:
            raise MappingError(self.problems)

    def known(self, place: str, keys: Collection[str], allowed: Collection[str]) -> None:
        for key in keys:
            if key not in allowed:
                self.note(f"{place}.{key}".lstrip("."), "unknown" + suggestion(key, allowed))

    def text(self, place: str, value: Any) -> str:
        if isinstance(value, str):
            return value
        self.note(place, "must be text")
        return ""

    def flag(self, place: str, value: Any) -> bool:
        if isinstance(value, bool):
            return value
        self.note(place, "must be true or false")
        return False

    def format(self, value: Any) -> Format:
        if not isinstance(value, dict):
            self.note("format", "must be an object")
            return Format()
        self.known("format", value, ("delimiter", "header", "encoding", "quote"))
        delimiter = self.text("format.delimiter", value.get("delimiter", ","))
        if delimiter != "whitespace" and (len(delimiter) != 1 or delimiter in '\r\n"'):
            self.note("format.delimiter", f"must be {DELIMITERS}")
        quote = value.get("quote", '"')
        if quote is not None and (not isinstance(quote, str) or len(quote) > 1 or quote == delimiter):
            self.note("format.quote", 'must be one character other than the delimiter, or "" for none')
        encoding = self.text("format.encoding", value.get("encoding", "utf-8"))
        try:
            "".encode(encoding)  # refuses what is no encoding of text, too
        except LookupError:
            self.note("format.encoding", f"there is no encoding {encoding!r}; try utf-8, cp1252 or utf-16")
        return Format(delimiter, self.flag("format.header", value.get("header", True)), encoding, quote or "")

    def source(self, place: str, value: Any) -> Source:
        """One source; `"name"` and `3` are short for `{"column": …}`."""
        if isinstance(value, str | int) and not isinstance(value, bool):
            value = {"column": value}
        if not isinstance(value, dict):
            self.note(place, 'must be a column\'s name or position, or an object with "column" or "constant"')
            return Source(place)
        allowed = ("column", "constant", "values", "format", "time_zone", "decimal", "region", "type")
        self.known(place, value, allowed)
        if ("column" in value) == ("constant" in value):
            self.note(place, 'needs either "column" or "constant"')
        column = value.get("column")
        if column is not None and (isinstance(column, bool) or not isinstance(column, str | int)):
            self.note(f"{place}.column", "must be a name, or a position from 1")
            column = None
        if isinstance(column, int) and column < 1:
            self.note(f"{place}.column", "positions begin at 1")
        constant = value.get("constant")
        if isinstance(constant, bool):
            constant = "true" if constant else "false"
        if constant is not None and not isinstance(constant, str | int | float):
            self.note(f"{place}.constant", "must be text or a number")
        return Source(
            place,
            column,
            None if constant is None else str(constant),
            self.words(f"{place}.values", value.get("values")),
            self.text(f"{place}.format", value.get("format", "")),
            self.zone(f"{place}.time_zone", value.get("time_zone")),
            self.decimal(f"{place}.decimal", value.get("decimal", ".")),
            self.region(f"{place}.region", value.get("region")),
            self.type(f"{place}.type", value.get("type", "")),
        )

    def words(self, place: str, value: Any) -> dict[str, str] | None:
        if value is None:
            return None
        if not isinstance(value, dict) or not all(
            isinstance(word, str | int | float) for word in value.values()
        ):
            self.note(place, 'must be an object from text to text, such as {"male": "m"}')
            return None
        return {
            key: {True: "true", False: "false"}[word] if isinstance(word, bool) else str(word)
            for key, word in value.items()
        }

    def zone(self, place: str, value: Any) -> ZoneInfo | None:
        if value is None:
            return None
        try:
            time_zone(value)
            return ZoneInfo(value)
        except (ValidationError, TypeError):
            self.note(place, f"{value!r} is not an IANA time zone, such as Europe/Lisbon")
            return None

    def decimal(self, place: str, value: Any) -> bool:
        if value not in (".", ","):
            self.note(place, 'must be "." or ","')
        return bool(value == ",")

    def region(self, place: str, value: Any) -> str | None:
        if value is None or (isinstance(value, str) and len(value) == 2 and value.isalpha()):
            return value and value.upper()
        self.note(place, 'must be a country\'s two letters, such as "PT"')
        return None

    def type(self, place: str, value: Any) -> str:
        if value in ("", "text", "number", "boolean"):
            return str(value)
        self.note(place, 'must be "text", "number" or "boolean"')
        return ""

    def group(self, place: str, value: Any) -> dict[str, Source]:
        if not isinstance(value, dict) or not value:
            self.note(place, 'must be an object from name to column, such as {"gender": "sex"}')
            return {}
        return {name: self.source(f"{place}.{name}", member) for name, member in value.items()}


def suggestion(word: str, known: Collection[str]) -> str:
    """ " (did you mean …?)" with what is there."""
    near = difflib.get_close_matches(word, list(known), n=1)
    listing = ", ".join(sorted(known)[:40])
    return (f"; did you mean {near[0]!r}?" if near else "") + (f" There is: {listing}" if listing else "")
