"""What every answer carries, and what no request may carry."""

import gzip
import json
import logging
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from accounts.tenancy import organization_context
from tests import factories
from tests.cast import Cast
from tests.dashboards import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def addresses(client: Client, cast: Cast) -> list[str]:
    """A page of each kind: staff, log-in, refused, unknown, API, health."""
    with organization_context(cast.organization):
        home = world.build(customers=2)
    client.force_login(cast.olga)
    return [
        "/healthz",
        "/login/",
        "/nowhere",
        "/o/other/",
        "/o/halden/",
        "/o/halden/customers/",
        f"/o/halden/customers/{home.customer.pk}/",
        "/o/halden/linkage/",
        "/o/halden/surveys/",
        "/o/halden/settings/audit/",
        "/o/halden/settings/privacy/",
        "/api/v1/docs",
        "/api/v1/customers",
        "/s/no-such-survey-token-000000000000000",
    ]


def test_every_page_carries_the_headers(client: Client, addresses: list[str]) -> None:
    for address in addresses:
        headers = client.get(address).headers
        policy = {
            part.split()[0]: part.split()[1:]
            for part in headers["Content-Security-Policy"].split(";")
            if part.strip()
        }
        assert policy["default-src"] == ["'self'"], address
        assert policy["object-src"] == policy["base-uri"] == ["'none'"], address
        assert policy["report-uri"] == ["/csp-report"], address
        for name, values in policy.items():
            assert not {"'unsafe-inline'", "'unsafe-eval'", "*", "http:", "https:"} & set(values), (
                address,
                name,
            )
        assert policy["script-src"] == ["'self'"], address
        assert headers["X-Content-Type-Options"] == "nosniff", address
        assert headers["Referrer-Policy"] in ("same-origin", "no-referrer"), address
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin", address
        assert headers["X-Frame-Options"] == "DENY", address
        assert headers["X-Request-Id"], address


def test_cookies_are_closed_to_scripts_and_other_sites(client: Client, cast: Cast) -> None:
    client.force_login(cast.olga)
    client.get("/o/halden/")
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


def test_an_unknown_host_is_refused(client: Client) -> None:
    assert client.get("/login/", headers={"Host": "evil.example"}).status_code == 400


REPORT = {
    "csp-report": {
        "document-uri": "https://cem.example/o/halden/?token=secret",
        "blocked-uri": "inline",
        "effective-directive": "script-src\nERROR forged line",
        "original-policy": "x" * 500,
    }
}


def send(client: Client, body: bytes | str) -> int:
    return client.post("/csp-report", body, content_type="application/csp-report").status_code


def test_a_report_is_logged_without_what_must_not_be(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, logger="cem.csp"):
        assert send(client, json.dumps(REPORT)) == 204
    (line,) = [one.getMessage() for one in caplog.records if one.name == "cem.csp"]
    assert "https://cem.example/o/halden/" in line
    assert "secret" not in line
    assert "\n" not in line
    assert "xxx" not in line


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"csp-report": 3}', b"\xff\xfe"])
def test_nonsense_is_taken_in_silence(client: Client, caplog: pytest.LogCaptureFixture, body: bytes) -> None:
    assert send(client, body) == 204
    assert not [one for one in caplog.records if one.name == "cem.csp"]


def test_a_large_report_is_refused_unread(client: Client) -> None:
    assert send(client, b"x" * 16_385) == 413


def test_more_reports_than_a_browser_makes_are_dropped(
    client: Client, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    from cem import csp

    monkeypatch.setattr(csp, "MOST_A_MINUTE", 0)
    assert send(client, json.dumps(REPORT)) == 204
    assert not [one for one in caplog.records if one.name == "cem.csp"]


def test_a_body_is_never_inflated(client: Client, cast: Cast) -> None:
    """A small body that would be a large one is refused as it is, so there is no bomb to defuse."""
    bomb = gzip.compress(b'{"external_id": "' + b"x" * 10_000_000 + b'"}')
    assert len(bomb) < 20_000
    key = {"Authorization": f"Bearer {cast.key()}"}

    def send(body: bytes, **headers: str) -> Any:
        named = {**key, **{name.replace("_", "-"): value for name, value in headers.items()}}
        return client.post("/api/v1/customers", body, content_type="application/json", headers=named)

    for packed in ("gzip", "deflate", "br", "GZIP"):
        answer = send(bomb, Content_Encoding=packed)
        assert answer.status_code == 415, packed
        assert "Send it plain" in answer.json()["detail"]
    assert send(bomb).status_code == 400, "nor by looking at what it is"
    assert send(b'{"external_id": "C-1"}', Content_Encoding="identity").status_code == 201


def test_a_body_above_the_limit_is_413(client: Client, cast: Cast) -> None:
    body = b'{"name": "' + b"x" * settings.DATA_UPLOAD_MAX_MEMORY_SIZE + b'"}'
    answer = client.post(
        "/api/v1/customers",
        body,
        content_type="application/json",
        headers={"Authorization": f"Bearer {cast.key()}"},
    )
    assert answer.status_code == 413
    with organization_context(cast.organization):
        assert factories.customer().external_id, "and the organization is as it was"
