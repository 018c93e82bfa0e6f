"""An operational study: a measure of contacts, and the answer about them."""

from typing import Any

from django import forms

from accounts.models import Organization
from analytics.frames import measures, questions
from analytics.frames.scored import scored
from analytics.studies import available
from dashboards.linkage import explained

from .base import StudyForm, choice


class OperationalForm(StudyForm):
    kind = "operational"
    parts = (
        ("Measure of the contact", ["predictor"]),
        ("Answer about it", ["outcome"]),
        ("Threshold", ["threshold"]),
        ("Period of the answers", ["answered_from", "answered_until"]),
        ("Controls", ["controls"]),
        ("Evidence and name", ["minimum_n", "name"]),
    )

    predictor = forms.ChoiceField(
        label="Measure",
        widget=forms.RadioSelect,
        help_text="What the contact was like, as a number that contacts carry.",
        error_messages={"required": "Choose the measure that the study starts from."},
    )
    outcome = forms.ChoiceField(
        label="Answer",
        widget=forms.RadioSelect,
        help_text="What the customer answered about that contact.",
        error_messages={"required": "Choose the answer that the study explains."},
    )
    threshold = forms.FloatField(
        label="Declared threshold",
        required=False,
        help_text="In the measure’s own unit, such as 240 seconds. Empty: the best of several, and corrected for "
        "that search.",
        error_messages={
            "invalid": "Give a number in the measure’s own unit, such as 240, or leave it empty."
        },
    )
    controls = forms.MultipleChoiceField(
        label="Held fixed",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        initial=list(questions.OPERATIONAL_DEFAULTS),
        help_text="Contacts are compared with others that are alike in these.",
    )

    def __init__(self, data: Any, *, organization: Organization) -> None:
        super().__init__(data, organization=organization)
        self.fields["minimum_n"].label = "Fewest contacts on a side"
        self.asked = available.scores_asked()
        self.known = measures.measures()
        units = {"seconds": "in seconds", "days": "in days", "share": "yes or no", "count": "how many"}
        self.choose(
            "predictor",
            [(key, choice(one.label, units.get(one.unit, ""))) for key, one in self.known.items()],
        )
        self.choose(
            "outcome", [(name, choice(scored(name).label, explained.attitude(name))) for name in self.asked]
        )
        # NPS is mostly asked about the whole relationship; CSAT and CES are about a contact.
        about_contacts = [name for name in self.asked if not name.startswith("nps")]
        self.fields["outcome"].initial = next(iter(about_contacts), None) or next(iter(self.asked), None)
        held = questions.OPERATIONAL_CONTROLS.items()
        self.choose("controls", [(name, choice(label)) for name, (label, _) in held])

    def is_possible(self) -> bool:
        return bool(self.asked)

    def study(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        measure, outcome = self.known[cleaned["predictor"]], scored(cleaned["outcome"])
        declared = cleaned["threshold"]
        return {
            **self.common(f"{outcome.label} by {measure.label.lower()}"),
            "predictor": cleaned["predictor"],
            "outcome": cleaned["outcome"],
            "controls": cleaned["controls"],
            "options": {} if declared is None else {"threshold": declared},
        }

    def available(self, asked: dict[str, Any]) -> available.Availability:
        return available.contacts(
            measure=asked["predictor"],
            outcome=asked["outcome"],
            minimum_n=asked["minimum_n"],
            answered_from=asked["answered_from"],
            answered_until=asked["answered_until"],
        )

    def lines(self, asked: dict[str, Any]) -> list[tuple[str, str]]:
        held = [questions.operational_control(name).lower() for name in asked["controls"]]
        declared = asked["options"].get("threshold")
        return [
            (
                "Threshold",
                "the best of several, corrected for the search"
                if declared is None
                else f"{declared:g}, declared beforehand",
            ),
            ("Held fixed", ", ".join(held) or "nothing; the comparison is unadjusted"),
        ]
