"""Where an administrator's address may lead: outside, by https, and nowhere else."""

import socket
import threading
from typing import Any

import pytest

from accounts.sso import fetch
from accounts.sso.refusals import SignOnError
from tests.accounts.sso.oidc_provider import Provider


@pytest.mark.parametrize(
    "url",
    [
        "http://login.example.com/",
        "ftp://login.example.com/",
        "file:///etc/passwd",
        "//login.example.com/",
        "https://user:pass@login.example.com/",
        "https:///path",
        "https://[::1",
        "https://host:99999/",
        "gopher://x",
        "",
    ],
)
def test_only_https_addresses_are_asked(url: str) -> None:
    with pytest.raises(SignOnError, match=r"begins? with https"):
        fetch.get_json(url)


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "10.1.2.3",
        "192.168.0.1",
        "172.16.0.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "localhost",
        "2130706433",
        "0x7f.1",
        "[::1]",
        "[fe80::1]",
        "[fd00::1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:169.254.169.254]",
        "[2002:7f00:1::]",
        "[64:ff9b::7f00:1]",
        "[64:ff9b::a9fe:a9fe]",
    ],
)
def test_nothing_inside_is_asked(host: str) -> None:
    with pytest.raises(SignOnError, match=r"private network|no host called"):
        fetch.get_json(f"https://{host}:8443/")


def test_every_address_of_a_name_has_to_be_public(monkeypatch: pytest.MonkeyPatch) -> None:
    """And the one that was looked at is the one that is connected to."""

    def resolved(*addresses: str) -> Any:
        return lambda *args, **kwargs: [(2, 1, 6, "", (address, 443)) for address in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", resolved("8.8.8.8", "10.0.0.1"))
    with pytest.raises(SignOnError, match="private network"):
        fetch.get_json("https://two-faced.example/")
    seen: list[Any] = []

    def connect(address: Any, timeout: float) -> Any:
        seen.append(address)
        raise ConnectionRefusedError("refused")

    monkeypatch.setattr(socket, "getaddrinfo", resolved("8.8.8.8"))
    monkeypatch.setattr(socket, "create_connection", connect)
    with pytest.raises(SignOnError, match="cannot be reached"):
        fetch.get_json("https://outside.example/")
    assert seen == [("8.8.8.8", 443)]


def test_a_setting_lets_an_installation_reach_its_own_network(provider: Provider) -> None:
    assert fetch.get_json(f"{provider.issuer}/.well-known/openid-configuration")["issuer"] == provider.issuer
    with pytest.raises(SignOnError, match=r"answered 404 at /elsewhere: not_found"):
        fetch.get_json(f"{provider.issuer}/elsewhere")


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        (b"HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/\r\n\r\n", "answered 302"),
        (b"HTTP/1.1 200 OK\r\n\r\n[1, 2]", "no JSON object"),
        (b"HTTP/1.1 200 OK\r\n\r\nnot json", "no JSON object"),
        (b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 1_100_000, "too much"),
        (b"SSH-2.0-OpenSSH\r\n", "cannot be reached"),
        (b"", "cannot be reached"),
    ],
)
def test_strange_answers_are_refused(sent: bytes, message: str, settings: Any) -> None:
    """A redirect above all: it could lead inside."""
    settings.SIGN_ON_PRIVATE_ADDRESSES = True
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            taken, _ = server.accept()
            with taken:
                taken.recv(65_536)
                try:
                    taken.sendall(sent)
                except OSError:
                    return  # the reader had enough

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        with pytest.raises(SignOnError, match=message):
            fetch.get_json(f"http://127.0.0.1:{server.getsockname()[1]}/x")
        thread.join(5)


def test_a_server_without_the_right_certificate_is_not_asked(settings: Any) -> None:
    settings.SIGN_ON_PRIVATE_ADDRESSES = True
    with Provider() as plain, pytest.raises(SignOnError, match="cannot be reached"):
        fetch.get_json(plain.issuer.replace("http://", "https://"))
