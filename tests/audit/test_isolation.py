"""Two organizations with equal-looking data: the other one's ids lead nowhere and leave nothing behind."""

import json
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.apps import apps
from django.test import Client

from accounts.audit.selectors import Wanted, page
from accounts.models import AuditEntry, Organization, OutboxEntry, PrivacyRequest
from accounts.tenancy import NoOrganization, organization_context
from accounts.tenant import TenantModel
from crm.imports.run import import_file
from crm.models import Customer
from crm.search import search_customers
from crm.timeline import timeline
from feedback.tasks import after_response
from tests.cast import Cast
from tests.privacy import world
from tests.privacy.world import Home

pytestmark = pytest.mark.django_db


@pytest.fixture
def homes(cast: Cast, settings: Any, tmp_path: Path) -> tuple[Home, Home]:
    settings.VAR_DIR = tmp_path
    settings.MEDIA_ROOT = tmp_path / "files"
    return world.build(cast.organization), world.build(cast.other)


def rows(home: Home) -> dict[str, list[Any]]:
    return everything_of(home.organization)


def everything_of(organization: Organization) -> dict[str, list[Any]]:
    """Every tenant row of an organization."""
    found = {}
    with organization_context(organization):
        for model in apps.get_models():
            if issubclass(model, TenantModel):
                found[model._meta.label] = sorted(repr(plain(one)) for one in model.objects.values())
    return found


def plain(row: dict[str, Any]) -> dict[str, Any]:
    """With bytes in place of views of them, which compare by where they lie."""
    return {name: bytes(value) if isinstance(value, memoryview) else value for name, value in row.items()}


def staff_addresses(theirs: Home) -> list[tuple[str, str]]:
    pk, run, study = theirs.customer.pk, theirs.run.pk, theirs.run.study_id
    return [
        ("get", f"customers/{pk}/"),
        ("get", f"customers/{pk}/timeline/"),
        ("get", f"customers/{pk}/erase/"),
        ("post", f"customers/{pk}/erase/"),
        ("post", f"customers/{pk}/export/"),
        ("get", f"linkage/{study}/"),
        ("post", f"linkage/{study}/run/"),
        ("get", f"linkage/runs/{run}/"),
        ("get", f"linkage/runs/{run}/progress/"),
        ("post", f"linkage/runs/{run}/cancel/"),
    ]


def test_their_ids_in_my_pages_are_404_and_change_nothing_anywhere(
    client: Client, cast: Cast, homes: tuple[Home, Home]
) -> None:
    mine, theirs = homes
    before = rows(theirs), rows(mine)
    client.force_login(cast.olga)
    for method, place in staff_addresses(theirs):
        answer = getattr(client, method)(f"/o/halden/{place}", {"confirm": "K-77"})
        assert answer.status_code == 404, place
        assert b"Marta" not in answer.content
    assert (rows(theirs), rows(mine)) == before, "no row, no entry of the audit trail, nothing"


def test_my_session_in_their_address_is_404_and_changes_nothing(
    client: Client, cast: Cast, homes: tuple[Home, Home]
) -> None:
    _, theirs = homes
    before = rows(theirs)
    client.force_login(cast.olga)
    for method, place in staff_addresses(theirs):
        assert getattr(client, method)(f"/o/other/{place}").status_code == 404, place
    assert rows(theirs) == before, "not even a denial: their trail is not ours to fill"


def test_their_ids_with_my_key(client: Client, cast: Cast, homes: tuple[Home, Home]) -> None:
    mine, theirs = homes
    headers = {"Authorization": f"Bearer {cast.key()}"}
    before = rows(theirs)
    pk, run, study = theirs.customer.pk, theirs.run.pk, theirs.run.study_id

    def send(method: str, path: str, body: Any = None) -> Any:
        content = json.dumps(body) if body is not None else ""
        return client.generic(method, f"/api/v1{path}", content, "application/json", headers=headers)

    for path in (f"/customers/{pk}", f"/studies/{study}", f"/studies/{study}/runs", f"/runs/{run}"):
        assert send("GET", path).status_code == 404, path
    assert send("PATCH", f"/customers/{pk}", {"name": "Taken"}).status_code == 404
    assert send("POST", f"/studies/{study}/runs", {}).status_code == 404
    order = {"external_id": "T-x", "customer": str(pk), "occurred_at": "2026-11-01T12:00:00Z"}
    order |= {"amount": "1.00", "currency": "EUR"}
    assert send("POST", "/transactions", order).status_code == 422, "a reference to nobody here"
    for path in (f"/transactions?customer={pk}", f"/responses?customer={pk}", f"/audit?customer={pk}"):
        assert send("GET", path).json()["data"] == [], path
    seen = send("GET", "/audit?limit=200").json()["data"]
    with organization_context(mine.organization):
        own = {str(pk) for pk in AuditEntry.objects.values_list("pk", flat=True)}
    assert {one["id"] for one in seen} <= own
    assert rows(theirs) == before


def test_search_timeline_and_trail_stay_inside(homes: tuple[Home, Home]) -> None:
    mine, theirs = homes
    with organization_context(mine.organization):
        for query in ("Marta Figueira", "marta@mail.example", "+351912345482", "K-77"):
            assert {one.organization_id for one in search_customers(query)} == {mine.organization.pk}
        assert timeline(theirs.customer.pk).entries == []
        assert page(Wanted(subject=theirs.customer.pk)) == ([], None)
        assert page(Wanted(text=str(theirs.customer.pk))) == ([], None)


def test_an_import_reaches_nobody_of_the_other_organization(
    cast: Cast, homes: tuple[Home, Home], tmp_path: Path
) -> None:
    mine, theirs = homes
    before = rows(theirs)
    path = tmp_path / "customers.csv"
    path.write_text("id,name\nK-77,Renamed by mine\n")
    mapping = {"columns": {"external_id": "id", "name": "name"}}
    import_file(kind="customers", path=path, organization=mine.organization, mapping=mapping)
    with organization_context(mine.organization):
        assert Customer.objects.get(external_id="K-77").name == "Renamed by mine"
        entry = AuditEntry.objects.get(action="import.finished")
        assert entry.after["updated"] == 1
        assert entry.actor_kind == "system"
    assert rows(theirs) == before


def test_tasks_with_the_other_organizations_ids_find_nothing(homes: tuple[Home, Home]) -> None:
    mine, theirs = homes
    before = rows(theirs)
    with organization_context(theirs.organization):
        response = str(theirs.customer.responses.first().pk)
    after_response(organization_id=str(mine.organization.pk), response_id=response)
    assert rows(theirs) == before
    with organization_context(mine.organization):
        assert not AuditEntry.objects.filter(action="case.opened").exists()


def test_a_task_without_an_organization_is_refused(homes: tuple[Home, Home]) -> None:
    from accounts.privacy.retention import keep_periods
    from accounts.privacy.work import privacy_request

    for task in (privacy_request, keep_periods, after_response):
        with pytest.raises(NoOrganization):
            task.apply_async(kwargs={"request": "x"})
        with pytest.raises(NoOrganization):
            task(request="x")


def test_a_global_task_sees_no_tenant_row(homes: tuple[Home, Home]) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        for model in apps.get_models():
            if issubclass(model, TenantModel):
                cursor.execute(f"SELECT count(*) FROM {model._meta.db_table}")
                assert cursor.fetchone()[0] == 0, model._meta.label


def test_a_download_link_of_the_other_organization_opens_nothing(
    client: Client, cast: Cast, homes: tuple[Home, Home]
) -> None:
    from accounts.privacy.services import ask, download_token

    _, theirs = homes
    links: dict[UUID, str] = {}
    for home in homes:
        with organization_context(home.organization):
            row = ask(kind=PrivacyRequest.Kind.EXPORT, customer=home.customer)
            links[home.organization.pk] = f"settings/privacy/{row.pk}/file/?token={download_token(row)}"
    client.force_login(cast.olga)
    assert client.get(f"/o/halden/{links[theirs.organization.pk]}").status_code == 404
    assert client.get(f"/o/other/{links[theirs.organization.pk]}").status_code == 404
    assert OutboxEntry.objects.filter(task="accounts.privacy_request").count() == 2
