"""Asking operational and constituency studies: what may stand in each field, and registering measures."""

import math
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.audit.record import record
from accounts.models import Membership, Organization
from accounts.tenancy import current_organization_id
from analytics.frames import questions
from analytics.frames.measures import measure
from analytics.frames.scored import scored
from analytics.models import Measure, Study
from feedback import scoring

from .constituency.settings import OPTIONS as CHOICES
from .constituency.settings import Settings as Constituency
from .operational.settings import OPTIONS as VALUES
from .operational.settings import Settings as Operational

#: Fewest contacts on a side, or teams, where a study does not say.
MINIMUM = {Study.Kind.OPERATIONAL: 30, Study.Kind.CONSTITUENCY: 10}
_DEFAULTS = {
    Study.Kind.OPERATIONAL: questions.OPERATIONAL_DEFAULTS,
    Study.Kind.CONSTITUENCY: questions.CONSTITUENCY_DEFAULTS,
}


@transaction.atomic
def ask(
    *,
    kind: str,
    name: str,
    predictor: str,
    outcome: str,
    controls: list[str] | None = None,
    answered_from: datetime | None = None,
    answered_until: datetime | None = None,
    minimum_n: int | None = None,
    options: Mapping[str, Any] | None = None,
    created_by: Membership | None = None,
) -> Study:
    """An operational or constituency study; `services.create_study` passes both kinds on to here.

    Args:
        predictor: operational: a measure of contacts, such as "wait_seconds"; constituency: a rating in an
            employee survey, such as "rating:engagement".
        outcome: a score of customers' answers, such as "csat".
        controls: left out: `questions.OPERATIONAL_DEFAULTS` or `CONSTITUENCY_DEFAULTS`.
        minimum_n: contacts on each side of the threshold and in each bin; teams.
        options: operational: {"threshold": number}; constituency: {"period": "quarter" | "month", "when": "same" |
            "next"}.

    Raises:
        ValidationError: by field, with what is wrong and what may stand there.
    """
    asked = Study.Kind(kind)
    is_operational = asked == Study.Kind.OPERATIONAL
    errors: dict[str, str] = {}
    if not name.strip():
        errors["name"] = "Give the study a name."
    elif Study.objects.filter(name=name.strip()).exists():
        errors["name"] = f"A study called {name.strip()!r} exists already. Choose another name."
    chosen = list(_DEFAULTS[asked]) if controls is None else list(dict.fromkeys(controls))
    holds = questions.operational_control if is_operational else questions.constituency_control
    checks: tuple[tuple[str, Callable[[str], object], list[str]], ...] = (
        ("predictor", measure if is_operational else _rating, [predictor]),
        ("outcome", scored, [outcome]),
        ("controls", holds, chosen),
    )
    for field, check, values in checks:
        try:
            for value in values:
                check(value)
        except ValueError as error:
            errors[field] = str(error).partition(": ")[2]
    if answered_from and answered_until and answered_from >= answered_until:
        errors["answered_until"] = "The period ends before it begins. Choose a later end."
    minimum = MINIMUM[asked] if minimum_n is None else minimum_n
    if minimum < 10:
        noun = "contacts on a side" if is_operational else "teams"
        errors["minimum_n"] = f"Fewer than 10 {noun} cannot be compared. Choose 10 or more."
    wrong = (_wrong_values if is_operational else _wrong_choices)(dict(options or {}))
    if wrong:
        errors["options"] = wrong
    if errors:
        raise ValidationError(errors)
    study = Study.objects.create(
        name=name.strip(),
        kind=asked,
        predictor=predictor,
        outcome=outcome,
        controls=chosen,
        answered_from=answered_from,
        answered_until=answered_until,
        minimum_n=minimum,
        options=dict(options or {}),
        created_by=created_by,
    )
    record("study.created", target=study)
    return study


def _rating(name: str) -> str:
    """What employees rate: a rating, since bands of customers' scores say nothing about employees."""
    if scoring.family(name).key != "rating" or ":" not in name:
        raise ValueError(
            f"predictor: {name!r} is not a rating of an employee survey. Choose one such as rating:engagement."
        )
    return name


def _wrong_values(options: dict[str, Any]) -> str:
    for name, value in options.items():
        if name not in VALUES:
            return f"{name!r} is no option of an operational study. There is: {', '.join(VALUES)}."
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            return f"{name}: {value!r} is not a number. Give {VALUES[name]}."
    return ""


def _wrong_choices(options: dict[str, Any]) -> str:
    for name, value in options.items():
        if name not in CHOICES:
            return f"{name!r} is no option of a constituency study. There are: {', '.join(CHOICES)}."
        if value not in CHOICES[name]:
            return f"{name}: {value!r} is not possible. Choose one of {', '.join(CHOICES[name])}."
    return ""


def settings(study: Study, as_of: datetime, seed: int) -> Operational | Constituency:
    """What a run of the study is computed with.

    Raises:
        ValidationError: where the study's measure is no longer registered.
    """
    zone = Organization.objects.values_list("time_zone", flat=True).get(pk=current_organization_id())
    common: dict[str, Any] = {
        "predictor": study.predictor,
        "outcome": study.outcome,
        "controls": tuple(study.controls),
        "minimum_n": study.minimum_n,
        "time_zone": zone,
        "as_of": as_of.isoformat(),
        "seed": seed,
        "answered_from": study.answered_from and study.answered_from.isoformat(),
        "answered_until": study.answered_until and study.answered_until.isoformat(),
        **study.options,
    }
    if study.kind == Study.Kind.CONSTITUENCY:
        return Constituency(predictor_label=scoring.label(study.predictor), **common)
    try:
        found = measure(study.predictor)
    except ValueError as error:
        raise ValidationError({"predictor": str(error).partition(": ")[2]}) from error
    return Operational(predictor_label=found.label, plural=found.plural, measure_unit=found.unit, **common)


@transaction.atomic
def register_measure(*, key: str, label: str, plural: str = "", unit: str = "plain") -> Measure:
    """A number that contacts carry, to be studied from now on; one of this key is renamed.

    Args:
        key: of `Interaction.measures`.
        plural: how contacts are called in a sentence ("waits"); left out, "contacts".

    Raises:
        ValidationError: by field.
    """
    errors: dict[str, str] = {}
    key, label, plural = key.strip(), label.strip(), plural.strip() or "contacts"
    for field, text in (("key", key), ("label", label), ("plural", plural)):
        if not text or len(text) > 60:
            errors[field] = "Give it 1 to 60 characters."
    if unit not in Measure.Unit.values:
        errors["unit"] = f"{unit!r} is not a unit. Choose one of {', '.join(Measure.Unit.values)}."
    if errors:
        raise ValidationError(errors)
    found, _ = Measure.objects.update_or_create(
        key=key, defaults={"label": label, "plural": plural, "unit": unit}
    )
    return found
