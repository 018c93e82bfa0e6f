"""What every kind of study asks for: a period of answers, the fewest that show a figure, a name."""

from abc import abstractmethod
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, ClassVar

from django import forms
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts.models import Organization
from analytics.models import Study
from analytics.studies.available import Availability

#: Kind → its name in the tabs of the wizard, and what it asks.
KINDS = {
    "financial": (
        "What they do next",
        "Do customers go on to buy more, stay longer or complain less, by how they answered?",
    ),
    "operational": (
        "What they lived through",
        "Which waits, transfers or delays go with worse answers about the contact?",
    ),
    "constituency": (
        "Who served them",
        "Do teams whose employees feel better have customers who answer better?",
    ),
}
_DAY = {"type": "date"}


def choice(label: str, words: str = "") -> SafeString:
    """A label with a line that explains it."""
    if not words:
        return format_html("<span>{}</span>", label)
    return format_html('<span>{} <small class="blk">{}</small></span>', label, words)


class StudyForm(forms.Form):
    """`parts`: title and fields of each section, in the page's order."""

    kind: ClassVar[str]
    parts: ClassVar[Sequence[tuple[str, Sequence[str]]]]

    answered_from = forms.DateField(
        label="Answers from",
        required=False,
        widget=forms.DateInput(attrs=_DAY),
        help_text="Empty: from the first answer on.",
    )
    answered_until = forms.DateField(
        label="Answers until",
        required=False,
        widget=forms.DateInput(attrs=_DAY),
        help_text="That day included. Empty: until today.",
    )
    minimum_n = forms.IntegerField(
        min_value=10,
        max_value=1_000_000,
        initial=30,
        help_text="With fewer, the study says that the evidence is insufficient and shows no figure.",
        error_messages={
            "required": "Give a number, such as 30.",
            "min_value": "Fewer than 10 cannot be compared. Choose 10 or more.",
        },
    )
    name = forms.CharField(
        label="Name",
        required=False,
        max_length=200,
        help_text="Left empty, it is named after what it compares.",
    )

    def __init__(self, data: Any, *, organization: Organization) -> None:
        super().__init__(data)
        self.organization = organization

    @abstractmethod
    def is_possible(self) -> bool:
        """Whether there is anything that a study of this kind can start from."""

    @abstractmethod
    def study(self) -> dict[str, Any]:
        """What `create_study` takes, from a valid form."""

    @abstractmethod
    def available(self, asked: dict[str, Any]) -> Availability:
        """What there is to answer it with."""

    @abstractmethod
    def lines(self, asked: dict[str, Any]) -> list[tuple[str, str]]:
        """The study's own settings for the review, name and value."""

    def choose(self, name: str, choices: list[tuple[str, SafeString]]) -> None:
        field: Any = self.fields[name]
        field.choices = choices
        if choices and field.initial is None:
            field.initial = choices[0][0]

    def sections(self) -> list[dict[str, Any]]:
        return [
            {"title": title, "fields": [self[name] for name in names], "pair": len(names) == 2}
            for title, names in self.parts
        ]

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"].strip()
        if name and Study.objects.filter(name=name).exists():
            raise forms.ValidationError(f"A study called {name!r} exists already. Choose another name.")
        return name

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        first, last = cleaned.get("answered_from"), cleaned.get("answered_until")
        if first and last and last < first:
            self.add_error("answered_until", "The last day lies before the first. Exchange the two.")
        return cleaned

    def common(self, wanted: str) -> dict[str, Any]:
        """Kind, name, period and minimum; `wanted` is the name where none was given."""
        cleaned = self.cleaned_data
        last: date | None = cleaned["answered_until"]
        return {
            "kind": self.kind,
            "name": cleaned["name"] or _free_name(wanted),
            "answered_from": self._midnight(cleaned["answered_from"]),
            "answered_until": self._midnight(last + timedelta(days=1) if last else None),
            "minimum_n": cleaned["minimum_n"],
        }

    def _midnight(self, day: date | None) -> datetime | None:
        if day is None:
            return None
        return datetime.combine(day, time(), tzinfo=self.organization.tz).astimezone(UTC)


def _free_name(wanted: str) -> str:
    """ "Revenue after NPS", with a number where that is taken."""
    taken = set(Study.objects.filter(name__startswith=wanted).values_list("name", flat=True))
    number = 1
    while (name := wanted if number == 1 else f"{wanted} ({number})") in taken:
        number += 1
    return name
