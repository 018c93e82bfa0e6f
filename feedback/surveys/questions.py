"""The kinds of questions, and for each what counts as an answer.

`clean` takes what arrived (JSON types, exactly) and returns what is stored, None for "not answered"; it
raises `Refused` with a sentence for the respondent. `from_form` takes an HTML form's strings and returns what
`clean` takes; what it cannot read it passes on as it is, for `clean` to refuse.
"""

import math
import re
from collections.abc import Iterator
from datetime import date
from typing import Annotated, Any, Protocol, TypeAlias

from django.utils.translation import gettext as _
from msgspec import Meta, Struct

from .text import LONGEST_ANSWER, Text, printable

#: Also the name of the form field, so no dot; two of them and a dot fit into `Score.question`.
Id: TypeAlias = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]*$(?!\n)", max_length=29)]
#: What is followed over time: "nps", "csat", "ces", "rating:tidiness" or a name of your own.
MetricKey: TypeAlias = Annotated[
    str, Meta(pattern=r"^[a-z][a-z0-9_-]*(:[a-z0-9][a-z0-9_-]*)?$(?!\n)", max_length=40)
]
Value: TypeAlias = Annotated[str, Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]*$(?!\n)", max_length=60)]

_WHOLE = re.compile(r"-?[0-9]{1,15}")
_DECIMAL = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,15})?")
_LARGEST = 1e15


class Refused(ValueError):
    """An answer that cannot be stored; the message is for the respondent."""


class Form(Protocol):
    """As much of Django's QueryDict as is read."""

    def get(self, key: str, /) -> Any: ...
    def getlist(self, key: str, /) -> list[Any]: ...


class Base(
    Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, tag_field="type", kw_only=True
):
    id: Id
    title: Text
    hint: Text | None = None
    required: bool = False

    def from_form(self, form: Form) -> Any:
        return form.get(self.id)

    def clean(self, given: Any) -> Any:
        raise NotImplementedError

    def bound(self) -> Iterator[tuple[str, str, int, int]]:
        """Every (question, metric, lowest, highest) that answers to this are scored as."""
        yield from ()

    def problems(self) -> Iterator[tuple[str, str]]:
        """(path below the question, what is wrong)."""
        yield from ()


def _step(given: Any, low: int, high: int) -> int | None:
    if given is None or given == "":
        return None
    if type(given) is not int or not low <= given <= high:
        raise Refused(_("Choose a number from %(low)s to %(high)s.") % {"low": low, "high": high})
    return given


def _whole(given: Any) -> Any:
    return int(given) if isinstance(given, str) and _WHOLE.fullmatch(given) else given


class Scale(Base, frozen=True, kw_only=True):
    metric: MetricKey | None = None
    low_label: Text | None = None
    high_label: Text | None = None

    @property
    def scale(self) -> tuple[int, int]:
        raise NotImplementedError

    @property
    def bound_metric(self) -> str | None:
        """Questions of a known kind are scored as that kind unless they name another metric."""
        return self.metric or str(self.__struct_config__.tag)

    @property
    def values(self) -> list[int]:
        return list(range(self.scale[0], self.scale[1] + 1))

    def from_form(self, form: Form) -> Any:
        return _whole(form.get(self.id))

    def clean(self, given: Any) -> int | None:
        return _step(given, *self.scale)

    def bound(self) -> Iterator[tuple[str, str, int, int]]:
        if metric := self.bound_metric:
            yield self.id, metric, *self.scale


class Nps(Scale, frozen=True, kw_only=True, tag="nps"):
    @property
    def scale(self) -> tuple[int, int]:
        return 0, 10


class Csat(Scale, frozen=True, kw_only=True, tag="csat"):
    @property
    def scale(self) -> tuple[int, int]:
        return 1, 5


class Ces(Scale, frozen=True, kw_only=True, tag="ces"):
    @property
    def scale(self) -> tuple[int, int]:
        return 1, 7


Lowest: TypeAlias = Annotated[int, Meta(ge=0, le=1)]
Highest: TypeAlias = Annotated[int, Meta(ge=2, le=10)]


class Rating(Scale, frozen=True, kw_only=True, tag="rating"):
    """Stars, smileys or numbers; scored only when it names a metric."""

    min: Lowest = 1
    max: Highest = 5

    @property
    def scale(self) -> tuple[int, int]:
        return self.min, self.max

    @property
    def bound_metric(self) -> str | None:
        return self.metric


class Item(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    id: Id
    title: Text
    metric: MetricKey | None = None


class Matrix(Base, frozen=True, kw_only=True, tag="matrix"):
    """Several items on one scale; answers are {"item": 8}. A scored item's question id is `matrix.item`."""

    items: Annotated[tuple[Item, ...], Meta(min_length=1, max_length=50)]
    min: Lowest = 1
    max: Highest = 5
    low_label: Text | None = None
    high_label: Text | None = None

    @property
    def values(self) -> list[int]:
        return list(range(self.min, self.max + 1))

    def from_form(self, form: Form) -> Any:
        given = {item.id: _whole(form.get(f"{self.id}.{item.id}")) for item in self.items}
        return {key: value for key, value in given.items() if value not in (None, "")}

    def clean(self, given: Any) -> dict[str, int] | None:
        if given is None:
            return None
        if not isinstance(given, dict):
            raise Refused(_("Answer each line on its own."))
        known = {item.id for item in self.items}
        if any(key not in known for key in given):
            raise Refused(_("One of the lines is not part of this question."))
        kept = {key: step for key in given if (step := _step(given[key], self.min, self.max)) is not None}
        if self.required and len(kept) < len(known):
            raise Refused(_("Please answer every line."))
        return kept or None

    def bound(self) -> Iterator[tuple[str, str, int, int]]:
        for item in self.items:
            if item.metric:
                yield f"{self.id}.{item.id}", item.metric, self.min, self.max

    def problems(self) -> Iterator[tuple[str, str]]:
        yield from repeated("items", "id", [item.id for item in self.items])


class Option(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    value: Value
    label: Text


class Choice(Base, frozen=True, kw_only=True):
    options: Annotated[tuple[Option, ...], Meta(min_length=2, max_length=200)]

    def clean(self, given: Any) -> Any:
        if given is None or given == "":
            return None
        if not isinstance(given, str) or given not in {option.value for option in self.options}:
            raise Refused(_("Choose one of the answers offered."))
        return given

    def problems(self) -> Iterator[tuple[str, str]]:
        yield from repeated("options", "value", [option.value for option in self.options])


class Single(Choice, frozen=True, kw_only=True, tag="single"):
    pass


class Dropdown(Choice, frozen=True, kw_only=True, tag="dropdown"):
    pass


class Multiple(Choice, frozen=True, kw_only=True, tag="multiple"):
    def from_form(self, form: Form) -> Any:
        return form.getlist(self.id)

    def clean(self, given: Any) -> list[str] | None:
        if given is None:
            return None
        if not isinstance(given, list) or not all(isinstance(one, str) for one in given):
            raise Refused(_("Choose from the answers offered."))
        offered = [option.value for option in self.options]
        if len(set(given)) < len(given) or not set(given) <= set(offered):
            raise Refused(_("Choose from the answers offered, each once."))
        return [value for value in offered if value in given] or None


class Number(Base, frozen=True, kw_only=True, tag="number"):
    min: float | None = None
    max: float | None = None

    def from_form(self, form: Form) -> Any:
        given = form.get(self.id)
        text = given.strip() if isinstance(given, str) else given
        if not isinstance(text, str) or not _DECIMAL.fullmatch(text):
            return text
        return int(text) if _WHOLE.fullmatch(text) else float(text)

    def clean(self, given: Any) -> int | float | None:
        if given is None or given == "":
            return None
        if type(given) not in (int, float) or not math.isfinite(given) or abs(given) > _LARGEST:
            raise Refused(_("Write a number, such as 12 or 12.5."))
        if self.min is not None and given < self.min:
            raise Refused(_("Write %(least)s or more.") % {"least": f"{self.min:g}"})
        if self.max is not None and given > self.max:
            raise Refused(_("Write %(most)s or less.") % {"most": f"{self.max:g}"})
        number: int | float = given
        return number

    def problems(self) -> Iterator[tuple[str, str]]:
        if self.min is not None and self.max is not None and self.min > self.max:
            yield "min", f"{self.min:g} is more than max, {self.max:g}"


class Date(Base, frozen=True, kw_only=True, tag="date"):
    def clean(self, given: Any) -> str | None:
        if given is None or given == "":
            return None
        try:
            if not isinstance(given, str) or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", given):
                raise ValueError
            return date.fromisoformat(given).isoformat()
        except ValueError:
            raise Refused(_("Write a date as year-month-day, such as 2026-11-30.")) from None


class ShortText(Base, frozen=True, kw_only=True, tag="short_text"):
    max_length: Annotated[int, Meta(ge=1, le=LONGEST_ANSWER)] = 400

    def clean(self, given: Any) -> str | None:
        if given is None:
            return None
        if not isinstance(given, str):
            raise Refused(_("Write your answer as text."))
        text = printable(given)
        if len(text) > self.max_length:
            raise Refused(
                _("Shorten your answer to %(most)s characters; it has %(have)s.")
                % {"most": self.max_length, "have": len(text)}
            )
        return text or None


class LongText(ShortText, frozen=True, kw_only=True, tag="long_text"):
    max_length: Annotated[int, Meta(ge=1, le=LONGEST_ANSWER)] = LONGEST_ANSWER


class Consent(Base, frozen=True, kw_only=True, tag="consent"):
    """A box to tick. `label` stands beside it; required means it must be ticked."""

    label: Text

    def from_form(self, form: Form) -> Any:
        given = form.get(self.id)
        return True if given in ("true", "on", "1") else given or None

    def clean(self, given: Any) -> bool | None:
        if given is None:
            return None
        if type(given) is not bool:
            raise Refused(_("Tick the box or leave it empty."))
        if self.required and not given:
            raise Refused(_("Please tick the box to go on."))
        return given


class Statement(Base, frozen=True, kw_only=True, tag="statement"):
    """Text between questions; nothing to answer."""

    def from_form(self, form: Form) -> Any:
        return None

    def clean(self, given: Any) -> None:
        if given is not None:
            raise Refused(_("There is nothing to answer here."))

    def problems(self) -> Iterator[tuple[str, str]]:
        if self.required:
            yield "required", "a statement cannot be required: there is nothing to answer"


Question: TypeAlias = (
    Nps
    | Csat
    | Ces
    | Rating
    | Single
    | Multiple
    | Dropdown
    | Matrix
    | Number
    | Date
    | ShortText
    | LongText
    | Consent
    | Statement
)


def repeated(folder: str, field: str, ids: list[str]) -> Iterator[tuple[str, str]]:
    """A problem for each id that an earlier neighbour has."""
    seen: set[str] = set()
    for index, one in enumerate(ids):
        if one in seen:
            yield f"{folder}[{index}].{field}", f"{one!r} is used twice; ids must differ"
        seen.add(one)


def kind(question: Question) -> str:
    """The question's type, as in the document."""
    return str(question.__struct_config__.tag)
