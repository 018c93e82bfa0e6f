from django.db import models
from django.utils import timezone

from accounts.tenant import PublicModel, TenantForeignKey

from .privacy import PrivacyRequest


class ErasedIdentity(PublicModel):
    """What somebody who was erased was known by, as a keyed hash: enough to know it again, not to tell what it was.

    Written before the customer goes, so that no import and no request brings them back; removed when somebody
    lifts it.
    """

    class Kind(models.TextChoices):
        EXTERNAL_ID = "external_id", "Id"
        EMAIL = "email", "Email"
        PHONE = "phone", "Phone"

    kind = models.CharField(max_length=12, choices=Kind)
    #: HMAC-SHA256 under the organization's own key (ErasureKey).
    digest = models.BinaryField(max_length=32, editable=False)
    #: The erasure, by which what belongs together is found.
    request = TenantForeignKey(
        PrivacyRequest, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    erased_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = "erased identities"
        constraints = [
            models.UniqueConstraint(fields=["organization", "kind", "digest"], name="accounts_erased_once")
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} erased {self.erased_at:%Y-%m-%d}"


class ErasureKey(PublicModel):
    """The key of an organization's erased identities, itself encrypted with the instance's secret key.

    So a copy of the database alone tells nobody's telephone number by trying them all, and rotating the secret
    key only wraps this one anew.
    """

    secret = models.BinaryField(editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization"], name="accounts_erasurekey_once")]

    def __str__(self) -> str:
        return "key of erased identities"
