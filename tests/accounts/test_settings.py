"""Profile, hours, brand and rates."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client

from accounts.brand import accent_css, contrast
from accounts.models import AuditEntry, ExchangeRate, Organization
from accounts.money.rates import rate_on, set_rate
from accounts.organizations.profile import change_profile
from accounts.tenancy import organization_context
from cem.lib import validators
from tests.cast import Cast

pytestmark = pytest.mark.django_db

SETTINGS = "/o/halden/settings/"
PROFILE = {
    "name": "Halden",
    "time_zone": "Europe/Oslo",
    "locale": "de",
    "minimum_n": "20",
    "accent": "#7A1F5C",
}


@pytest.fixture
def amir(client: Client, cast: Cast) -> Client:
    client.force_login(cast.amir)
    return client


def test_the_profile_is_changed_and_told_to_the_trail(amir: Client, cast: Cast) -> None:
    page = amir.post(f"{SETTINGS}profile/", PROFILE, follow=True).content.decode()
    assert "The profile is saved" in page
    row = Organization.objects.get(pk=cast.organization.pk)
    assert (row.name, row.time_zone, row.locale, row.minimum_n) == ("Halden", "Europe/Oslo", "de", 20)
    with organization_context(row):
        entry = AuditEntry.objects.get(action="organization.changed")
        assert entry.after["minimum_n"] == 20
        assert "currency" not in entry.after


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("time_zone", "Europe/Atlantis"),
        ("minimum_n", "1"),
        ("accent", "#ffd400"),
        ("accent", "red"),
        ("name", ""),
    ],
)
def test_a_wrong_value_changes_nothing(amir: Client, cast: Cast, field: str, value: str) -> None:
    answer = amir.post(f"{SETTINGS}profile/", {**PROFILE, field: value})
    assert answer.status_code == 422
    assert f'id="id_{field}_error"' in answer.content.decode()
    assert Organization.objects.get(pk=cast.organization.pk).name == "Halden Home"


def test_the_currency_cannot_be_slipped_in(amir: Client, cast: Cast) -> None:
    amir.post(f"{SETTINGS}profile/", {**PROFILE, "currency": "USD", "is_active": ""})
    assert Organization.objects.get(pk=cast.organization.pk).currency == "EUR"
    with pytest.raises(ValueError, match="cannot be changed"):
        change_profile(organization=cast.organization, currency="USD")


def test_members_without_the_permission_read_and_do_not_change(client: Client, cast: Cast) -> None:
    client.force_login(cast.vera)
    page = client.get(SETTINGS).content.decode()
    assert "Europe/Lisbon" in page
    assert "Change the profile" not in page
    assert client.post(f"{SETTINGS}profile/", PROFILE).status_code == 403


def test_hours_and_holidays_are_read_as_they_are_written(amir: Client, cast: Cast) -> None:
    sent = {
        "monday": "09:00-12:30, 13:30 – 17:00",
        "sunday": "00:00-24:00",
        "holidays": "2026-12-26 Boxing Day\n2026-12-25 Christmas\n\n",
        "case_high": "2",
        "case_low": "",
    }
    page = amir.post(f"{SETTINGS}hours/", sent, follow=True).content.decode()
    assert "09:00-12:30, 13:30-17:00" in page
    row = Organization.objects.get(pk=cast.organization.pk)
    assert row.case_hours == {"high": 2}, "the others are the product's own"
    assert row.business_hours == {
        "monday": [["09:00", "12:30"], ["13:30", "17:00"]],
        "sunday": [["00:00", "24:00"]],
    }
    assert [one["name"] for one in row.holidays] == ["Christmas", "Boxing Day"]


@pytest.mark.parametrize(
    "sent",
    [
        {"monday": "9-5"},
        {"monday": "17:00-09:00"},
        {"monday": "09:00-12:00, 11:00-14:00"},
        {"monday": "09:00"},
        {"case_high": "0"},
        {"case_low": "9999"},
        {"holidays": "Christmas"},
        {"holidays": "2026-12-25 a\n2026-12-25 b"},
    ],
)
def test_wrong_hours_are_explained(amir: Client, cast: Cast, sent: dict[str, str]) -> None:
    answer = amir.post(f"{SETTINGS}hours/", sent)
    assert answer.status_code == 422
    assert f'id="id_{next(iter(sent))}_error"' in answer.content.decode()


@pytest.mark.parametrize(
    "value", [[], {"mon": []}, {"monday": "09:00"}, {"monday": [["09:00"]]}, {"monday": [[9, 17]]}]
)
def test_business_hours_of_another_shape_are_refused(value: object) -> None:
    with pytest.raises(ValidationError):
        validators.business_hours(value)


@pytest.mark.parametrize("value", [{}, [1], [{"day": "x", "name": "y"}], [{"day": "2026-01-01", "name": 1}]])
def test_holidays_of_another_shape_are_refused(value: object) -> None:
    with pytest.raises(ValidationError):
        validators.holidays(value)


def test_the_accent_is_a_style_sheet_of_its_own(amir: Client, cast: Cast) -> None:
    assert "brand.css" not in amir.get(SETTINGS).content.decode()
    amir.post(f"{SETTINGS}profile/", PROFILE)
    assert "/o/halden/brand.css" in amir.get(SETTINGS).content.decode()
    answer = amir.get("/o/halden/brand.css")
    assert answer.headers["Content-Type"] == "text/css"
    assert "--accent:light-dark(#7a1f5c," in answer.content.decode()


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)  # the well-known near miss
    assert "<" not in accent_css("#12654d")


def test_a_rate_holds_from_its_day_until_the_next(inside: Cast) -> None:
    set_rate(currency="SEK", day=date(2026, 1, 1), rate=Decimal("0.09"))
    set_rate(currency="SEK", day=date(2026, 3, 1), rate=Decimal("0.10"))
    set_rate(currency="SEK", day=date(2026, 3, 1), rate=Decimal("0.095"))  # replaced
    assert rate_on(currency="SEK", day=date(2025, 12, 31)) is None
    assert rate_on(currency="SEK", day=date(2026, 1, 1)) == Decimal("0.09")
    assert rate_on(currency="SEK", day=date(2026, 2, 28)) == Decimal("0.09")
    assert rate_on(currency="SEK", day=date(2026, 3, 1)) == Decimal("0.095")
    assert rate_on(currency="NOK", day=date(2026, 3, 1)) is None


def test_rates_are_each_organizations_own(cast: Cast) -> None:
    with organization_context(cast.organization):
        set_rate(currency="SEK", day=date(2026, 1, 1), rate=Decimal("0.09"))
    with organization_context(cast.other):
        assert rate_on(currency="SEK", day=date(2026, 1, 1)) is None


def test_the_database_refuses_a_rate_of_nothing(inside: Cast) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        ExchangeRate.objects.create(currency="SEK", day=date(2026, 1, 1), rate=0)


def test_the_page_sets_and_removes_rates(amir: Client, cast: Cast) -> None:
    page = amir.get(f"{SETTINGS}rates/").content.decode()
    assert "No rate yet" in page
    page = amir.post(
        f"{SETTINGS}rates/", {"currency": "usd", "day": "2026-01-01", "rate": "0.91"}, follow=True
    ).content.decode()
    assert "USD from 1 Jan 2026: 0.91" in page
    with organization_context(cast.organization):
        row = ExchangeRate.objects.get()
    page = amir.post(f"{SETTINGS}rates/{row.pk}/remove/", follow=True).content.decode()
    assert "is removed" in page
    for data in ({"currency": "EUR"}, {"rate": "0"}, {"currency": "U1D"}, {"day": "soon"}):
        sent = {"currency": "USD", "day": "2026-01-01", "rate": "0.91", **data}
        assert amir.post(f"{SETTINGS}rates/", sent).status_code == 422, data
