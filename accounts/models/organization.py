from zoneinfo import ZoneInfo

from django.core.validators import MinValueValidator
from django.db import models

from cem.lib import validators
from cem.lib.ids import uuid7


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
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def tz(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)
