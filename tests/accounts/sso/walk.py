"""Walking through a log-in with Django's client, as a browser would."""

import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.test import Client

from accounts.models import AuditEntry, Organization, SignOnConnection
from accounts.tenancy import organization_context
from tests.accounts.sso.idp import Answer
from tests.accounts.sso.oidc_provider import Provider


def query_of(address: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


def local(address: str) -> str:
    parts = urlsplit(address)
    return parts.path + (f"?{parts.query}" if parts.query else "")


def oidc(client: Client, connection: SignOnConnection, provider: Provider, next: str = "") -> Any:
    """All the way; gives what the callback answers."""
    return client.get(local(to_oidc(client, connection, provider, next)))


def to_oidc(client: Client, connection: SignOnConnection, provider: Provider, next: str = "") -> str:
    """To the provider and back, up to the address of the callback."""
    answer = client.get(f"/login/sso/{connection.pk}/go/", {"next": next} if next else {})
    assert answer.status_code == 302, answer.content.decode()
    assert answer.headers["Location"].startswith(f"{provider.issuer}/authorize?"), answer.headers["Location"]
    return provider.authorize(query_of(answer.headers["Location"]))


def saml_request(client: Client, connection: SignOnConnection, next: str = "") -> str:
    """The id of the request that the provider is sent."""
    import base64
    import zlib

    answer = client.get(f"/login/sso/{connection.pk}/go/", {"next": next} if next else {})
    assert answer.headers["Location"].startswith(connection.idp_url), answer.content.decode()
    packed = base64.b64decode(query_of(answer.headers["Location"])["SAMLRequest"])
    found = re.search(rb'\bID="([^"]+)"', zlib.decompress(packed, -15))
    assert found
    return found[1].decode()


def post(connection: SignOnConnection, encoded: str) -> Any:
    """What the provider's page posts: from another site, so without any cookie of ours."""
    return Client(enforce_csrf_checks=True).post(
        f"/login/sso/{connection.pk}/acs/", {"SAMLResponse": encoded}
    )


def saml(client: Client, connection: SignOnConnection, **fields: Any) -> Any:
    """All the way; gives the last answer, be it of our ACS or of the page after it."""
    next = fields.pop("next", "")
    request_id = saml_request(client, connection, next)
    answer = post(connection, Answer(connection=connection, **{"request_id": request_id} | fields).encoded())
    return client.get(answer.headers["Location"]) if answer.status_code == 303 else answer


def is_in(client: Client, slug: str = "halden") -> bool:
    return client.get(f"/o/{slug}/settings/").status_code == 200


def trail(organization: Organization, action: str) -> list[AuditEntry]:
    with organization_context(organization):
        return list(AuditEntry.objects.filter(action=action).order_by("id"))
