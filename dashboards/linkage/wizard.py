"""Asking a new study: one form, then what there is to answer it with, then the run."""

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from accounts.access import requires
from analytics.models import Study
from analytics.studies import services

from . import phrases
from .forms import FORMS, KINDS, StudyForm
from .forms.copied import fill


@require_http_methods(["GET", "HEAD", "POST"])
@requires("linkage.run")
def new(request: Any) -> HttpResponse:
    """`?kind=` chooses what is asked, `?from=` a study whose answers it begins with.

    GET: the form. POST: "review" counts, "edit" goes back, "create" and "run" make the study.
    """
    kind = request.GET.get("kind", Study.Kind.FINANCIAL)
    if kind not in FORMS:
        raise Http404("No such kind of study.")
    organization = request.membership.organization
    form = FORMS[kind](request.POST if request.method == "POST" else None, organization=organization)
    if not form.is_possible():
        return _page(request, "new_empty", form)
    if request.method != "POST":
        if copied := request.GET.get("from"):
            fill(form, _copied(copied, kind))
        return _page(request, "new", form)
    if not form.is_valid():
        return _page(request, "new", form, status=422)
    step = request.POST.get("step")
    if step == "edit":
        return _page(request, "new", form)
    if step not in ("create", "run"):
        return _review(request, form)
    try:
        study = services.create_study(**form.study(), created_by=request.membership)
    except ValidationError as errors:
        for field, messages in errors.message_dict.items():
            form.add_error(field if field in form.fields else None, messages)
        return _page(request, "new", form, status=422)
    if step == "create":
        return redirect("study", slug=organization.slug, pk=study.pk)
    run = services.start_run(study=study, requested_by=request.membership)
    return redirect("run", slug=organization.slug, pk=run.pk)


def _copied(pk: str, kind: str) -> Study:
    """The study that the new one begins as."""
    try:
        return get_object_or_404(Study, pk=UUID(pk), kind=kind)
    except ValueError:
        raise Http404("No such study.") from None


def _page(request: Any, page: str, form: StudyForm, *, status: int = 200, **more: Any) -> HttpResponse:
    kinds = [(key, title, words, key == form.kind) for key, (title, words) in KINDS.items()]
    context = {"form": form, "kinds": kinds, "asks": KINDS[form.kind][1], **more}
    return render(request, f"dashboards/linkage/{page}.html", context, status=status)


def _review(request: Any, form: StudyForm) -> HttpResponse:
    asked = form.study()
    return _page(
        request,
        "review",
        form,
        name=asked["name"],
        question=phrases.question(Study(**asked)),
        there=form.available(asked),
        lines=form.lines(asked),
        minimum=(form.fields["minimum_n"].label, asked["minimum_n"]),
    )
