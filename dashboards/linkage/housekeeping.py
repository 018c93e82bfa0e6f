"""Names and archive of studies; runs taken out of sight and brought back."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.formats import date_format
from django.views.decorators.http import require_POST

from accounts.access import requires
from analytics.models import Run, Study
from analytics.studies import housekeeping

from .words import first_message


@require_POST
@requires("linkage.run")
def rename(request: Any, pk: UUID) -> HttpResponse:
    study = get_object_or_404(Study, pk=pk)
    try:
        housekeeping.rename_study(study=study, name=request.POST.get("name", ""))
    except ValidationError as error:
        messages.error(request, f"The name was not changed. {first_message(error)}")
    else:
        messages.success(request, f"The study is now called {study.name}.")
    return _to_study(request, pk)


@require_POST
@requires("linkage.run")
def archive(request: Any, pk: UUID) -> HttpResponse:
    """`on=1` puts the study away, anything else brings it back."""
    study = get_object_or_404(Study, pk=pk)
    if request.POST.get("on") == "1":
        housekeeping.archive_study(study=study)
        messages.success(
            request, f"{study.name} is archived and is not run any more. It can be restored on its page."
        )
        return redirect("linkage", slug=_slug(request))
    if housekeeping.restore_study(study=study):
        messages.success(
            request, f"{study.name} is back on the list. It is run only when somebody starts it."
        )
    return _to_study(request, pk)


@require_POST
@requires("linkage.run")
def remove(request: Any, pk: UUID) -> HttpResponse:
    run = get_object_or_404(Run.objects.kept(), pk=pk)
    try:
        gone = housekeeping.remove_run(run=run)
    except ValidationError as error:
        messages.error(request, first_message(error))
        return redirect("run", slug=_slug(request), pk=pk)
    day = date_format(timezone.localtime(gone), "l j F, H:i")
    messages.success(request, f"Run {run.number} was removed. It can be brought back below until {day}.")
    return _to_study(request, run.study_id)


@require_POST
@requires("linkage.run")
def bring_back(request: Any, pk: UUID) -> HttpResponse:
    run = get_object_or_404(Run, pk=pk)
    if housekeeping.restore_run(run=run):
        messages.success(request, f"Run {run.number} is back.")
    return redirect("run", slug=_slug(request), pk=pk)


def _to_study(request: Any, pk: UUID) -> HttpResponse:
    return redirect("study", slug=_slug(request), pk=pk)


def _slug(request: Any) -> str:
    return str(request.membership.organization.slug)
