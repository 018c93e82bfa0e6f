"""Switching a study's weekly run on and off, and asking for a run to be repeated."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.formats import date_format
from django.views.decorators.http import require_POST

from accounts.access import requires
from analytics.models import Run, Study
from analytics.studies import repeating, schedule


@require_POST
@requires("linkage.run")
def weekly(request: Any, pk: UUID) -> HttpResponse:
    """`on=1` schedules the study, anything else stops it."""
    study = get_object_or_404(Study, pk=pk)
    if request.POST.get("on") == "1":
        due = schedule.run_weekly(study=study)
        when = date_format(timezone.localtime(due), "l j F, H:i")
        messages.success(request, f"{study.name} is now run every week, next on {when}.")
    elif schedule.stop_weekly(study=study):
        messages.success(request, f"{study.name} is now run only when somebody starts it.")
    else:
        messages.info(request, f"{study.name} was not scheduled.")
    return redirect("study", slug=request.membership.organization.slug, pk=study.pk)


@require_POST
@requires("linkage.run")
def again(request: Any, pk: UUID) -> HttpResponse:
    """Compute a finished run again from its stored frame."""
    run = get_object_or_404(Run.objects.kept(), pk=pk)
    if repeating.ask_to_repeat(run=run):
        messages.success(request, f"Run {run.number} is being computed again. Reload this page in a moment.")
    else:
        messages.info(request, f"Run {run.number} has no result, or is being computed again already.")
    return redirect("run", slug=request.membership.organization.slug, pk=run.pk)
