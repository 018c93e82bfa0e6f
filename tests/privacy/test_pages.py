"""From the customer's page to the receipt."""

from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from accounts.models import AuditEntry, OutboxEntry, PrivacyRequest
from accounts.privacy import services
from accounts.privacy.work import privacy_request
from accounts.tenancy import organization_context
from crm.models import Customer
from tests.cast import Cast

from .world import Home

pytestmark = pytest.mark.django_db(transaction=True)


def work_off() -> None:
    for entry in OutboxEntry.objects.filter(task="accounts.privacy_request"):
        privacy_request(organization_id=str(entry.organization_id), outbox_id=entry.pk, **entry.arguments)


def test_erasing_takes_the_customers_own_id(client: Client, cast: Cast, homes: tuple[Home, Home]) -> None:
    mine, _ = homes
    client.force_login(cast.amir)
    view = f"/o/halden/customers/{mine.customer.pk}/"
    assert f"{view}erase/" in client.get(view).content.decode()
    page = client.get(f"{view}erase/").content.decode()
    assert "Lines in stored frames of studies" in page
    wrong = client.post(f"{view}erase/", {"confirm": "K-78"})
    assert wrong.status_code == 422
    assert "Nothing was erased" in wrong.content.decode()
    assert not OutboxEntry.objects.filter(task="accounts.privacy_request").exists()

    request = client.post(f"{view}erase/", {"confirm": "K-77"}).headers["Location"]
    assert "Waiting for a worker" in client.get(request).content.decode()
    assert "HX-Refresh" not in client.get(f"{request}progress/").headers
    work_off()
    assert client.get(f"{request}progress/").headers["HX-Refresh"] == "true"
    page = client.get(request).content.decode()
    assert "Receipt" in page
    assert "Marta" not in page
    assert "Erasure 1" in client.get("/o/halden/settings/privacy/").content.decode()
    assert client.get(view).status_code == 404
    with organization_context(cast.organization):
        assert not Customer.objects.filter(pk=mine.customer.pk).exists()
        assert AuditEntry.objects.get(action="customer.erased").actor_name == "Amir", "who asked for it"
        assert AuditEntry.objects.get(action="privacy.requested").after == {"kind": "erase"}


def test_an_agent_sees_no_button_and_may_not(client: Client, cast: Cast, homes: tuple[Home, Home]) -> None:
    mine, _ = homes
    client.force_login(cast.greta)
    view = f"/o/halden/customers/{mine.customer.pk}/"
    assert "erase/" not in client.get(view).content.decode()
    assert client.post(f"{view}erase/", {"confirm": "K-77"}).status_code == 403
    with organization_context(cast.organization):
        assert AuditEntry.objects.filter(action="access.denied", actor_name="Greta").exists()


def test_the_download_link_expires_and_each_download_is_recorded(
    client: Client, cast: Cast, homes: tuple[Home, Home], monkeypatch: pytest.MonkeyPatch
) -> None:
    mine, _ = homes
    client.force_login(cast.amir)
    request = client.post(f"/o/halden/customers/{mine.customer.pk}/export/").headers["Location"]
    work_off()
    page = client.get(request).content.decode()
    link = page.split(f'href="{request}file/')[1].split('"')[0].replace("&amp;", "&")
    address = f"{request}file/{link}"
    answer = client.get(address)
    assert answer.headers["Content-Disposition"] == 'attachment; filename="customer-export-1.zip"'
    assert b"".join(answer.streaming_content).startswith(b"PK")  # type: ignore[attr-defined]
    answer.close()
    with organization_context(cast.organization):
        assert AuditEntry.objects.get(action="privacy.downloaded").actor_name == "Amir"

    assert client.get(f"{request}file/").headers["Location"] == request, "without a token"
    assert client.get(f"{request}file/?token=guess").headers["Location"] == request
    with organization_context(cast.organization):
        second = services.ask(kind="export", customer=mine.other)
    foreign = services.download_token(second)
    assert client.get(f"{request}file/?token={foreign}").headers["Location"] == request, (
        "another export's token"
    )
    monkeypatch.setattr(services, "LINK_SECONDS", -1)
    assert "This link has expired" in client.get(address, follow=True).content.decode()
    monkeypatch.undo()
    with organization_context(cast.organization):
        (Path(settings.MEDIA_ROOT) / PrivacyRequest.objects.exclude(file_path="").get().file_path).unlink()
    assert client.get(address).headers["Location"] == request, "the file is gone"
