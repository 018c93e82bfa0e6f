"""Server time of pages, warm, against an empty page of the same app, logged in."""

from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path

from accounts.access import requires
from accounts.tenancy import organization_context
from bench import world
from bench.figures import Figure, typical
from cem import urls
from crm.models import Transaction

TIMES = 25


@requires("scores.view")
def empty(request: HttpRequest) -> HttpResponse:
    from django.shortcuts import render

    return render(request, "base.html")


urlpatterns = [path("o/<slug:slug>/empty/", empty, name="empty"), *urls.urlpatterns]


@override_settings(
    ROOT_URLCONF="bench.pages",
    STORAGES={"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}},
)
def run(size: str) -> list[Figure]:
    made = world.organization(size)
    client = Client()
    client.force_login(world.manager(made))
    with organization_context(made):
        from django.db.models import Count

        busiest = (
            Transaction.objects.values("customer")
            .annotate(n=Count("id"))
            .order_by("-n")
            .values_list("customer")[0][0]
        )
    base = f"/o/{made.slug}/"

    def timed(address: str) -> float:
        def ask() -> None:
            answer = client.get(address)
            assert answer.status_code == 200, address

        return typical(ask, times=TIMES) * 1000

    blank = timed(f"{base}empty/")
    pages = (
        ("overview, warm", base, 4),
        ("overview, two years", f"{base}?since=2025-01-01", 4),
        ("overview with a segment", f"{base}?segment=gold", 12),
        ("customer view", f"{base}customers/{busiest}/", 4),
        ("search with a typo", f"{base}customers/?q=Marta+Figueria", 4),
        ("linkage studies", f"{base}linkage/", 4),
    )
    figures = []
    for name, address, most in pages:
        ours = timed(address)
        ratio = ours / blank
        what = {"customers": world.CUSTOMERS[size]}
        figures.append(Figure(name, "ms", ours, blank, ratio, f"≤ {most} × empty page", ratio <= most, what))
    return figures
