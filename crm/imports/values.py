"""How the text of a cell becomes the text of a staging column (PostgreSQL's COPY format).

Every kind refuses what its column could not hold, so that one bad cell costs its row and not the import.
"""

import json
import re
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

import phonenumbers

NULL = "\\N"
#: What COPY needs escaped, what PostgreSQL cannot store, and what was not text in the file's encoding.
_SPECIAL = re.compile("[\\\\\t\n\r\0\ud800-\udfff]")
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
#: Distinct texts remembered for each column: dates, channels and prices repeat, ids do not.
MEMORY = 50_000


class Refused(ValueError):
    """What is wrong with a cell, said to whoever reads the file of errors."""


def escape(text: str) -> str:
    """Text as COPY wants it.

    Raises:
        Refused: for a NUL character, and for bytes that were not text in the file's encoding.
    """
    if not _SPECIAL.search(text):
        return text
    if "\0" in text:
        raise Refused("holds a NUL character, which cannot be stored")
    if not text.isascii() and any("\ud800" <= character <= "\udfff" for character in text):
        raise Refused(
            "holds bytes that are no text in the file's encoding; name the right one in format.encoding"
        )
    return text.translate(_ESCAPES)


class _Memo(dict[str, str]):
    """Remembers what a text became."""

    def __init__(self, one: Callable[[str], str]) -> None:
        self.one = one

    def __missing__(self, text: str) -> str:
        result = self.one(text)
        if len(self) < MEMORY:
            self[text] = result
        return result


class Value:
    """One kind of value. `sql_type` is its staging column's."""

    sql_type = "text"
    #: What an empty cell becomes; None where one is refused.
    empty: str | None = NULL

    def __init__(self, *, required: bool = False, words: dict[str, str] | None = None) -> None:
        """`words` are the mapping's own: what stands in the file → what it means."""
        if required:
            self.empty = None
        self.words = words
        self._memo = _Memo(self.one)

    def one(self, text: str) -> str:
        text = text.strip()
        if self.words is not None and text:
            try:
                text = self.words[text]
            except KeyError:
                known = ", ".join(self.words)
                raise Refused(f"{shown(text)} is not among the mapping's values ({known})") from None
        if not text:
            if self.empty is None:
                raise Refused("is empty")
            return self.empty
        return self.convert(text)

    def convert(self, text: str) -> str:
        raise NotImplementedError

    def many(self, texts: Sequence[str]) -> Sequence[str]:
        """A column of cells. Raises Refused when any of them is refused."""
        return list(map(self._memo.__getitem__, texts))


class Text(Value):
    empty = ""

    def __init__(self, most: int, **options: Any) -> None:
        super().__init__(**options)
        self.most = most

    def convert(self, text: str) -> str:
        if len(text) > self.most:
            raise Refused(f"{shown(text)} is longer than {self.most} characters")
        return escape(text)

    def many(self, texts: Sequence[str]) -> Sequence[str]:
        if self.words is None:
            texts = list(map(str.strip, texts))
            plain = not _SPECIAL.search("".join(texts)) and max(map(len, texts)) <= self.most
            if plain and (self.empty == "" or "" not in texts):
                return texts
        return super().many(texts)


class Pattern(Text):
    """Text of a certain look, such as a currency code."""

    def __init__(
        self, pattern: str, expected: str, *, fold: Callable[[str], str] = str, **options: Any
    ) -> None:
        super().__init__(254, **options)
        self.pattern, self.expected, self.fold = re.compile(pattern), expected, fold

    def convert(self, text: str) -> str:
        text = self.fold(text)
        if not self.pattern.fullmatch(text):
            raise Refused(f"{shown(text)} is not {self.expected}")
        return super().convert(text)

    def many(self, texts: Sequence[str]) -> Sequence[str]:
        return Value.many(self, texts)


class Choice(Value):
    empty = ""

    def __init__(self, choices: Iterable[str], **options: Any) -> None:
        super().__init__(**options)
        self.choices = tuple(choices)

    def convert(self, text: str) -> str:
        if text not in self.choices and (text := text.lower()) not in self.choices:
            raise Refused(
                f"{shown(text)} is not one of {', '.join(self.choices)}; "
                'the mapping can translate it with "values"'
            )
        return text


class Instant(Value):
    """A moment; without a zone of its own it is local time in `zone`."""

    sql_type = "timestamptz"
    #: A column of moments that stand as we would write them.
    _canonical = re.compile(r"(?:\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00\n)+", re.ASCII)

    def __init__(self, zone: ZoneInfo, form: str = "", **options: Any) -> None:
        super().__init__(**options)
        self.zone, self.form = zone, form

    def many(self, texts: Sequence[str]) -> Sequence[str]:
        if not self.form and self.words is None and self._canonical.fullmatch("\n".join([*texts, ""])):
            try:
                deque(map(datetime.fromisoformat, texts), maxlen=0)
                return texts
            except ValueError:
                pass  # such as the 30th of February: said of its own row below
        return super().many(texts)

    def convert(self, text: str) -> str:
        try:
            if self.form == "unix":
                moment = datetime.fromtimestamp(float(text), UTC)
            elif self.form:
                moment = datetime.strptime(text, self.form)  # noqa: DTZ007 (its zone is given below)
            else:
                moment = datetime.fromisoformat(text)
            if moment.tzinfo is None:
                moment = moment.replace(tzinfo=self.zone)
            return moment.astimezone(UTC).isoformat()
        except (ValueError, OverflowError, OSError):
            expected = f"in the format {self.form}" if self.form else "ISO 8601, such as 2026-11-01T12:00:00"
            raise Refused(f"{shown(text)} is not a date {expected}") from None


class Flag(Value):
    sql_type = "boolean"
    empty = "f"
    _words = {"1": "t", "true": "t", "yes": "t", "y": "t", "t": "t"}
    _words |= {"0": "f", "false": "f", "no": "f", "n": "f", "f": "f"}

    def convert(self, text: str) -> str:
        try:
            return self._words[text.lower()]
        except KeyError:
            raise Refused(f"{shown(text)} is neither yes nor no (1, 0, true, false, yes, no)") from None


class Phone(Value):
    """A number in E.164; national ones need the mapping's `region`."""

    empty = ""

    def __init__(self, region: str | None = None, **options: Any) -> None:
        super().__init__(**options)
        self.region = region

    def convert(self, text: str) -> str:
        compact = re.sub(r"[\s()./-]", "", text)
        compact = "+" + compact[2:] if compact.startswith("00") else compact
        if re.fullmatch(r"\+[1-9][0-9]{6,14}", compact):
            return compact
        if self.region:
            try:
                number = phonenumbers.parse(text, self.region)
            except phonenumbers.NumberParseException:
                number = None
            if number is not None and phonenumbers.is_possible_number(number):
                return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
        also = "" if self.region else '; for national numbers give the mapping a "region", such as "PT"'
        raise Refused(f"{shown(text)} is not an international number such as +351912345678{also}")


class Json(Value):
    """A cell as a member of a JSON object: text, a number or a truth value. Empty ones are left out."""

    empty = ""

    def __init__(self, form: str = "text", *, comma: bool = False, **options: Any) -> None:
        super().__init__(**options)
        self.form, self.comma = form, comma
        self._flag = Flag()

    def convert(self, text: str) -> str:
        if self.form == "number":
            plain = text.replace(".", "").replace(",", ".") if self.comma else text
            try:
                number = Decimal(plain)
            except InvalidOperation:
                raise Refused(f"{shown(text)} is not a number") from None
            if not number.is_finite() or abs(number.adjusted()) > 300:
                raise Refused(f"{shown(text)} is not a number that can be stored")
            return str(int(number)) if number == number.to_integral_value() else repr(float(number))
        if self.form == "boolean":
            return "true" if self._flag.convert(text) == "t" else "false"
        if len(text) > 10_000:
            raise Refused(f"{shown(text)} is longer than 10000 characters")
        escape(text)  # refuses what cannot be stored
        return json.dumps(text, ensure_ascii=False)


def shown(text: str) -> str:
    """A cell as it stands in a message: quoted, short, printable."""
    return (
        ascii(text[:40] + "…") if len(text) > 40 else ascii(text) if not text.isprintable() else f"{text!r}"
    )
