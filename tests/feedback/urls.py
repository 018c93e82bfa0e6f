"""The product's addresses with this room's, wherever cem/urls.py mounts them."""

from django.urls import include, path

from cem import urls

urlpatterns = [
    path("", include("feedback.urls")),
    path("o/<slug:slug>/", include("feedback.staff_urls")),
    *urls.urlpatterns,
]
