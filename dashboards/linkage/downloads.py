"""What a run can be taken away as. None of it is made while the page is shown, and none needs a script."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from accounts.access import requires
from accounts.audit.record import record
from analytics.exports import bundle as bundles
from analytics.exports import script as scripts
from analytics.exports import tables
from analytics.exports import workbook as workbooks
from analytics.frames import store
from analytics.models import Run

from .report import report_page

Answer = TypeVar("Answer", HttpResponse, FileResponse)
OK = 200
Made = Callable[[Any, Run], HttpResponseBase]


def _of_a_finished_run(make: Made) -> Callable[..., HttpResponseBase]:
    """A run that has no result yet leads back to its page, which says how far it is."""

    @require_safe
    @requires("linkage.view")
    @wraps(make)
    def view(request: Any, pk: UUID) -> HttpResponseBase:
        run = get_object_or_404(Run.objects.kept().select_related("study"), pk=pk)
        if run.status != Run.Status.FINISHED or not run.result:
            messages.info(
                request, f"Run {run.number} has no result to download. Its page says how far it is."
            )
            return redirect("run", slug=request.membership.organization.slug, pk=run.pk)
        response = make(request, run)
        if response.status_code == OK:  # what could not be made leads back to the page
            what = request.path.rpartition("/")[2]
            name = request.GET.get("name", "")
            record("data.exported", target=run, after={"what": f"{name} {what}".strip()})
        return response

    return view


@_of_a_finished_run
def workbook(request: Any, run: Run) -> HttpResponseBase:
    """All tables as XLSX."""
    return _attachment(workbooks.workbook(tables.sheets(run)), workbooks.XLSX, run, "xlsx")


@_of_a_finished_run
def table(request: Any, run: Run) -> HttpResponseBase:
    """One table as CSV: `?name=bands`."""
    found = tables.sheet(run, request.GET.get("name", ""))
    if found is None:
        raise Http404("No such table in this run.")
    made = workbooks.comma_separated(found).encode()
    return _attachment(made, "text/csv; charset=utf-8", run, "csv", part=found.key)


@_of_a_finished_run
def report(request: Any, run: Run) -> HttpResponseBase:
    """One self-contained page with pictures and open tables."""
    made = report_page(run, request.membership.organization).encode()
    return _attachment(made, "text/html; charset=utf-8", run, "html")


@_of_a_finished_run
def frame(request: Any, run: Run) -> HttpResponseBase:
    """The frame, streamed from disk; what it holds of a person is the customer's id."""
    try:
        handle = store.absolute(run.frame_path).open("rb")
    except OSError:
        messages.error(
            request,
            f"The frame of run {run.number} is not stored any more. Run the study again to have one.",
        )
        return redirect("run", slug=request.membership.organization.slug, pk=run.pk)
    response = FileResponse(handle, content_type="application/vnd.apache.parquet")
    return _named(response, run, "parquet")


@_of_a_finished_run
def archive(request: Any, run: Run) -> HttpResponseBase:
    """Frames, script, result and what they mean, in one ZIP."""
    try:
        made = bundles.bundle(run)
    except FileNotFoundError as error:
        messages.error(request, f"{error} Run the study again to have one.")
        return redirect("run", slug=request.membership.organization.slug, pk=run.pk)
    return _named(FileResponse(made, content_type=bundles.ZIP), run, "zip")


@_of_a_finished_run
def script(request: Any, run: Run) -> HttpResponseBase:
    """Python that repeats the run from its frame."""
    return _attachment(scripts.script(run).encode(), "text/x-python; charset=utf-8", run, "py")


def _attachment(content: bytes, kind: str, run: Run, ending: str, *, part: str = "") -> HttpResponse:
    return _named(HttpResponse(content, content_type=kind), run, ending, part=part)


def _named(response: Answer, run: Run, ending: str, *, part: str = "") -> Answer:
    """`revenue-after-nps-run-12-bands.csv`: ASCII letters, digits and hyphens whatever the study is called."""
    name = "-".join(filter(None, (slugify(run.study.name)[:60] or "study", f"run-{run.number}", part)))
    response["Content-Disposition"] = f'attachment; filename="{name}.{ending}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
