"""A constituency study: what employees of a team say, and what its customers say."""

from typing import Any

from django import forms

from accounts.models import Organization
from analytics.frames import questions
from analytics.frames.scored import scored
from analytics.studies import available
from analytics.studies.constituency.settings import EMPLOYEES
from dashboards.linkage import explained
from feedback import scoring

from .base import StudyForm, choice


class ConstituencyForm(StudyForm):
    kind = "constituency"
    parts = (
        ("What employees say", ["predictor"]),
        ("What customers say", ["outcome"]),
        ("Periods", ["period", "when"]),
        ("Dates of the employees’ answers", ["answered_from", "answered_until"]),
        ("Controls", ["controls"]),
        ("Evidence and name", ["minimum_n", "name"]),
    )

    predictor = forms.ChoiceField(
        label="Employees’ rating",
        widget=forms.RadioSelect,
        help_text=f"A rating of an employee survey. Teams with fewer than {EMPLOYEES} answering are never shown.",
        error_messages={"required": "Choose the rating that the study starts from."},
    )
    outcome = forms.ChoiceField(
        label="Customers’ score",
        widget=forms.RadioSelect,
        help_text="About contacts that the team’s employees handled.",
        error_messages={"required": "Choose the score that the study explains."},
    )
    period = forms.ChoiceField(
        label="Length of a period",
        choices=[("quarter", "Quarter"), ("month", "Month")],
        initial="quarter",
        help_text="A team counts once a period; n is the number of teams.",
    )
    when = forms.ChoiceField(
        label="Customers of",
        choices=[("same", "the same period, afterwards"), ("next", "the next period")],
        initial="same",
        help_text="Customers always answer after the employees did.",
    )
    controls = forms.MultipleChoiceField(
        label="Held fixed",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        initial=list(questions.CONSTITUENCY_DEFAULTS),
        help_text="Teams are compared with others that are alike in these.",
    )

    def __init__(self, data: Any, *, organization: Organization) -> None:
        super().__init__(data, organization=organization)
        self.fields["minimum_n"].label = "Fewest teams"
        self.fields["minimum_n"].initial = 10
        self.asked, self.ratings = available.scores_asked(), available.ratings_of_employees()
        self.choose("predictor", [(name, choice(scoring.label(name))) for name in self.ratings])
        self.choose(
            "outcome", [(name, choice(scored(name).label, explained.attitude(name))) for name in self.asked]
        )
        held = questions.CONSTITUENCY_CONTROLS.items()
        self.choose("controls", [(name, choice(label)) for name, label in held])

    def is_possible(self) -> bool:
        return bool(self.asked and self.ratings)

    def study(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        felt, score = scoring.label(cleaned["predictor"]), scored(cleaned["outcome"]).label
        return {
            **self.common(f"{score} by employees’ {felt.lower()}"),
            "predictor": cleaned["predictor"],
            "outcome": cleaned["outcome"],
            "controls": cleaned["controls"],
            "options": {"period": cleaned["period"], "when": cleaned["when"]},
        }

    def available(self, asked: dict[str, Any]) -> available.Availability:
        return available.teams(
            rating=asked["predictor"],
            minimum_n=asked["minimum_n"],
            employees=EMPLOYEES,
            answered_from=asked["answered_from"],
            answered_until=asked["answered_until"],
        )

    def lines(self, asked: dict[str, Any]) -> list[tuple[str, str]]:
        held = [questions.constituency_control(name).lower() for name in asked["controls"]]
        return [
            ("Period", asked["options"]["period"]),
            ("Customers of", f"the {asked['options']['when']} period"),
            ("Held fixed", ", ".join(held) or "nothing; the comparison is unadjusted"),
        ]
