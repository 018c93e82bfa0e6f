"""Single sign-on: an organization's identity providers, its proven domains, who came in by them.

Two functions lead from what a request outside any organization carries to the organization: the id of a connection
in the address of a provider's answer, and the domain of a typed email address.
"""

import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
from django.db import migrations, models

import cem.lib.db.constraints
import cem.lib.ids

RESOLVE_CONNECTION = """
CREATE FUNCTION accounts_resolve_sign_on(connection uuid) RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT c.organization_id
      FROM public.accounts_signonconnection c
      JOIN public.accounts_organization o ON o.id = c.organization_id
     WHERE c.id = connection AND o.is_active
$$
"""

RESOLVE_DOMAIN = """
CREATE FUNCTION accounts_resolve_sign_on_domain(domain text) RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT d.organization_id
      FROM public.accounts_signondomain d
      JOIN public.accounts_organization o ON o.id = d.organization_id
      JOIN public.accounts_signonconnection c ON c.organization_id = d.organization_id AND c.is_enabled
     WHERE d.name = domain AND d.proven_at IS NOT NULL AND o.is_active
$$
"""


def organization():
    return models.ForeignKey(
        db_index=False,
        editable=False,
        on_delete=django.db.models.deletion.CASCADE,
        related_name="+",
        to="accounts.organization",
    )


def identifier():
    return models.UUIDField(default=cem.lib.ids.uuid7, editable=False, primary_key=True, serialize=False)


def reference(to, related_name):
    return models.ForeignKey(
        db_constraint=False,
        db_index=False,
        on_delete=django.db.models.deletion.CASCADE,
        related_name=related_name,
        to=to,
    )


def tenant(table):
    return [
        cem.lib.db.constraints.TenantPolicy(name=f"{table}_tenant"),
        models.UniqueConstraint(fields=["organization", "id"], name=f"{table}_org_id"),
    ]


ROLES = [
    ("owner", "Owner"),
    ("admin", "Administrator"),
    ("manager", "Manager"),
    ("analyst", "Analyst"),
    ("agent", "Agent"),
    ("viewer", "Viewer"),
]


class Migration(migrations.Migration):
    dependencies = [("accounts", "0005_export_suspension_teams")]

    operations = [
        migrations.AddField(
            model_name="organization",
            name="sign_on_required",
            field=models.BooleanField(db_default=False, default=False, editable=False),
        ),
        migrations.CreateModel(
            name="SignOnConnection",
            fields=[
                ("organization", organization()),
                ("id", identifier()),
                (
                    "protocol",
                    models.CharField(
                        choices=[("oidc", "OpenID Connect"), ("saml", "SAML 2.0")], max_length=4
                    ),
                ),
                ("name", models.CharField(max_length=60)),
                ("is_enabled", models.BooleanField(default=False)),
                ("issuer", models.CharField(blank=True, max_length=300)),
                ("client_id", models.CharField(blank=True, max_length=255)),
                ("client_secret", models.TextField(blank=True)),
                ("idp_entity_id", models.CharField(blank=True, max_length=500)),
                ("idp_url", models.CharField(blank=True, max_length=500)),
                ("idp_certificates", models.TextField(blank=True)),
                ("allows_unsolicited", models.BooleanField(default=False)),
                ("email_attribute", models.CharField(blank=True, max_length=200)),
                ("name_attribute", models.CharField(blank=True, max_length=200)),
                ("groups_attribute", models.CharField(blank=True, max_length=200)),
                ("admits_new", models.BooleanField(default=True)),
                ("default_role", models.CharField(choices=ROLES, default="viewer", max_length=16)),
                ("role_map", models.JSONField(blank=True, default=list)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("changed_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("tested_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["created_at"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(is_enabled=True),
                        fields=["organization"],
                        name="accounts_signonconnection_in_use",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(default_role__in=[name for name, _ in ROLES if name != "owner"]),
                        name="accounts_signonconnection_role",
                    ),
                    *tenant("accounts_signonconnection"),
                ],
            },
        ),
        migrations.CreateModel(
            name="SignOnDomain",
            fields=[
                ("organization", organization()),
                ("id", identifier()),
                ("name", models.CharField(max_length=253)),
                ("token", models.CharField(editable=False, max_length=64)),
                ("proven_at", models.DateTimeField(blank=True, null=True)),
                ("checked_at", models.DateTimeField(blank=True, null=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "ordering": ["name"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=["organization", "name"], name="accounts_signondomain_once"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(proven_at__isnull=False),
                        fields=["name"],
                        name="accounts_signondomain_proven",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(name=django.db.models.functions.text.Lower("name")),
                        name="accounts_signondomain_lower",
                    ),
                    *tenant("accounts_signondomain"),
                ],
            },
        ),
        migrations.CreateModel(
            name="SignOnIdentity",
            fields=[
                ("organization", organization()),
                ("id", identifier()),
                ("subject", models.CharField(max_length=255)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("last_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("connection", reference("accounts.signonconnection", "identities")),
                ("membership", reference("accounts.membership", "+")),
            ],
            options={
                "verbose_name_plural": "sign-on identities",
                "constraints": [
                    models.UniqueConstraint(
                        fields=["organization", "connection", "subject"],
                        name="accounts_signonidentity_subject",
                    ),
                    models.UniqueConstraint(
                        fields=["organization", "connection", "membership"],
                        name="accounts_signonidentity_member",
                    ),
                    *tenant("accounts_signonidentity"),
                    cem.lib.db.constraints.TenantReference(
                        field="connection", name="accounts_signonidentity_connection_fk"
                    ),
                    cem.lib.db.constraints.TenantReference(
                        field="membership", name="accounts_signonidentity_membership_fk"
                    ),
                ],
                "indexes": [
                    models.Index(fields=["organization", "membership"], name="accounts_signonidentity_who")
                ],
            },
        ),
        migrations.RunSQL(RESOLVE_CONNECTION, "DROP FUNCTION accounts_resolve_sign_on(uuid)"),
        migrations.RunSQL(RESOLVE_DOMAIN, "DROP FUNCTION accounts_resolve_sign_on_domain(text)"),
    ]
