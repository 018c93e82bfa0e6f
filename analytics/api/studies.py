"""/studies, and what a study can name."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django_filters import filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework.response import Response

from accounts.api.endpoint import Created, Endpoint, Listed, Shown
from analytics.models import Run, Study
from analytics.studies import housekeeping
from analytics.studies.comparing import compared
from analytics.studies.services import create_study, start_run
from cem.lib.rest.filters import Filters
from cem.lib.rest.problems import Problem

from .compared import ComparisonSerializer, MeasuresSerializer, SchemaSerializer
from .runs import SLIM, RunFilters
from .serializers import (
    RunRequestSerializer,
    RunSerializer,
    StudyChangeSerializer,
    StudyRequestSerializer,
    StudySerializer,
)


class StudyFilters(Filters):
    kind = filters.ChoiceFilter(choices=Study.Kind.choices)
    predictor = filters.CharFilter()
    outcome = filters.CharFilter()
    archived = filters.TypedChoiceFilter(
        choices=[("true", "true"), ("false", "false")],
        coerce=lambda text: text == "true",
        field_name="archived_at",
        lookup_expr="isnull",
        exclude=True,
    )

    class Meta:
        model = Study
        fields: list[str] = []


class Studies(Listed, Created):
    """Archived ones are listed, too; `archived=false` leaves them out."""

    scopes = {"GET": "linkage:read", "POST": "linkage:run"}
    summaries = {"GET": "List linkage studies", "POST": "Ask a new study"}
    operation_ids = {"GET": "studies_list", "POST": "studies_create"}
    queryset = Study.objects.all()
    serializer_class = StudySerializer
    request_serializer_class = StudyRequestSerializer
    filterset_class = StudyFilters

    def create(self, **path: Any) -> Response:
        study = create_study(**self.valid())
        return self.shown(study, 201, reverse("api:study", args=[study.pk]))


class OneStudy(Shown):
    scopes = {"GET": "linkage:read", "PATCH": "linkage:run"}
    summaries = {"GET": "Read a linkage study", "PATCH": "Rename or archive a study, or restore it"}
    operation_ids = {"GET": "studies_read", "PATCH": "studies_change"}
    queryset = Study.objects.all()
    serializer_class = StudySerializer
    request_serializer_class = StudyChangeSerializer

    def patch(self, request: Any, **path: Any) -> Response:
        study, wanted = self.get_object(), self.valid()
        if "name" in wanted:
            housekeeping.rename_study(study=study, name=wanted["name"])
        if "archived" in wanted:
            change = housekeeping.archive_study if wanted["archived"] else housekeeping.restore_study
            change(study=study)
        return self.shown(study)


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


def _number(name: str, about: str) -> OpenApiParameter:
    return OpenApiParameter(name, OpenApiTypes.INT, OpenApiParameter.QUERY, description=about)


class Comparison(Endpoint):
    """By their numbers; left out, the latest two finished runs. The earlier one always stands first."""

    scopes = {"GET": "linkage:read"}
    summaries = {"GET": "Compare two finished runs of a study"}
    operation_ids = {"GET": "studies_compare"}
    serializer_class = ComparisonSerializer
    conflicts = True
    parameters = frozenset({"a", "b"})
    documented_parameters = {
        "GET": [_number("a", "Number of one run."), _number("b", "Number of the other.")]
    }

    def get(self, request: Any, **path: Any) -> Response:
        study = get_object_or_404(Study, pk=path["id"])
        finished = study.runs.kept().filter(status=Run.Status.FINISHED, result__isnull=False)
        wanted = {name: self.number(name) for name in ("a", "b") if name in request.query_params}
        if len(wanted) == 1:
            missing = next(name for name in ("a", "b") if name not in wanted)
            raise _refused(missing, "Name both runs, or neither.")
        if wanted:
            runs = list(finished.filter(number__in=wanted.values()).order_by("number"))
        else:
            runs = list(finished.order_by("-number")[:2])[::-1]
        for name, number in wanted.items():
            if number not in [run.number for run in runs]:
                raise _refused(name, f"There is no finished run {number} of this study.")
        if len(runs) != 2:
            if wanted:
                raise _refused("b", "Choose two different runs.")
            raise Problem(409, "This study has fewer than two finished runs. Run it again, then compare.")
        return self.shown(compared(*runs))

    def number(self, name: str) -> int:
        text = self.request.query_params[name]
        if not (text.isascii() and text.isdigit() and 0 < len(text) < 10):
            raise _refused(name, "Give the number of a run, such as 3.")
        return int(text)


def _refused(parameter: str, detail: str) -> Problem:
    return Problem(
        400, "A query parameter does not fit.", errors=[{"parameter": parameter, "detail": detail}]
    )


class Measures(Endpoint):
    """Attitudes, measures of contacts, scores, business metrics and controls, with role, unit and direction. Attitudes,
    scores and ratings are there once somebody answered them.
    """

    scopes = {"GET": "linkage:read"}
    summaries = {"GET": "List what studies can name"}
    operation_ids = {"GET": "measures_list"}
    serializer_class = MeasuresSerializer

    def get(self, request: Any, **path: Any) -> Response:
        from analytics.registry import entries

        return self.shown({"data": entries()})


class ResultSchema(Endpoint):
    """For `kind` financial, operational or constituency, in the version that runs are stored in now."""

    scopes = {"GET": "linkage:read"}
    summaries = {"GET": "Read the JSON Schema of results"}
    operation_ids = {"GET": "result_schemas_read"}
    serializer_class = SchemaSerializer

    def get(self, request: Any, **path: Any) -> Response:
        from analytics.exports.schemas import schema

        if path["kind"] not in Study.Kind.values:
            raise Problem(404, f"There is no such kind. There are: {', '.join(Study.Kind.values)}.")
        return self.shown(schema(path["kind"]))
