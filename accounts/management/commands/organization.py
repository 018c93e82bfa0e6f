"""`manage.py organization list|suspend|resume|receipts`: what the operator of an installation may do."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import ErasureReceipt, Organization, Suspension
from accounts.organizations.suspension import resume, state, suspend
from accounts.refusal import Refused


class Command(BaseCommand):
    help = "Suspend and resume organizations. Nothing of a suspended one is lost; its tasks wait."

    def add_arguments(self, parser: CommandParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True)
        acts.add_parser("list", help="every organization and its state")
        acts.add_parser("receipts", help="organizations that were erased, and how much of them there was")
        stop = acts.add_parser("suspend", help="close it to everybody until it is resumed")
        stop.add_argument("slug", metavar="SLUG")
        stop.add_argument("--reason", required=True, help="what its members read")
        go = acts.add_parser("resume", help="open it again; what was owed goes on")
        go.add_argument("slug", metavar="SLUG")

    def handle(self, *args: Any, **options: Any) -> None:
        getattr(self, f"act_{options['act']}")(options)

    def act_list(self, options: dict[str, Any]) -> None:
        for one in Organization.objects.order_by("slug"):
            due = f"; erased on {one.delete_at:%-d %b %Y}" if one.delete_at else ""
            self.stdout.write(f"{one.slug}: {state(one)}{due}")

    def act_receipts(self, options: dict[str, Any]) -> None:
        for one in ErasureReceipt.objects.order_by("erased_at"):
            total = sum(one.removed.values())
            self.stdout.write(f"{one.organization}: {total:,} removed on {one.erased_at:%Y-%m-%d %H:%M} UTC")

    def act_suspend(self, options: dict[str, Any]) -> None:
        row = self._do(suspend, options, by=Suspension.OPERATOR, reason=options["reason"])
        self.stdout.write(
            f"{row.name} is suspended. `manage.py organization resume {row.slug}` opens it again."
        )

    def act_resume(self, options: dict[str, Any]) -> None:
        row = self._do(resume, options, by=Suspension.OPERATOR)
        self.stdout.write(f"{row.name} is open again; what it owed goes on.")

    def _do(self, work: Any, options: dict[str, Any], **fields: Any) -> Organization:
        organization = Organization.objects.filter(slug=options["slug"]).first()
        if organization is None:
            known = ", ".join(Organization.objects.values_list("slug", flat=True)[:20]) or "none yet"
            raise CommandError(f"There is no organization {options['slug']!r}; there is: {known}.")
        try:
            row: Organization = work(organization=organization, **fields)
        except Refused as refused:
            raise CommandError(str(refused)) from None
        return row
