"""/scores: the same figures as the pages, from the same selectors."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.response import Response as Answer

from accounts.api.endpoint import Endpoint
from accounts.models import Organization
from accounts.tenancy import current_organization_id
from cem.lib.rest.fields import Instant, instant
from cem.lib.rest.problems import Problem
from crm.models import Touchpoint
from feedback import selectors
from feedback.models import Survey
from feedback.scoring import ScoreSummary

TIMES = {"day": 1, "week": 7, "month": 28}
DIMENSIONS = ("survey", "touchpoint", "channel", "question", "segment", "country", "language")
FILTERS = ("survey", "touchpoint", "channel", "question", "segment", "country", "language")
#: Dimensions that are told by key rather than id.
KEYED: dict[str, Any] = {"survey": Survey, "touchpoint": Touchpoint}
USUAL = timedelta(days=90)
LONGEST = timedelta(days=3700)
MOST_GROUPS = 1_000


class FigureSerializer(serializers.Serializer[Any]):
    """One figure with its 95 % interval. All three are null where `enough` is false."""

    group = serializers.CharField(
        allow_null=True,
        help_text="First day of the day, week or month; or the survey's or touchpoint's key, …",
    )
    n = serializers.IntegerField(help_text="Answers that count.")
    enough = serializers.BooleanField(help_text="Whether n reaches your organization's minimum.")
    value = serializers.FloatField(allow_null=True)
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)


class ScoresSerializer(serializers.Serializer[Any]):
    """A metric in a period, by group."""

    metric = serializers.CharField()
    start = Instant(help_text="From here …")
    end = Instant(help_text="… until before here.")
    by = serializers.CharField(allow_null=True)
    minimum_n = serializers.IntegerField()
    data = FigureSerializer(many=True)  # type: ignore[assignment]


def _query(name: str, about: str, kind: Any = OpenApiTypes.STR, **more: Any) -> OpenApiParameter:
    return OpenApiParameter(name, kind, OpenApiParameter.QUERY, description=about, **more)


class Scores(Endpoint):
    """NPS is in points from -100 to 100, CSAT a share from 0 to 1; CES and ratings are means on a scale."""

    scopes = {"GET": "feedback:read"}
    summaries = {"GET": "Scores with n and interval, by period or dimension"}
    operation_ids = {"GET": "scores_list"}
    serializer_class = ScoresSerializer
    parameters = frozenset({"metric", "from", "to", "by", *FILTERS})
    documented_parameters = {
        "GET": [
            _query("metric", 'Such as "nps", "csat", "csat:delivery".', required=True),
            _query("from", "RFC 3339; 90 days before `to` when left out.", OpenApiTypes.DATETIME),
            _query("to", "RFC 3339, exclusive; now when left out.", OpenApiTypes.DATETIME),
            _query("by", "What to group by; one figure without it.", enum=[*TIMES, *DIMENSIONS]),
            *(_query(name, f"Only this {name}{' (key)' if name in KEYED else ''}.") for name in FILTERS),
        ]
    }

    def get(self, request: Any, **path: Any) -> Answer:
        given = request.query_params
        metric, by = given.get("metric", ""), given.get("by")
        if not 1 <= len(metric) <= 40 or "\0" in metric:
            raise wrong("metric", "Name a metric, such as nps.")
        if by is not None and by not in (*TIMES, *DIMENSIONS):
            raise wrong("by", f"One of {', '.join((*TIMES, *DIMENSIONS))}.")
        start, end = period(given.get("from"), given.get("to"))
        if by in TIMES and (end - start).days / TIMES[by] > MOST_GROUPS:
            raise wrong("by", f"More than {MOST_GROUPS} groups. Ask for a shorter period, or by month.")
        organization = Organization.objects.get(pk=current_organization_id())
        filters = self.filters(given)
        figures: list[tuple[Any, ScoreSummary]]
        if by is None:
            figures = [(None, selectors.summary(metric, start, end, **filters))]
        elif by in TIMES:
            points = selectors.trend(metric, start, end, by, tz=organization.tz, **filters)
            figures = [(point.start.isoformat(), point.summary) for point in points]
        else:
            found = selectors.summaries(metric, start, end, by, **filters)
            names = dict(KEYED[by].objects.values_list("pk", "key")) if by in KEYED else {}
            figures = [(names.get(key, key), figure) for key, figure in found.items()]
            figures.sort(key=lambda one: (one[0] is None, one[0] or ""))
        least = organization.minimum_n
        body = {
            "metric": metric,
            "start": start,
            "end": end,
            "by": by,
            "minimum_n": least,
            "data": [figure_of(group, figure, least) for group, figure in figures],
        }
        return self.shown(body)

    def filters(self, given: Any) -> Any:
        found: dict[str, Any] = {}
        for name in FILTERS:
            if (text := given.get(name)) is None:
                continue
            if "\0" in text:
                raise wrong(name, "Holds a NUL.")
            if name in KEYED:
                row = KEYED[name].objects.filter(key=text).first()
                if row is None:
                    raise wrong(name, f"There is no {name} with this key.")
                found[name] = row.pk
            else:
                found[name] = text
        return found


def wrong(parameter: str, detail: str) -> Problem:
    return Problem(
        400, "A query parameter does not fit.", errors=[{"parameter": parameter, "detail": detail}]
    )


def period(first: str | None, last: str | None) -> tuple[datetime, datetime]:
    """Raises Problem 400 for what is no period, or one that no organization has data for."""
    found = {}
    for name, text in (("from", first), ("to", last)):
        if text is not None:
            try:
                found[name] = instant(text)
            except ValueError as error:
                raise wrong(name, str(error)) from None
            if not datetime(1971, 1, 1, tzinfo=UTC) < found[name] < datetime(2200, 1, 1, tzinfo=UTC):
                raise wrong(name, "Between 1971 and 2200.")
    end = found.get("to") or timezone.now()
    start = found.get("from") or end - USUAL
    if not start < end:
        raise wrong("from", "`from` must lie before `to`.")
    if end - start > LONGEST:
        raise wrong("from", "The period is longer than ten years.")
    return start, end


def figure_of(group: Any, figure: ScoreSummary, least: int) -> dict[str, Any]:
    enough = figure.n >= least
    shown = (figure.value, figure.low, figure.high) if enough else (None, None, None)
    return {
        "group": group,
        "n": figure.n,
        "enough": enough,
        **dict(zip(("value", "low", "high"), shown, strict=True)),
    }
