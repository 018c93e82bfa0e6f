"""Making surveys and their versions."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.audit.record import record
from feedback import scoring
from feedback.models import Survey, SurveyVersion

from .document import InvalidDocument, parse
from .versions import published


@transaction.atomic
def create_survey(*, key: str, name: str, kind: str, document: dict[str, Any]) -> Survey:
    """A survey with a first version, still a draft.

    Raises:
        InvalidDocument: naming what is wrong in the document and where.
        IntegrityError: when the organization has a survey of this key.
    """
    checked = parse(document).as_json()
    survey = Survey.objects.create(key=key, name=name, kind=kind)
    SurveyVersion.objects.create(survey=survey, number=1, document=checked)
    record("survey.created", target=survey)
    return survey


@transaction.atomic
def revise(*, survey: Survey, document: dict[str, Any]) -> SurveyVersion:
    """Change what the next publication will ask: the draft version if there is one, else a new version."""
    checked = parse(document).as_json()
    Survey.objects.select_for_update().get(pk=survey.pk)  # one number each, whoever else is writing
    latest = SurveyVersion.objects.filter(survey=survey).order_by("-number").first()
    if latest is not None and latest.published_at is None:
        record("survey.revised", target=survey, after={"version": latest.number})
        latest.document = checked
        latest.save(update_fields=["document"])
        return latest
    number = latest.number + 1 if latest else 1
    record("survey.revised", target=survey, before={"version": number - 1 or None}, after={"version": number})
    return SurveyVersion.objects.create(survey=survey, number=number, document=checked)


@transaction.atomic
def publish(survey: Survey) -> SurveyVersion:
    """Ask the latest version from now on. A closed survey opens again.

    Raises:
        InvalidDocument: when a metric of it is already followed on another scale in this organization.
    """
    Survey.objects.select_for_update().get(pk=survey.pk)
    version = SurveyVersion.objects.filter(survey=survey).order_by("-number")[:1].get()
    if version.published_at is None:
        _check_scales(version)
        version.published_at = timezone.now()
        version.save(update_fields=["published_at"])
    survey.status = Survey.Status.PUBLISHED
    survey.save(update_fields=["status"])
    record("survey.published", target=survey, after={"version": version.number})
    return version


@transaction.atomic
def close(survey: Survey) -> None:
    """Take no more answers; links then say so."""
    survey.status = Survey.Status.CLOSED
    survey.save(update_fields=["status"])
    record("survey.closed", target=survey)


def _check_scales(version: SurveyVersion) -> None:
    """Scales are never mixed: a mean over 1–5 and 1–10 would mean nothing."""
    known: dict[str, tuple[int, int]] = {}
    for document in published().values_list("document", flat=True):
        for _question, metric, low, high in parse(document).bound():
            known[metric] = low, high
    for question, metric, low, high in parse(version.document).bound():
        have = known.setdefault(metric, (low, high))
        if scoring.family(metric).scale is None and have != (low, high):
            raise InvalidDocument(
                f"question {question}",
                f"metric {metric!r} is already followed on {have[0]}–{have[1]}, and this question is on "
                f"{low}–{high}; name another metric or use that scale",
            )
