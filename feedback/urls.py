"""The respondent's addresses. Tokens are letters, digits, - and _."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from feedback.views import public


class TokenConverter(StringConverter):
    regex = "[A-Za-z0-9_-]{8,64}"


register_converter(TokenConverter, "survey_token")

urlpatterns = [
    path("s/<survey_token:token>", public.survey, name="survey"),
    path("s/<survey_token:token>/done", public.done, name="survey-done"),
    path("s/<survey_token:token>/decline", public.decline, name="survey-decline"),
    path("s/<survey_token:token>/never", public.never, name="survey-never"),
    path("s/<survey_token:token>/used", public.used, name="survey-used"),
]
