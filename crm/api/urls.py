from django.urls import path

from .activity import Interactions, OneInteraction, OneTransaction, Transactions
from .customers import CustomerByExternalId, Customers, OneCustomer

urlpatterns = [
    path("customers", Customers.as_view(), name="customers"),
    path("customers/<uuid:id>", OneCustomer.as_view(), name="customer"),
    path(
        "customers/by-external-id/<path:external_id>", CustomerByExternalId.as_view(), name="customer-by-id"
    ),
    path("transactions", Transactions.as_view(), name="transactions"),
    path("transactions/<uuid:id>", OneTransaction.as_view(), name="transaction"),
    path("interactions", Interactions.as_view(), name="interactions"),
    path("interactions/<uuid:id>", OneInteraction.as_view(), name="interaction"),
]
