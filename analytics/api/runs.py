"""/runs: progress, results, and what can be done with one."""

from typing import Any

from django.shortcuts import get_object_or_404
from django_filters import filters
from rest_framework.response import Response

from accounts.api.endpoint import Created, Endpoint, Listed, Shown
from analytics.models import Run
from analytics.studies import housekeeping, services
from cem.lib.rest.filters import Filters
from cem.lib.rest.problems import Problem

from .serializers import NothingSerializer, ResultSerializer, RunDetailSerializer, RunSerializer

#: A page of runs does not carry their results.
SLIM = Run.objects.kept().defer("result", "ledger", "settings", "versions")


class RunFilters(Filters):
    status = filters.ChoiceFilter(choices=Run.Status.choices)

    class Meta:
        model = Run
        fields: list[str] = []


class AnyRunFilters(RunFilters):
    study = filters.UUIDFilter(field_name="study_id")


class Runs(Listed):
    scopes = {"GET": "linkage:read"}
    summaries = {"GET": "List runs of all studies"}
    operation_ids = {"GET": "runs_list"}
    queryset = SLIM
    serializer_class = RunSerializer
    filterset_class = AnyRunFilters


class OneRun(Shown):
    scopes = {"GET": "linkage:read", "DELETE": "linkage:run"}
    summaries = {
        "GET": "Read a run: its progress, and its result when it has finished",
        "DELETE": "Remove a run that is over; restore brings it back for a week",
    }
    operation_ids = {"GET": "runs_read", "DELETE": "runs_remove"}
    success = {"DELETE": (200,)}
    queryset = Run.objects.kept()
    serializer_class = RunDetailSerializer

    def delete(self, request: Any, **path: Any) -> Response:
        run = self.get_object()
        if not run.is_over:
            raise Problem(409, f"Run {run.number} is under way. Cancel it first, then remove it.")
        housekeeping.remove_run(run=run)
        return self.shown(run)


class _Act(Created):
    """Something done to a run; the body is empty."""

    scopes = {"POST": "linkage:run"}
    success = {"POST": (200,)}
    serializer_class = RunSerializer
    request_serializer_class = NothingSerializer
    queryset = Run.objects.kept()

    def create(self, **path: Any) -> Response:
        self.valid()
        run = self.get_object()
        self.act(run)
        run.refresh_from_db()
        return self.shown(run, next(iter(self.success["POST"])))

    def act(self, run: Run) -> None:
        raise NotImplementedError


class Cancel(_Act):
    """A worker that is at it notices between two steps. Cancelling a cancelled run changes nothing."""

    summaries = {"POST": "Cancel a run"}
    operation_ids = {"POST": "runs_cancel"}

    def act(self, run: Run) -> None:
        if not services.cancel_run(run=run) and run.status != Run.Status.CANCELLED:
            raise Problem(409, f"Run {run.number} is over already: {run.status}.")


class Repeat(_Act):
    """In the background: `repeat` of the run says whether every digit is the same."""

    summaries = {"POST": "Compute a finished run again from its stored frame"}
    operation_ids = {"POST": "runs_repeat"}
    success = {"POST": (202,)}
    serializer_class = RunDetailSerializer

    def act(self, run: Run) -> None:
        from analytics.studies import repeating

        if run.status != Run.Status.FINISHED:
            raise Problem(409, f"Run {run.number} has no result to repeat: {run.status}.")
        repeating.ask_to_repeat(run=run)


class Restore(_Act):
    summaries = {"POST": "Bring a removed run back"}
    operation_ids = {"POST": "runs_restore"}
    queryset = Run.objects.all()

    def act(self, run: Run) -> None:
        housekeeping.restore_run(run=run)


class Result(Endpoint):
    """Its shape is that of /result-schemas/{kind}, in the version that its `schema` names."""

    scopes = {"GET": "linkage:read"}
    summaries = {"GET": "Read the result of a finished run"}
    operation_ids = {"GET": "runs_result"}
    serializer_class = ResultSerializer
    conflicts = True

    def get(self, request: Any, **path: Any) -> Response:
        return Response(finished(path["id"]).result)


def finished(pk: Any) -> Run:
    """A run that has a result.

    Raises:
        Problem: 409 where it has none (yet).
    """
    run = get_object_or_404(Run.objects.kept().select_related("study"), pk=pk)
    if run.status != Run.Status.FINISHED or not run.result:
        raise Problem(
            409, f"Run {run.number} has no result: {run.status}. /runs/{run.pk} says how far it is."
        )
    return run
