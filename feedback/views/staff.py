from typing import Any

from django.db.models import Count, Max, OuterRef, Prefetch, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from accounts.access import requires
from feedback.models import Response, Survey, SurveyLink, SurveyVersion


def surveys_with_counts() -> Any:
    """Surveys with their versions, open links, complete responses and the time of the last one."""
    complete = (
        Response.objects.filter(survey=OuterRef("pk"), is_test=False, status=Response.Status.COMPLETE)
        .order_by()
        .values("survey")
    )
    return (
        Survey.objects.annotate(
            n=Coalesce(Subquery(complete.annotate(n=Count("id")).values("n")), 0),
            last_at=Subquery(complete.annotate(last=Max("answered_at")).values("last")),
        )
        .prefetch_related(
            Prefetch("versions", SurveyVersion.objects.defer("document").order_by("number")),
            Prefetch("links", SurveyLink.objects.filter(is_open=True).order_by("created_at")),
        )
        .order_by("name")
    )


@requires("surveys.view")
def surveys(request: HttpRequest) -> HttpResponse:
    rows = []
    for survey in surveys_with_counts():
        versions = list(survey.versions.all())
        published = [one for one in versions if one.published_at is not None]
        rows.append(
            {
                "survey": survey,
                "current": published[-1] if published else None,
                "has_draft": len(versions) > len(published),
                "versions": versions,
                "n": survey.n,
                "last_at": survey.last_at,
                "links": [
                    {
                        "channel": link.channel,
                        "url": request.build_absolute_uri(reverse("survey", args=[link.token])),
                    }
                    for link in survey.links.all()
                ],
            }
        )
    return render(request, "feedback/surveys.html", {"rows": rows})
