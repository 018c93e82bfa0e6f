"""Finding a customer by whatever an agent has: a name, even misspelt, an address, a number, an order."""

from django.db import connection
from django.db.models import Q

from accounts.privacy.detector import is_contact
from crm.models import Customer, Transaction
from crm.scope import current_teams

#: Nobody reads further; the database's function refuses more, too.
MOST = 200


def search_customers(query: str, *, limit: int = 20) -> list[Customer]:
    """The customers that match best, best first, with their companies; in two queries.

    Args:
        query: a customer's id, an order's number, an e-mail address or its beginning, at least four last
            digits of a phone number, or at least three letters of a name, in which accents, case and small
            mistakes do not matter.
        limit: 1 to 200.
    """
    query = query.replace("\0", " ").strip()[:200]
    if not query:
        return []
    # The function knows no teams: whoever is limited to some gets the best of those that are left.
    most = min(limit, MOST) if current_teams() is None else MOST
    with connection.cursor() as cursor:
        cursor.execute("SELECT crm_search_customers(%s, %s)", [query, most])
        ids = [id for (id,) in cursor.fetchall()]
    found = Customer.objects.select_related("company").in_bulk(ids)
    return [found[id] for id in ids if id in found][:limit]


def search_by_id(query: str, *, limit: int = 20) -> list[Customer]:
    """The customer with this id, or of the order with this number: for those who may not know who anybody is.

    What looks like an address or a telephone number finds nobody, even where a company uses those as ids: finding
    would tell.
    """
    query = query.replace("\0", " ").strip()[:200]
    if not query or is_contact(query):
        return []
    of_order = Transaction.objects.filter(external_id=query).values("customer_id")
    wanted = Q(external_id=query) | Q(pk__in=of_order)
    return list(Customer.objects.select_related("company").filter(wanted).order_by("id")[: min(limit, MOST)])
