"""Pages of an organization; mounted below /o/<slug>/."""

from django.urls import include, path

from .customers import taken as customer_files
from .customers import views as customers
from .overview import taken as overview_files
from .overview import views as overview

urlpatterns = [
    path("", overview.overview, name="overview"),
    path("pictures/<slug:name>.<slug:ending>", overview_files.pictures, name="overview-picture"),
    path("customers/", customers.customers, name="customers"),
    path("customers/<uuid:pk>/", customers.customer, name="customer"),
    path(
        "customers/<uuid:pk>/pictures/<slug:name>.<slug:ending>",
        customer_files.pictures,
        name="customer-picture",
    ),
    path("customers/<uuid:pk>/timeline/", customers.customer_timeline, name="customer-timeline"),
    path("drivers/", include("dashboards.drivers.urls")),
    path("linkage/", include("dashboards.linkage.urls")),
    path("", include("dashboards.people.urls")),
    path("settings/audit/", include("dashboards.audit.urls")),
    path("", include("dashboards.privacy.urls")),
]
