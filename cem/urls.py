"""Every address of the product."""

from django.urls import include, path

from accounts import views as accounts
from cem.health import healthz

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("login/", accounts.log_in, name="login"),
    path("logout/", accounts.log_out, name="logout"),
    path("", accounts.home, name="home"),
]
