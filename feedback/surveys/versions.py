"""Which versions are asked."""

from uuid import UUID

from django.db.models import QuerySet

from feedback.models import SurveyVersion


def published() -> QuerySet[SurveyVersion]:
    return SurveyVersion.objects.filter(published_at__isnull=False)


def current(survey_id: UUID) -> SurveyVersion | None:
    """What the survey asks now: its latest published version."""
    return published().filter(survey_id=survey_id).order_by("-number").first()
