"""How to get into a seeded organization, as lines to print."""

from django.conf import settings

from accounts.models import Membership, Organization
from accounts.tenancy import organization_context
from feedback.links import token_hash
from feedback.models import Invitation, SurveyLink

from . import secret_files
from .cast import CAST, OUTSIDER, email_of


def lines(organization: Organization) -> list[str]:
    """Log-ins of the seeded people who are still members, an API key, survey links."""
    password = secret_files.password()
    seeded = {email_of(one, organization.slug) for one in (*CAST, *OUTSIDER)}
    members = Membership.objects.filter(organization=organization, user__email__in=seeded)
    found = [f"{organization.name}  {settings.BASE_URL}/o/{organization.slug}/"]
    found += [
        f"  log in as {member.user.email:34} {member.role:8} password {password}"
        for member in members.select_related("user").order_by("created_at", "id")
    ]
    with organization_context(organization):
        found.append(f"  API key              {secret_files.api_key(organization.slug)}")
        link = SurveyLink.objects.filter(is_open=True).order_by("created_at").first()
        if link is not None:
            found.append(f"  public survey        {settings.BASE_URL}/s/{link.token}")
        token = secret_files.personal_token(organization.pk)
        if Invitation.objects.filter(hash=token_hash(token)).exists():
            found.append(f"  personal survey      {settings.BASE_URL}/s/{token}")
    return found
