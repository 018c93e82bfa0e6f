"""The organization's profile, invitations to join, exchange rates and kinds of API key.

`accounts_resolve_invitation` is a way past row-level security, so it is small: a hash in, an organization id out.
"""

from decimal import Decimal

import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
from django.db import migrations, models

import cem.lib.db.constraints
import cem.lib.ids
import cem.lib.validators

RESOLVE_INVITATION = """
CREATE FUNCTION accounts_resolve_invitation(digest bytea) RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT i.organization_id
      FROM public.accounts_memberinvitation i
      JOIN public.accounts_organization o ON o.id = i.organization_id
     WHERE i.hash = digest AND i.accepted_at IS NULL AND i.revoked_at IS NULL AND i.expires_at > now()
       AND o.is_active
$$
"""

ROLES = [
    ("owner", "Owner"),
    ("admin", "Administrator"),
    ("manager", "Manager"),
    ("analyst", "Analyst"),
    ("agent", "Agent"),
    ("viewer", "Viewer"),
]


def public_id() -> models.UUIDField:
    return models.UUIDField(default=cem.lib.ids.uuid7, editable=False, primary_key=True, serialize=False)


def organization() -> models.ForeignKey:
    return models.ForeignKey(
        db_index=False,
        editable=False,
        on_delete=django.db.models.deletion.CASCADE,
        related_name="+",
        to="accounts.organization",
    )


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_functions")]

    operations = [
        migrations.CreateModel(
            name="ExchangeRate",
            fields=[
                ("organization", organization()),
                ("id", public_id()),
                (
                    "currency",
                    models.CharField(
                        max_length=3,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[A-Z]{3}$", "Use an ISO 4217 code, such as EUR."
                            )
                        ],
                    ),
                ),
                ("day", models.DateField()),
                (
                    "rate",
                    models.DecimalField(
                        decimal_places=8,
                        max_digits=18,
                        validators=[django.core.validators.MinValueValidator(Decimal("1E-8"))],
                    ),
                ),
            ],
            options={
                "ordering": ["currency", "-day"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "currency", "day"), name="accounts_exchangerate_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("rate__gt", 0)), name="accounts_exchangerate_positive"
                    ),
                    cem.lib.db.constraints.TenantPolicy(name="accounts_exchangerate_tenant"),
                    models.UniqueConstraint(
                        fields=("organization", "id"), name="accounts_exchangerate_org_id"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MemberInvitation",
            fields=[
                ("organization", organization()),
                ("id", public_id()),
                ("email", models.EmailField(max_length=254)),
                ("role", models.CharField(choices=ROLES, max_length=16)),
                ("hash", models.BinaryField(max_length=32, null=True)),
                (
                    "invited_by",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="accounts.membership",
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("sent_at", models.DateTimeField(null=True)),
                ("expires_at", models.DateTimeField()),
                ("accepted_at", models.DateTimeField(null=True)),
                ("revoked_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("accepted_at", None), ("revoked_at", None)),
                        fields=("organization", "email"),
                        name="accounts_memberinvitation_open",
                    ),
                    models.UniqueConstraint(fields=("hash",), name="accounts_memberinvitation_hash"),
                    models.CheckConstraint(
                        condition=models.Q(("email", django.db.models.functions.text.Lower("email"))),
                        name="accounts_memberinvitation_email_lower",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("role__in", [role for role, _ in ROLES])),
                        name="accounts_memberinvitation_role",
                    ),
                    cem.lib.db.constraints.TenantPolicy(name="accounts_memberinvitation_tenant"),
                    models.UniqueConstraint(
                        fields=("organization", "id"), name="accounts_memberinvitation_org_id"
                    ),
                    cem.lib.db.constraints.TenantReference(
                        field="invited_by", name="accounts_memberinvitation_invited_by_fk"
                    ),
                ],
            },
        ),
        migrations.RunSQL(RESOLVE_INVITATION, "DROP FUNCTION accounts_resolve_invitation(bytea)"),
        migrations.AddField(
            "apikey",
            "kind",
            models.CharField(
                choices=[
                    ("ordinary", "Ordinary: whatever its scopes allow"),
                    ("write", "Write: send new records in, read nothing"),
                    ("public", "Public: for the widget on a web page, opens no API path"),
                ],
                default="ordinary",
                max_length=8,
            ),
        ),
        migrations.AlterField(
            "apikey",
            "scopes",
            django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=32), blank=True, size=None
            ),
        ),
        migrations.AddConstraint(
            "apikey",
            models.CheckConstraint(
                condition=models.Q(
                    ("kind", "ordinary"),
                    models.Q(("kind", "write"), ("scopes__contained_by", ["crm:write", "feedback:write"])),
                    models.Q(("kind", "public"), ("scopes", [])),
                    _connector="OR",
                ),
                name="accounts_apikey_kind",
            ),
        ),
        migrations.AddField(
            "organization",
            "locale",
            models.CharField(
                choices=[("en", "English"), ("de", "Deutsch")],
                default="en",
                help_text="The language that pages start in.",
                max_length=12,
            ),
        ),
        migrations.AddField(
            "organization",
            "business_hours",
            models.JSONField(blank=True, default=dict, validators=[cem.lib.validators.business_hours]),
        ),
        migrations.AddField(
            "organization",
            "holidays",
            models.JSONField(blank=True, default=list, validators=[cem.lib.validators.holidays]),
        ),
        migrations.AddField(
            "organization",
            "accent",
            models.CharField(
                blank=True,
                max_length=7,
                validators=[
                    django.core.validators.RegexValidator(
                        "^#[0-9a-f]{6}$", "Write the colour as #rrggbb, such as #12654d."
                    )
                ],
            ),
        ),
        migrations.AddField("organization", "second_step_required", models.BooleanField(default=False)),
        migrations.AddField(
            "organization", "delete_at", models.DateTimeField(blank=True, editable=False, null=True)
        ),
    ]
