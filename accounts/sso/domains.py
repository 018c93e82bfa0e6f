"""Domains: claimed by anybody, captured by whoever can change their DNS."""

import re
import secrets

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.audit.record import record
from accounts.models import SignOnDomain
from accounts.refusal import Refused

from .capture import ascii_domain
from .dns import txt_records

_NAME = re.compile(r"^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$")
MOST = 50


@transaction.atomic
def claim(*, name: str) -> SignOnDomain:
    """Note a domain and the record that would prove it. Raises Refused for what is no domain, or is noted."""
    found = ascii_domain(name.strip().rpartition("@")[2])
    if not _NAME.match(found):
        raise Refused(f"{name.strip()[:80]!r} is no domain. Write it as it stands after the @: example.com.")
    if SignOnDomain.objects.filter(name=found).exists():
        raise Refused(f"{found} is in the list already. Set its record, then check it.")
    if SignOnDomain.objects.count() >= MOST:
        raise Refused(f"There are {MOST} domains already. Release one that is not needed any more.")
    domain = SignOnDomain.objects.create(name=found, token=secrets.token_urlsafe(24))
    record("sign_on.domain_claimed", target=domain, after={"domain": found})
    return domain


@transaction.atomic
def check(*, domain: SignOnDomain) -> bool:
    """Ask DNS now. True when the record is there: from then on the domain captures log-ins.

    Raises Refused when another organization has proven it, SignOnError when DNS does not answer. A domain that was
    proven and whose record is gone stays proven until it is released: removing a record by mistake must not lock
    a company out.
    """
    found = domain.record_value in {text.strip() for text in txt_records(domain.record_name)}
    now = timezone.now()
    row = SignOnDomain.objects.select_for_update().get(pk=domain.pk)
    row.checked_at = now
    newly = found and row.proven_at is None
    if newly:
        row.proven_at = now
    try:
        with transaction.atomic():
            row.save(update_fields=["checked_at", "proven_at"])
    except IntegrityError:
        raise Refused(
            f"Another organization of this installation has proven {row.name}. Ask it to release the domain, or ask "
            "the operator."
        ) from None
    if newly:
        record("sign_on.domain_proven", target=row, after={"domain": row.name})
    return found


@transaction.atomic
def release(*, domain: SignOnDomain) -> None:
    """Its people log in with passwords again, and another organization may prove it."""
    record(
        "sign_on.domain_released", target=domain, before={"domain": domain.name, "proven": domain.is_proven}
    )
    domain.delete()
