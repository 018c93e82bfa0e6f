"""Staff addresses of this room, below /o/<slug>/."""

from django.urls import path

from feedback.views import staff

urlpatterns = [path("surveys/", staff.surveys, name="surveys")]
