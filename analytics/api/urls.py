from django.urls import path

from .files import Files
from .runs import Cancel, OneRun, Repeat, Restore, Result, Runs
from .studies import Comparison, Measures, OneStudy, ResultSchema, RunsOfStudy, Studies

urlpatterns = [
    path("measures", Measures.as_view(), name="measures"),
    path("studies", Studies.as_view(), name="studies"),
    path("studies/<uuid:id>", OneStudy.as_view(), name="study"),
    path("studies/<uuid:id>/runs", RunsOfStudy.as_view(), name="study-runs"),
    path("studies/<uuid:id>/comparison", Comparison.as_view(), name="study-comparison"),
    path("runs", Runs.as_view(), name="runs"),
    path("runs/<uuid:id>", OneRun.as_view(), name="run"),
    path("runs/<uuid:id>/cancel", Cancel.as_view(), name="run-cancel"),
    path("runs/<uuid:id>/repeat", Repeat.as_view(), name="run-repeat"),
    path("runs/<uuid:id>/restore", Restore.as_view(), name="run-restore"),
    path("runs/<uuid:id>/result", Result.as_view(), name="run-result"),
    path("runs/<uuid:id>/files/<str:name>", Files.as_view(), name="run-file"),
    path("result-schemas/<str:kind>", ResultSchema.as_view(), name="result-schema"),
]
