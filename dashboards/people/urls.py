from django.urls import path

from . import views

urlpatterns = [path("settings/people/<uuid:pk>/teams/", views.teams, name="settings-member-teams")]
