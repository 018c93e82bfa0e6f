from django.urls import path

from .responses import OneResponse, Responses
from .scores import Scores

urlpatterns = [
    path("responses", Responses.as_view(), name="responses"),
    path("responses/<uuid:id>", OneResponse.as_view(), name="response"),
    path("scores", Scores.as_view(), name="scores"),
]
