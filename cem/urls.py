"""Every address of the product. `tests/walks/test_urls.py` lists them all with what each needs."""

from django.urls import include, path

from accounts import views as accounts
from accounts.people import joining
from cem import csp
from cem.health import healthz

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("csp-report", csp.report, name="csp-report"),
    path("", include("accounts.login.urls")),
    path("", include("accounts.sso.urls")),
    path("", accounts.home, name="home"),
    path("join/<str:token>/", joining.join, name="invitation"),
    path("", include("feedback.urls")),
    path("o/<slug:slug>/", include("dashboards.urls")),
    path("o/<slug:slug>/", include("feedback.staff_urls")),
    path("o/<slug:slug>/", include("accounts.administration.urls")),
    path("api/", include("cem.api.urls")),
]

# Problem documents below /api/, pages elsewhere.
handler400 = "cem.api.errors.handler400"
handler403 = "cem.api.errors.handler403"
handler404 = "cem.api.errors.handler404"
handler500 = "cem.api.errors.handler500"
