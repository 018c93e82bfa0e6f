"""What counts as a contact inside free text, and what must be left to read."""

import time

import pytest

from accounts.privacy.detector import is_contact, mask_text


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("Call me at 912 345 482 or ana.sousa@mail.example.", "Call me at ••• or •••."),
        ("+351 (912) 345-482", "•••"),
        ("00351912345482", "•••"),
        ("my number:912345482!", "my number:•••!"),
        ("ana (at) mail (dot) example", "•••"),
        ("ana[at]mail.example", "•••"),
        ("（ana＠mail.example）", "（•••）"),
        ("ü.straße@exämple.de", "•••"),
        ("٠٩١٢٣٤٥٤٨٢", "•••"),
        ("IBAN PT50 0002 0123 1234 5678 9015 4", "IBAN PT50 •••"),
        ("", ""),
    ],
)
def test_contacts_are_hidden(text: str, seen: str) -> None:
    assert mask_text(text) == seen


@pytest.mark.parametrize(
    "text",
    [
        "NPS 9 of 10, waited 400 s, 3 times in 2026",
        "Order of 2026-11-01 12:00:05",
        "On 1.11.2026 I paid 1.234,50",
        "ORD1234567 never came",
        "Delivered order 100123456, ticket #100123457",
        "01925678-1234-7890-8123-456789012345",
        "We meet @ noon",
        "Mail me",
    ],
)
def test_the_rest_stays(text: str) -> None:
    assert mask_text(text) == text


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("Ana Gonçalves rang", "••• ••• rang"),
        ("GONCALVES's chair", "••• chair"),
        ("an analysis for the Gonçalveses", "an analysis for the Gonçalveses"),
        ("Zoë", "Zoë"),
    ],
)
def test_a_known_name_is_hidden_however_it_is_written(text: str, seen: str) -> None:
    assert mask_text(text, ["Ana Gonçalves", "Jo"]) == seen


def test_an_id_is_a_contact_only_where_it_is_one() -> None:
    assert [is_contact(one) for one in ("C-1001", "100234567", "a@b.example", "+351912345482", "")] == [
        *(False, False, True, True, False)
    ]


@pytest.mark.parametrize(
    "text", ["a" * 40_000 + "@", "1 " * 40_000, "a@" * 20_000, "a." * 20_000 + "@x", "(at)" * 10_000]
)
def test_no_text_takes_long(text: str) -> None:
    """A pattern that backtracks would take minutes for these."""
    began = time.process_time()
    mask_text(text, ["Ana Sousa"])
    assert time.process_time() - began < 5
