"""EMAIL_URL, read as Django's mail settings."""

import pytest

from cem.lib.env import ImproperEnvironment, mail_from_url


def test_without_a_server_mails_become_files() -> None:
    found = mail_from_url("", "/var/mail-of-ours")
    assert found["EMAIL_BACKEND"].endswith("FolderBackend")
    assert found["EMAIL_FILE_PATH"] == "/var/mail-of-ours"


def test_a_server_with_a_log_in() -> None:
    found = mail_from_url("smtp://me%40here:p%2Fw@mail.example:2525", "")
    assert (found["EMAIL_HOST"], found["EMAIL_PORT"]) == ("mail.example", 2525)
    assert (found["EMAIL_HOST_USER"], found["EMAIL_HOST_PASSWORD"]) == ("me@here", "p/w")
    assert (found["EMAIL_USE_TLS"], found["EMAIL_USE_SSL"]) == (True, False)


def test_ports_and_encryption_have_defaults() -> None:
    assert mail_from_url("smtps://mail.example", "")["EMAIL_PORT"] == 465
    assert mail_from_url("smtps://mail.example", "")["EMAIL_USE_SSL"]
    assert mail_from_url("smtp://mail.example", "")["EMAIL_PORT"] == 587
    assert not mail_from_url("smtp://mail.example?tls=0", "")["EMAIL_USE_TLS"]


@pytest.mark.parametrize("url", ["mail.example", "http://mail.example", "smtp://"])
def test_anything_else_stops_the_start_with_one_line(url: str) -> None:
    with pytest.raises(ImproperEnvironment, match="EMAIL_URL must look like"):
        mail_from_url(url, "")
