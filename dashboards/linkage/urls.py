"""Linkage pages; mounted below /o/<slug>/linkage/."""

from django.urls import path

from . import comparing, downloads, housekeeping, taken, views, weekly, wizard

urlpatterns = [
    path("", views.studies, name="linkage"),
    path("new/", wizard.new, name="study-new"),
    path("<uuid:pk>/", views.study, name="study"),
    path("<uuid:pk>/run/", views.start, name="run-start"),
    path("<uuid:pk>/compare/", comparing.compare, name="run-compare"),
    path("<uuid:pk>/weekly/", weekly.weekly, name="study-weekly"),
    path("<uuid:pk>/rename/", housekeeping.rename, name="study-rename"),
    path("<uuid:pk>/archive/", housekeeping.archive, name="study-archive"),
    path("runs/<uuid:pk>/", views.run, name="run"),
    path("runs/<uuid:pk>/remove/", housekeeping.remove, name="run-remove"),
    path("runs/<uuid:pk>/restore/", housekeeping.bring_back, name="run-restore"),
    path("runs/<uuid:pk>/progress/", views.progress, name="run-progress"),
    path("runs/<uuid:pk>/cancel/", views.cancel, name="run-cancel"),
    path("runs/<uuid:pk>/again/", weekly.again, name="run-again"),
    path("runs/<uuid:pk>/pictures/<slug:name>.<slug:ending>", taken.pictures, name="run-picture"),
    path("runs/<uuid:pk>/run.xlsx", downloads.workbook, name="run-xlsx"),
    path("runs/<uuid:pk>/table.csv", downloads.table, name="run-table"),
    path("runs/<uuid:pk>/report.html", downloads.report, name="run-report"),
    path("runs/<uuid:pk>/frame.parquet", downloads.frame, name="run-frame"),
    path("runs/<uuid:pk>/run.zip", downloads.archive, name="run-zip"),
    path("runs/<uuid:pk>/repeat.py", downloads.script, name="run-script"),
]
