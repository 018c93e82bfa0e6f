"""Pages of an organization; mounted below /o/<slug>/."""

from django.urls import path

from .customers import views as customers
from .linkage import views as linkage
from .overview import views as overview

urlpatterns = [
    path("", overview.overview, name="overview"),
    path("customers/", customers.customers, name="customers"),
    path("customers/<uuid:pk>/", customers.customer, name="customer"),
    path("customers/<uuid:pk>/timeline/", customers.customer_timeline, name="customer-timeline"),
    path("linkage/", linkage.studies, name="linkage"),
    path("linkage/<uuid:pk>/", linkage.study, name="study"),
    path("linkage/<uuid:pk>/run/", linkage.start, name="run-start"),
    path("linkage/runs/<uuid:pk>/", linkage.run, name="run"),
    path("linkage/runs/<uuid:pk>/progress/", linkage.progress, name="run-progress"),
    path("linkage/runs/<uuid:pk>/cancel/", linkage.cancel, name="run-cancel"),
]
