"""/responses"""

from typing import Any

from django.urls import reverse
from django_filters import filters
from rest_framework.response import Response as Answer

from accounts.api.endpoint import Created, Listed, Shown
from accounts.audit.record import record
from cem.lib.rest.filters import Filters, InstantFilter
from cem.lib.rest.problems import Problem, invalid, pointer
from feedback.intake.services import InvalidAnswers, submit
from feedback.models import Response, Survey, SurveyVersion
from feedback.surveys.versions import current

from .serializers import ResponseSerializer


class ResponseFilters(Filters):
    survey = filters.CharFilter(field_name="survey__key")
    customer = filters.UUIDFilter(field_name="customer_id")
    customer_external_id = filters.CharFilter(field_name="customer__external_id")
    external_id = filters.CharFilter()
    status = filters.ChoiceFilter(choices=Response.Status.choices)
    channel = filters.CharFilter()
    wave = filters.CharFilter()
    touchpoint = filters.CharFilter(field_name="touchpoint__key")
    is_test = filters.BooleanFilter()
    answered_after = InstantFilter(field_name="answered_at", lookup_expr="gte", label="At or after.")
    answered_before = InstantFilter(field_name="answered_at", lookup_expr="lt", label="Before.")
    updated_since = InstantFilter(field_name="updated_at", lookup_expr="gte")

    class Meta:
        model = Response
        fields: list[str] = []


ROWS = Response.objects.select_related("survey", "version", "customer", "touchpoint").prefetch_related(
    "scores"
)


class Responses(Listed, Created):
    scopes = {"GET": "feedback:read", "POST": "feedback:write"}
    summaries = {"GET": "List responses", "POST": "Store a response, validated and scored"}
    operation_ids = {"GET": "responses_list", "POST": "responses_create"}
    queryset = ROWS
    serializer_class = ResponseSerializer
    filterset_class = ResponseFilters
    id_parameters = frozenset({"customer_external_id", "external_id"})

    def create(self, **path: Any) -> Answer:
        fields = self.valid()
        customer, touchpoint = fields.pop("customer"), fields.pop("touchpoint", None)
        try:
            submission = submit(
                version=asked(fields.pop("survey")),
                customer_id=customer and customer.pk,
                touchpoint_id=touchpoint and touchpoint.pk,
                channel=fields.pop("channel", "api"),
                **fields,
            )
        except InvalidAnswers as error:
            places = [
                {"pointer": pointer("answers", *([key] if key else [])), "detail": text}
                for key, text in error.errors.items()
            ]
            raise Problem(422, "The answers do not fit the survey.", errors=places) from error
        if not submission.is_new or submission.response is None:
            text = "There is already a response with this external_id."
            raise Problem(409, text, errors=[{"pointer": "#/external_id", "detail": text}])
        row = ROWS.get(pk=submission.response.pk)
        record("response.recorded", target=row, after={"survey": row.survey.key, "is_test": row.is_test})
        return self.shown(row, 201, reverse("api:response", args=[row.pk]))


class OneResponse(Shown):
    scopes = {"GET": "feedback:read"}
    summaries = {"GET": "Read a response"}
    operation_ids = {"GET": "responses_read"}
    queryset = ROWS
    serializer_class = ResponseSerializer


def asked(survey: Survey) -> SurveyVersion:
    """The version that the survey asks now. Raises Problem 422 when it asks nobody."""
    version = None
    if survey.status == Survey.Status.PUBLISHED:
        version = current(survey.pk)
    if version is None:
        raise invalid("survey", "This survey is not published, so it takes no responses.")
    return version
