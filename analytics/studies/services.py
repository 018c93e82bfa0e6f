"""Asking a study, starting and stopping its runs."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from accounts.audit.record import record
from accounts.models import Membership, Organization
from accounts.tenancy import current_organization_id
from accounts.work.outbox import owe
from analytics.frames import attitudes, metrics
from analytics.models import Run, Study

from . import asking, hypotheses, kinds
from .results import SCHEMA_VERSION
from .settings import OUTCOMES, Settings
from .versions import versions

TASK = "analytics.run_study"
LONGEST_DAYS = 3_650


@transaction.atomic
def create_study(
    *,
    name: str,
    predictor: str,
    outcome: str,
    controls: list[str] | None = None,
    horizon_days: int = 90,
    lookback_days: int = 90,
    answered_from: datetime | None = None,
    answered_until: datetime | None = None,
    minimum_n: int | None = None,
    created_by: Membership | None = None,
    kind: str = Study.Kind.FINANCIAL,
    options: dict[str, Any] | None = None,
    outcomes: list[str] | None = None,
    declared: list[str] | None = None,
) -> Study:
    """A financial study; of the other kinds, what `asking.ask` says.

    Args:
        controls: what is held fixed; left out: the outcome itself before the answer, tenure and segment.
        answered_from, answered_until: half-open period of answers; None is open.
        outcomes: beside which every attitude is correlated; left out, the usual ones (`settings.OUTCOMES`).
        declared: hypotheses that were expected beforehand, as "nps>revenue".

    Raises:
        ValidationError: by field, with what is wrong and what may stand there.
    """
    beside, expected = list(dict.fromkeys(outcomes or [])), list(dict.fromkeys(declared or []))
    if kind != Study.Kind.FINANCIAL:
        if beside or expected:
            raise ValidationError({"declared": "Only financial studies test several links at once."})
        return asking.ask(
            kind=kind,
            name=name,
            predictor=predictor,
            outcome=outcome,
            controls=controls,
            answered_from=answered_from,
            answered_until=answered_until,
            minimum_n=minimum_n,
            options=options,
            created_by=created_by,
        )
    errors: dict[str, str] = {}
    minimum_n = 30 if minimum_n is None else minimum_n
    if not name.strip():
        errors["name"] = "Give the study a name."
    elif Study.objects.filter(name=name.strip()).exists():
        errors["name"] = f"A study called {name.strip()!r} exists already. Choose another name."
    chosen = default_controls(outcome) if controls is None else list(dict.fromkeys(controls))
    for field, check, values in (
        ("predictor", attitudes.attitude, [predictor]),
        ("outcome", metrics.outcome, [outcome]),
        ("controls", metrics.control, chosen),
    ):
        try:
            for value in values:
                check(value)
        except ValueError as error:
            errors[field] = str(error).partition(": ")[2]
    tested = list(dict.fromkeys([outcome, *(beside or OUTCOMES)]))
    if wrong := hypotheses.wrong_outcomes(beside):
        errors["outcomes"] = wrong
    elif wrong := hypotheses.wrong_declared(expected, tested):
        errors["declared"] = wrong
    for field, days in (("horizon_days", horizon_days), ("lookback_days", lookback_days)):
        if not 1 <= days <= LONGEST_DAYS:
            errors[field] = f"{days} days: choose from 1 to {LONGEST_DAYS:,}."
    if answered_from and answered_until and answered_from >= answered_until:
        errors["answered_until"] = "The period ends before it begins. Choose a later end."
    if minimum_n < 10:
        errors["minimum_n"] = "Fewer than 10 customers in a band cannot be compared. Choose 10 or more."
    if errors:
        raise ValidationError(errors)
    study = Study.objects.create(
        name=name.strip(),
        kind=Study.Kind.FINANCIAL,
        predictor=predictor,
        outcome=outcome,
        controls=chosen,
        horizon_days=horizon_days,
        lookback_days=lookback_days,
        answered_from=answered_from,
        answered_until=answered_until,
        minimum_n=minimum_n,
        outcomes=beside,
        declared=expected,
        created_by=created_by,
    )
    record("study.created", target=study)
    return study


def default_controls(outcome: str) -> list[str]:
    """The outcome itself before the answer, tenure and segment."""
    known = metrics.METRICS.get(outcome)
    return [*([outcome] if known and known.is_control else []), "tenure_days", "segment"]


@transaction.atomic
def start_run(
    *,
    study: Study,
    requested_by: Membership | None = None,
    as_of: datetime | None = None,
    seed: int | None = None,
) -> Run:
    """A queued run with the next number, and the task that does it owed in the same transaction.

    Args:
        as_of: rows after this moment are not looked at; left out, now.
        seed: of the bootstrap; left out, the as-of day as a number (20261121).

    Raises:
        ValidationError: where the study is archived, or its measure is no longer registered.
    """
    study = Study.objects.select_for_update().get(pk=study.pk)  # one number at a time
    if study.archived_at is not None:
        raise ValidationError({"study": f"{study.name} is archived. Restore it before running it."})
    last: int | None = study.runs.aggregate(last=Max("number"))["last"]
    as_of = as_of or timezone.now()
    seed = int(f"{as_of:%Y%m%d}") if seed is None else seed
    run = Run.objects.create(
        study=study,
        number=(last or 0) + 1,
        as_of=as_of,
        seed=seed,
        step="Waiting for a worker",
        settings=_settings(study, as_of, seed).to_json(),
        versions=versions(),
        schema_version=SCHEMA_VERSION,
        requested_by=requested_by,
    )
    owe(TASK, run=str(run.pk))
    record("run.started", target=run)
    return run


def _settings(study: Study, as_of: datetime, seed: int) -> kinds.Settings:
    if study.kind != Study.Kind.FINANCIAL:
        return asking.settings(study, as_of, seed)
    currency = Organization.objects.values_list("currency", flat=True).get(pk=current_organization_id())
    return Settings(
        predictor=study.predictor,
        outcome=study.outcome,
        controls=tuple(study.controls),
        horizon_days=study.horizon_days,
        lookback_days=study.lookback_days,
        minimum_n=study.minimum_n,
        currency=currency,
        as_of=as_of.isoformat(),
        seed=seed,
        answered_from=_iso(study.answered_from),
        answered_until=_iso(study.answered_until),
        outcomes=hypotheses.outcomes_of(study),
        declared=tuple(study.declared),
    )


@transaction.atomic
def cancel_run(*, run: Run) -> bool:
    """Stop a run. A worker that is at it notices between two steps and writes nothing more.

    Returns:
        Whether there was anything to stop.
    """
    changed: dict[str, Any] = {
        "status": Run.Status.CANCELLED,
        "finished_at": timezone.now(),
        "step": "",
    }
    open_ = (Run.Status.QUEUED, Run.Status.RUNNING)
    stopped = Run.objects.filter(pk=run.pk, status__in=open_).update(**changed) == 1
    if stopped:
        record("run.cancelled", target=run)
        for name, value in changed.items():
            setattr(run, name, value)
    return stopped


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()
