"""`manage.py sign_on list|optional`: the operator's way in for an organization whose provider locked everybody out."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import Organization, SignOnConnection, SignOnDomain
from accounts.sso.requirement import set_required
from accounts.tenancy import organization_context


class Command(BaseCommand):
    help = "See how organizations use single sign-on, and stop one from requiring it."

    def add_arguments(self, parser: CommandParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True)
        acts.add_parser("list", help="every organization that has a connection or a domain")
        stop = acts.add_parser("optional", help="let its people log in with passwords again")
        stop.add_argument("slug", metavar="SLUG")

    def handle(self, *args: Any, **options: Any) -> None:
        getattr(self, f"act_{options['act']}")(options)

    def act_list(self, options: dict[str, Any]) -> None:
        for one in Organization.objects.order_by("slug"):
            with organization_context(one):
                used = SignOnConnection.objects.filter(is_enabled=True).first()
                names = [domain.name for domain in SignOnDomain.objects.filter(proven_at__isnull=False)]
            if used is None and not names:
                continue
            how = f"{used.name} ({used.get_protocol_display()})" if used else "no connection in use"
            word = "required" if one.sign_on_required else "optional"
            self.stdout.write(f"{one.slug}: {how}, {word}; {', '.join(names) or 'no proven domain'}")

    def act_optional(self, options: dict[str, Any]) -> None:
        row = Organization.objects.filter(slug=options["slug"]).first()
        if row is None:
            raise CommandError(
                f"There is no organization {options['slug']!r}; `manage.py sign_on list` lists them."
            )
        with organization_context(row):
            set_required(organization=row, required=False)
        self.stdout.write(
            f"{row.name} does not require single sign-on any more: its people can log in with a password, or reset one."
        )
