from zoneinfo import ZoneInfo

from django.core.validators import MinValueValidator
from django.db import models

from cem.lib import validators
from cem.lib.ids import uuid7


class Locale(models.TextChoices):
    ENGLISH = "en", "English"
    GERMAN = "de", "Deutsch"


class CasePriority(models.TextChoices):
    HIGH = "high", "High"
    NORMAL = "normal", "Normal"
    LOW = "low", "Low"


class Suspension(models.TextChoices):
    """Who made an organization rest, and so who can wake it."""

    OWNER = "owner", "Paused by an owner"
    OPERATOR = "operator", "Suspended by the operator"
    ERASURE = "erasure", "Being erased"


class Organization(models.Model):
    """A tenant. The table is global: rows are found by slug before any organization is entered."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=120)
    slug = models.SlugField(max_length=60, unique=True)
    time_zone = models.CharField(max_length=64, default="UTC", validators=[validators.time_zone])
    currency = models.CharField(max_length=3, default="EUR", validators=[validators.currency_code])
    minimum_n = models.PositiveIntegerField(
        default=10, validators=[MinValueValidator(2)], help_text="Fewer answers than this show no figure."
    )
    locale = models.CharField(
        max_length=12, choices=Locale, default=Locale.ENGLISH, help_text="The language that pages start in."
    )
    #: Weekday → list of [from, until] in the organization's zone. Empty: always open.
    business_hours = models.JSONField(default=dict, blank=True, validators=[validators.business_hours])
    holidays = models.JSONField(default=list, blank=True, validators=[validators.holidays])
    #: Priority → hours until a case is due, counted in business hours. One that is left out has the product's own.
    case_hours = models.JSONField(default=dict, blank=True, validators=[validators.case_hours])
    #: `#rrggbb`, or empty for the product's own. Contrast is checked where it is chosen (accounts/brand.py).
    accent = models.CharField(max_length=7, blank=True, validators=[validators.hex_colour])
    #: Members without a second step of log-in are led to set one up before they see anything.
    second_step_required = models.BooleanField(default=False)
    #: People with an address of a proven domain come in through their own provider alone (accounts/sso).
    sign_on_required = models.BooleanField(default=False, db_default=False, editable=False)
    #: False: suspended, or being set up. Its keys and links rest, its tasks wait and its members see one quiet page.
    is_active = models.BooleanField(default=True)
    suspended_by = models.CharField(max_length=8, choices=Suspension, blank=True, editable=False)
    suspended_at = models.DateTimeField(null=True, blank=True, editable=False)
    suspension_reason = models.CharField(max_length=300, blank=True, editable=False)
    #: When everything is erased. Until then an owner can change their mind.
    delete_at = models.DateTimeField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(is_active=False) | models.Q(suspended_by=""),
                name="accounts_organization_suspended",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def tz(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)
