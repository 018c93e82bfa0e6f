from django.urls import path

from . import views

urlpatterns = [
    path("", views.audit, name="settings-audit"),
    path("export/", views.export, name="settings-audit-export"),
]
