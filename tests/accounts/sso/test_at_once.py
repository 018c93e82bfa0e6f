"""Somebody new whose browser comes twice at the same moment."""

import threading
from typing import Any

import pytest
from django.db import connection as database

from accounts.models import Membership, SignOnConnection, SignOnIdentity, User
from accounts.sso.admission import admit
from accounts.sso.claims import Claims
from accounts.tenancy import organization_context
from tests.accounts.sso.conftest import proven
from tests.accounts.sso.idp import saml_connection
from tests.cast import Cast


@pytest.mark.django_db(transaction=True)
def test_a_newcomer_is_made_once(cast: Cast) -> None:
    proven(cast.organization, "halden.example")
    with organization_context(cast.organization):
        made: SignOnConnection = saml_connection()
    together, found = threading.Barrier(4), []

    def come() -> None:
        try:
            together.wait(10)
            with organization_context(cast.organization):
                claims = Claims(subject="n", email="nora@halden.example", name="Nora")
                found.append(admit(connection=made, claims=claims))
        except Exception as error:  # told below, where pytest sees it
            found.append(error)
        finally:
            database.close()

    threads: list[Any] = [threading.Thread(target=come) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(one.is_new for one in found) == [False, False, False, True], found
    assert len({one.membership.pk for one in found}) == 1
    assert User.objects.filter(email="nora@halden.example").count() == 1
    assert Membership.objects.filter(user__email="nora@halden.example").count() == 1
    with organization_context(cast.organization):
        assert SignOnIdentity.objects.count() == 1
