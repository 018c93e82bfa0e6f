from django.urls import include, path, re_path

from accounts.api.urls import urlpatterns as accounts
from analytics.api.urls import urlpatterns as analytics
from crm.api.urls import urlpatterns as crm
from feedback.api.urls import urlpatterns as feedback

from .errors import unknown_address
from .schema import docs, schema

app_name = "api"

urlpatterns = [
    path("v1/", include([*crm, *feedback, *analytics, *accounts])),
    path("v1/schema", schema, name="schema"),
    path("v1/docs", docs, name="docs"),
    # Here rather than in handler404: it holds with DEBUG too, and no slash is appended to an API address.
    re_path(r"", unknown_address, name="unknown"),
]
