from django.urls import path

from .studies import OneRun, OneStudy, Runs, RunsOfStudy, Studies

urlpatterns = [
    path("studies", Studies.as_view(), name="studies"),
    path("studies/<uuid:id>", OneStudy.as_view(), name="study"),
    path("studies/<uuid:id>/runs", RunsOfStudy.as_view(), name="study-runs"),
    path("runs", Runs.as_view(), name="runs"),
    path("runs/<uuid:id>", OneRun.as_view(), name="run"),
]
