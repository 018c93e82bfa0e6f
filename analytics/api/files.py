"""What a run can be taken away as."""

from collections.abc import Callable
from typing import Any

from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework.renderers import BaseRenderer, JSONRenderer

from accounts.api.endpoint import Endpoint
from accounts.audit.record import record
from analytics.models import Run
from cem.lib.rest.problems import Problem

from .runs import finished
from .serializers import NothingSerializer


class Anything(BaseRenderer):
    """Lets `Accept: application/zip` through; problems are JSON all the same."""

    media_type = "*/*"
    format = "file"
    charset = None

    def render(self, data: Any, media_type: Any = None, context: Any = None) -> bytes:
        return bytes(JSONRenderer().render(data))


def _workbook(run: Run) -> HttpResponseBase:
    from analytics.exports import tables, workbook

    return HttpResponse(workbook.workbook(tables.sheets(run)), content_type=workbook.XLSX)


def _script(run: Run) -> HttpResponseBase:
    from analytics.exports.script import script

    return HttpResponse(script(run).encode(), content_type="text/x-python; charset=utf-8")


def _frame(run: Run) -> HttpResponseBase:
    from analytics.frames import store

    try:
        handle = store.absolute(run.frame_path).open("rb")
    except OSError:
        raise _gone(run) from None
    return FileResponse(handle, content_type="application/vnd.apache.parquet")


def _archive(run: Run) -> HttpResponseBase:
    from analytics.exports import bundle

    try:
        made = bundle.bundle(run)
    except FileNotFoundError:
        raise _gone(run) from None
    return FileResponse(made, content_type=bundle.ZIP)


def _gone(run: Run) -> Problem:
    return Problem(
        404, f"The frame of run {run.number} is not stored any more. Run the study again to have one."
    )


FILES: dict[str, Callable[[Run], HttpResponseBase]] = {
    "run.xlsx": _workbook,
    "frame.parquet": _frame,
    "repeat.py": _script,
    "run.zip": _archive,
}


class Files(Endpoint):
    """run.xlsx: every table. frame.parquet: the rows it was computed from; of a person only our id of the customer.
    repeat.py: Python that repeats it from the frame. run.zip: every frame, script, result, checksums, and what the
    columns mean. A single table: bands.csv, differences.csv and so on, named as the workbook's sheets are keyed.
    """

    scopes = {"GET": "linkage:read"}
    summaries = {"GET": "Download a file of a finished run"}
    operation_ids = {"GET": "runs_file"}
    renderer_classes = [JSONRenderer, Anything]
    serializer_class = NothingSerializer  # of a problem's way through; the file is `binary`
    binary = True
    conflicts = True
    documented_parameters = {
        "GET": [
            OpenApiParameter(
                "name",
                OpenApiTypes.STR,
                OpenApiParameter.PATH,
                description=f"{', '.join(FILES)}, or the key of a table with .csv.",
            )
        ]
    }

    def get(self, request: Any, **path: Any) -> HttpResponseBase:
        name = path["name"]
        run = finished(path["id"])
        response = FILES[name](run) if name in FILES else _table(run, name)
        record("data.exported", target=run, after={"what": name})
        response["Content-Disposition"] = f'attachment; filename="{_named(run, name)}"'
        response["X-Content-Type-Options"] = "nosniff"
        return response


def _named(run: Run, name: str) -> str:
    """ "run-3.zip", "run-3-bands.csv"."""
    return f"run-{run.number}{name.removeprefix('run') if name.startswith('run.') else f'-{name}'}"


def _table(run: Run, name: str) -> HttpResponseBase:
    from analytics.exports import tables, workbook

    key, _, ending = name.rpartition(".")
    found = tables.sheet(run, key) if ending == "csv" else None
    if found is None:
        keys = ", ".join(f"{one.key}.csv" for one in tables.sheets(run))
        raise Problem(404, f"There is no such file. There are: {', '.join(FILES)}, {keys}.")
    return HttpResponse(workbook.comma_separated(found).encode(), content_type="text/csv; charset=utf-8")
