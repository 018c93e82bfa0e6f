"""Asking an identity provider: addresses that administrators type, so none of them may lead inside.

Only https and only public addresses, unless SIGN_ON_PRIVATE_ADDRESSES allows otherwise. The address that was
checked is the one that is connected to, so that a name cannot change its mind in between; redirects are not
followed; answers are bounded in size and time.
"""

import http.client
import json
import socket
import ssl
import time
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Any
from urllib.parse import SplitResult, urlencode, urlsplit

from django.conf import settings

from .refusals import SignOnError

TIMEOUT = 5.0
DEADLINE = 10.0
LARGEST = 1_000_000
_NAT64 = IPv6Network("64:ff9b::/96")


def check_url(url: str) -> SplitResult:
    """The parts of an address that may be asked. Raises SignOnError."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise SignOnError(f"{url[:200]} is no address. It begins with https://.") from None
    allowed = ("https", "http") if settings.SIGN_ON_PRIVATE_ADDRESSES else ("https",)
    if parts.scheme not in allowed or not parts.hostname or parts.username or port == 0:
        raise SignOnError(f"{url[:200]} cannot be asked: the address has to begin with https://.")
    return parts


def get_text(url: str) -> str:
    return _ask("GET", url, {}, None).decode("utf-8", "replace")


def get_json(url: str, *, bearer: str = "") -> dict[str, Any]:
    headers = {"Accept": "application/json"}
    if bearer:
        headers["Authorization"] = f"Bearer {bearer}"
    return _object(url, _ask("GET", url, headers, None))


def post_form(url: str, fields: dict[str, str], *, authorization: str = "") -> dict[str, Any]:
    headers = {"Accept": "application/json", "Content-Type": "application/x-www-form-urlencoded"}
    if authorization:
        headers["Authorization"] = authorization
    return _object(url, _ask("POST", url, headers, urlencode(fields).encode()))


def _object(url: str, body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise SignOnError(f"{_host(url)} answered something that is no JSON object.")
    return found


def _host(url: str) -> str:
    return urlsplit(url).hostname or url[:80]


def _ask(method: str, url: str, headers: dict[str, str], body: bytes | None) -> bytes:
    parts = check_url(url)
    host = str(parts.hostname)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    connection = _Pinned(host, port, parts.scheme == "https")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        connection.request(method, path, body, {"User-Agent": "CEM", "Connection": "close", **headers})
        answer = connection.getresponse()
        content = _read(answer, host)
    except (OSError, http.client.HTTPException) as error:
        raise SignOnError(f"{host} cannot be reached: {error or type(error).__name__}.") from error
    finally:
        connection.close()
    if answer.status != 200:
        raise SignOnError(f"{host} answered {answer.status} at {parts.path or '/'}{_why(content)}.")
    return content


def _read(answer: http.client.HTTPResponse, host: str) -> bytes:
    end, found = time.monotonic() + DEADLINE, b""
    while chunk := answer.read1(65_536):
        found += chunk
        if len(found) > LARGEST or time.monotonic() > end:
            raise SignOnError(f"{host} sent too much, or too slowly.")
    return found


def _why(content: bytes) -> str:
    """What OAuth says about a failure; anything else a provider writes is not repeated."""
    try:
        found = json.loads(content)
        words = found.get("error_description") or found.get("error")
    except (ValueError, AttributeError):
        return ""
    return f": {str(words)[:200]}" if words else ""


class _Pinned(http.client.HTTPConnection):
    """Connects to the address that was checked, and verifies the certificate for the name that was asked for."""

    def __init__(self, host: str, port: int, encrypted: bool) -> None:
        super().__init__(host, port, timeout=TIMEOUT)
        self.encrypted = encrypted

    def connect(self) -> None:
        self.sock = socket.create_connection((public_address(self.host, self.port), self.port), TIMEOUT)
        if self.encrypted:
            self.sock = ssl.create_default_context().wrap_socket(self.sock, server_hostname=self.host)


def public_address(host: str, port: int) -> str:
    """The address to connect to. Every address of the name has to be public, not just the first."""
    try:
        found = [str(info[4][0]) for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    except (OSError, UnicodeError):
        raise SignOnError(f"There is no host called {host}. Check the address.") from None
    for address in found:
        if not settings.SIGN_ON_PRIVATE_ADDRESSES and not _is_public(address):
            raise SignOnError(f"{host} leads into a private network, where nothing is asked.")
    return found[0]


def _is_public(address: str) -> bool:
    found = ip_address(address.partition("%")[0])
    if isinstance(found, IPv6Address):
        # An address of IPv4 in other clothes is judged by what it leads to.
        translated = IPv4Address(int(found) & 0xFFFF_FFFF) if found in _NAT64 else None
        found = found.ipv4_mapped or found.sixtofour or translated or found
    return found.is_global and not found.is_multicast
