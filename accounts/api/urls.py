from django.urls import path

from .audit import Audit

urlpatterns = [path("audit", Audit.as_view(), name="audit")]
