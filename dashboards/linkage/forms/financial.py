"""A financial study: attitude, outcome, windows, controls."""

from typing import Any

from django import forms
from django.utils.safestring import SafeString

from accounts.models import Organization
from analytics.frames import attitudes, metrics
from analytics.studies import available, hypotheses
from analytics.studies.services import LONGEST_DAYS
from analytics.studies.settings import OUTCOMES
from dashboards.linkage import explained
from feedback import scoring

from .base import StudyForm, choice

#: Stands for whatever outcome is chosen, so that the usual controls need no script.
SAME = "outcome"
#: Stands for the study's own attitude and outcome, whichever they are.
OWN = "own"
MOST_ATTITUDES = 4
USUAL = [SAME, "tenure_days", "segment"]


def _days(label: str, words: str) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        help_text=words,
        min_value=1,
        max_value=LONGEST_DAYS,
        initial=90,
        error_messages={
            "required": "Give a number of days, such as 90.",
            "invalid": "Give a whole number of days, such as 90.",
            "min_value": "At least 1 day is needed.",
            "max_value": f"At most {LONGEST_DAYS:,} days are looked at. Choose fewer.",
        },
    )


class FinancialForm(StudyForm):
    kind = "financial"
    parts = (
        ("Attitude", ["predictor"]),
        ("Outcome", ["outcome"]),
        ("Windows", ["horizon_days", "lookback_days"]),
        ("Period of the answers", ["answered_from", "answered_until"]),
        ("Controls", ["controls"]),
        ("Every attitude beside", ["outcomes"]),
        ("Hypotheses", ["declared"]),
        ("Evidence and name", ["minimum_n", "name"]),
    )

    predictor = forms.ChoiceField(
        label="Attitude",
        widget=forms.RadioSelect,
        help_text="The answer that a customer gave.",
        error_messages={"required": "Choose the attitude that the study starts from."},
    )
    outcome = forms.ChoiceField(
        label="Outcome",
        widget=forms.RadioSelect,
        help_text="What the same customer did afterwards.",
        error_messages={"required": "Choose the outcome that the study follows."},
    )
    horizon_days = _days(
        "Days followed after the answer", "Answers younger than this are left out: nothing is known yet."
    )
    lookback_days = _days(
        "Days looked back before the answer", "What is held fixed is measured in these days."
    )
    controls = forms.MultipleChoiceField(
        label="Held fixed",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        initial=USUAL,
        help_text="Customers are compared with others who are alike in these.",
    )

    outcomes = forms.MultipleChoiceField(
        label="Outcomes",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        initial=list(OUTCOMES),
        help_text="Every attitude is correlated with each of these and with the study’s own outcome. The more tests, "
        "the more each has to show.",
    )
    declared = forms.MultipleChoiceField(
        label="Expected beforehand",
        required=False,
        initial=(),  # what nobody ticked was not expected
        widget=forms.CheckboxSelectMultiple,
        help_text="Tick what you expect before you have seen a figure. These are tested as a family of their own; "
        "after the first run nothing can be added.",
    )

    def __init__(self, data: Any, *, organization: Organization) -> None:
        super().__init__(data, organization=organization)
        self.fields["minimum_n"].label = "Fewest customers in a band"
        self.asked = available.attitudes_asked()
        self.choose(
            "predictor",
            [(name, choice(attitudes.attitude(name).label, explained.attitude(name))) for name in self.asked],
        )
        known = metrics.METRICS.values()
        self.choose(
            "outcome",
            [(one.name, choice(one.label, explained.outcome(one))) for one in known if one.is_outcome],
        )
        same = (SAME, choice("The same outcome before the answer", "What they did before they answered."))
        held = [(one.name, choice(one.label, explained.control(one))) for one in known if one.is_control]
        self.choose("controls", [same, *held])

        self.choose("outcomes", [(one.name, choice(one.label)) for one in known if one.is_outcome])
        self.choose("declared", [(OWN, choice("This study’s own link")), *self._hypotheses()])

    def _hypotheses(self) -> list[tuple[str, SafeString]]:
        """The usual outcomes beside the first attitudes; what else is expected is declared over the API."""
        return [
            (f"{name}>{outcome}", choice(f"{scoring.label(name)} → {metrics.METRICS[outcome].label}"))
            for name in self.asked[:MOST_ATTITUDES]
            for outcome in OUTCOMES
        ]

    def is_possible(self) -> bool:
        return bool(self.asked)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if "predictor" in cleaned and "outcome" in cleaned and "declared" in cleaned:
            own = f"{cleaned['predictor']}>{cleaned['outcome']}"
            chosen = dict.fromkeys(own if one == OWN else one for one in cleaned["declared"])
            cleaned["declared"] = list(chosen)
            tested = [cleaned["outcome"], *(cleaned.get("outcomes") or OUTCOMES)]
            if wrong := hypotheses.wrong_declared(cleaned["declared"], tested):
                self.add_error("declared", wrong)
        return cleaned

    def study(self) -> dict[str, Any]:
        cleaned, known = self.cleaned_data, metrics.METRICS
        outcome = cleaned["outcome"]
        chosen = dict.fromkeys(outcome if name == SAME else name for name in cleaned["controls"])
        attitude = attitudes.attitude(cleaned["predictor"])
        return {
            **self.common(f"{known[outcome].label} after {attitude.label}"),
            "predictor": cleaned["predictor"],
            "outcome": outcome,
            "controls": [name for name in chosen if known[name].is_control],
            "horizon_days": cleaned["horizon_days"],
            "lookback_days": cleaned["lookback_days"],
            "outcomes": cleaned["outcomes"],
            "declared": cleaned["declared"],
        }

    def available(self, asked: dict[str, Any]) -> available.Availability:
        return available.customers(
            predictor=asked["predictor"],
            horizon_days=asked["horizon_days"],
            minimum_n=asked["minimum_n"],
            answered_from=asked["answered_from"],
            answered_until=asked["answered_until"],
        )

    def lines(self, asked: dict[str, Any]) -> list[tuple[str, str]]:
        held = [metrics.control(name).label.lower() for name in asked["controls"]]
        return [
            ("Followed after the answer", f"{asked['horizon_days']:,} days"),
            ("Looked back before it", f"{asked['lookback_days']:,} days"),
            ("Held fixed", ", ".join(held) or "nothing; the comparison is unadjusted"),
            ("Every attitude beside", self._named(asked["outcome"], *(asked["outcomes"] or OUTCOMES))),
            ("Expected beforehand", ", ".join(map(hypotheses.told, asked["declared"])) or "nothing"),
        ]

    def _named(self, *outcomes: str) -> str:
        return ", ".join(metrics.METRICS[name].label.lower() for name in dict.fromkeys(outcomes))
