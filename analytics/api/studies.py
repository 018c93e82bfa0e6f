"""/studies and /runs"""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django_filters import filters
from rest_framework.response import Response

from accounts.api.endpoint import Created, Listed, Shown
from analytics.models import Run, Study
from analytics.studies.services import start_run
from cem.lib.rest.filters import Filters

from .serializers import RunDetailSerializer, RunRequestSerializer, RunSerializer, StudySerializer

#: A page of runs does not carry their results.
SLIM = Run.objects.defer("result", "ledger", "settings", "versions")


class StudyFilters(Filters):
    kind = filters.ChoiceFilter(choices=Study.Kind.choices)
    predictor = filters.CharFilter()
    outcome = filters.CharFilter()

    class Meta:
        model = Study
        fields: list[str] = []


class RunFilters(Filters):
    status = filters.ChoiceFilter(choices=Run.Status.choices)

    class Meta:
        model = Run
        fields: list[str] = []


class AnyRunFilters(RunFilters):
    study = filters.UUIDFilter(field_name="study_id")


class Studies(Listed):
    scopes = {"GET": "linkage:read"}
    summaries = {"GET": "List linkage studies"}
    operation_ids = {"GET": "studies_list"}
    queryset = Study.objects.all()
    serializer_class = StudySerializer
    filterset_class = StudyFilters


class OneStudy(Shown):
    scopes = {"GET": "linkage:read"}
    summaries = {"GET": "Read a linkage study"}
    operation_ids = {"GET": "studies_read"}
    queryset = Study.objects.all()
    serializer_class = StudySerializer


class Runs(Listed):
    scopes = {"GET": "linkage:read"}
    summaries = {"GET": "List runs of all studies"}
    operation_ids = {"GET": "runs_list"}
    queryset = SLIM
    serializer_class = RunSerializer
    filterset_class = AnyRunFilters


class RunsOfStudy(Listed, Created):
    """A run is computed in the background: follow the Location that POST answers until `status` is no longer
    queued or running.
    """

    scopes = {"GET": "linkage:read", "POST": "linkage:run"}
    success = {"POST": (202,)}
    summaries = {"GET": "List the runs of a study", "POST": "Start a run of a study"}
    operation_ids = {"GET": "study_runs_list", "POST": "study_runs_start"}
    queryset = SLIM
    serializer_class = RunSerializer
    request_serializer_class = RunRequestSerializer
    filterset_class = RunFilters

    def get_queryset(self) -> QuerySet[Run]:
        if getattr(self, "swagger_fake_view", False):
            return SLIM.none()
        return SLIM.filter(study=get_object_or_404(Study, pk=self.kwargs["id"]))

    def create(self, **path: Any) -> Response:
        study = get_object_or_404(Study, pk=path["id"])
        run = start_run(study=study, **self.valid())
        return self.shown(run, 202, reverse("api:run", args=[run.pk]))


class OneRun(Shown):
    scopes = {"GET": "linkage:read"}
    summaries = {"GET": "Read a run: its progress, and its result when it has finished"}
    operation_ids = {"GET": "runs_read"}
    queryset = Run.objects.all()
    serializer_class = RunDetailSerializer
