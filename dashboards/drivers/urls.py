"""Mounted below /o/<slug>/drivers/."""

from django.urls import path

from . import taken, views

urlpatterns = [
    path("", views.drivers, name="drivers"),
    path("pictures/<slug:name>.<slug:ending>", taken.pictures, name="drivers-picture"),
]
