"""Customers found by what an agent has, and never another organization's."""

from typing import Any

import pytest
from django.db import connection

from accounts.tenancy import organization_context
from crm.models import Company
from crm.search import search_customers
from tests.cast import Cast
from tests.factories import customer, transaction

pytestmark = pytest.mark.django_db


def names(query: str, **options: Any) -> list[str]:
    return [found.name for found in search_customers(query, **options)]


@pytest.fixture
def people(inside: Cast) -> Cast:
    ines = customer(
        external_id="K-100", name="Inês Gonçalves", email="Ines.G@mail.example", phone="+351912345678"
    )
    customer(
        external_id="K-101", name="Jürgen Straßmann", email="juergen@post.example", phone="+4915112345678"
    )
    customer(external_id="K-102", name="Agnes Meier", email="a_b@mail.example", phone="")
    customer(external_id="K-103", name="", email="", phone="")
    transaction(ines, external_id="ORD-7")
    return inside


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("K-100", ["Inês Gonçalves"]),
        (" K-100 ", ["Inês Gonçalves"]),
        ("ORD-7", ["Inês Gonçalves"]),
        ("ines.g@MAIL.example", ["Inês Gonçalves"]),
        ("ines.g", ["Inês Gonçalves"]),
        ("goncalves", ["Inês Gonçalves"]),
        ("GONÇALVES", ["Inês Gonçalves"]),
        ("Gonsalves", ["Inês Gonçalves"]),
        ("ines gonzalves", ["Inês Gonçalves"]),
        ("jurgen", ["Jürgen Straßmann"]),
        ("strassman", ["Jürgen Straßmann"]),
        ("912345678", ["Inês Gonçalves"]),
        ("+351 912 345 678", ["Inês Gonçalves"]),
        ("2345678", ["Inês Gonçalves", "Jürgen Straßmann"]),
        ("a_b", ["Agnes Meier"]),
        ("%%%", []),
        ("___", []),
        ("a%b", []),
        ("\\", []),
        ("'; --", []),
        ("", []),
        ("   ", []),
        ("\0", []),
        ("K-10", []),
        ("zzzz", []),
    ],
)
def test_what_finds_whom(people: Cast, query: str, found: list[str]) -> None:
    assert names(query) == found


def test_the_exact_comes_before_the_alike(people: Cast) -> None:
    customer(name="Anna Goncalvesson")
    customer(name="Goncalves")
    customer(name="Bert", external_id="goncalves")
    assert names("goncalves") == ["Bert", "Goncalves", "Anna Goncalvesson", "Inês Gonçalves"]
    assert names("goncalves", limit=2) == ["Bert", "Goncalves"]


def test_two_queries_with_companies(people: Cast, query_budget: Any) -> None:
    company = Company.objects.create(external_id="B", name="Bau GmbH")
    for _ in range(5):
        customer(name="Zacharias", company=company)
    with query_budget(2):
        assert [found.company.name for found in search_customers("zacharias")] == ["Bau GmbH"] * 5


def test_another_organization_is_never_found(cast: Cast) -> None:
    with organization_context(cast.organization):
        ines = customer(external_id="K", name="Inês", email="i@mail.example", phone="+351912345678")
        transaction(ines, external_id="ORD-7")
    with organization_context(cast.other):
        for query in ("K", "ORD-7", "i@mail.example", "i@m", "12345678", "Inês", "Innes"):
            assert ids(query) == [], query
        twin = customer(external_id="K", name="Inês", email="i@mail.example", phone="+351912345678")
        transaction(twin, external_id="ORD-7")
        for query in ("K", "ORD-7", "i@mail.example", "i@m", "12345678", "Inês", "Innes"):
            assert ids(query) == [twin.pk], query


def test_without_an_organization_nothing_is_found(cast: Cast) -> None:
    with organization_context(cast.organization):
        customer(external_id="K", name="Inês")
    assert connection.organization_id is None
    assert ids("K") == []
    assert ids("Inês") == []


def ids(query: str) -> list[Any]:
    """The definer function itself, past everything that Python adds."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT crm_search_customers(%s, 50)", [query])
        return [id for (id,) in cursor.fetchall()]


def test_the_function_is_for_the_runtime_role_alone(cast: Cast) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT prosecdef, proconfig, has_function_privilege('public', oid, 'execute') "
            "FROM pg_proc WHERE proname = 'crm_search_customers'"
        )
        definer, config, public = cursor.fetchone()
    assert definer
    assert not public
    assert "search_path=pg_catalog, pg_temp" in config
    assert "plan_cache_mode=force_custom_plan" in config
