"""The mail that carries an invitation."""

from celery import shared_task
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse

from accounts.models import MemberInvitation
from accounts.work.task import OrganizationTask
from cem.lib.mail import ORGANIZATION

from .invitations import MAIL_TASK, fresh_token


@shared_task(name=MAIL_TASK, base=OrganizationTask)
def send_member_invitation(*, invitation: str) -> None:
    """Make the token, keep its hash, mail it. Run twice, the second mail's link is the one that works."""
    found = (
        MemberInvitation.objects.select_related("organization", "invited_by__user")
        .filter(pk=invitation, accepted_at=None, revoked_at=None)
        .first()
    )
    if found is None:
        return  # revoked before it was sent
    address = settings.BASE_URL + reverse("invitation", args=[fresh_token(found)])
    context = {"invitation": found, "address": address}
    mail = EmailMultiAlternatives(
        subject=f"{found.organization.name} invites you to CEM",
        body=render_to_string("accounts/mail/invitation.txt", context),
        to=[found.email],
        headers={ORGANIZATION: str(found.organization_id)},
    )
    mail.attach_alternative(render_to_string("accounts/mail/invitation.html", context), "text/html")
    mail.send()
