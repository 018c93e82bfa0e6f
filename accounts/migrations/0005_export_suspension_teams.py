"""Full exports and receipts of erased organizations, suspension, deadlines of cases, members limited to teams.

`accounts_key_rests` is asked only about a key that opens nothing: it tells a working key of a suspended
organization from an unknown one, so that the answer can say what is the matter.
"""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

import cem.lib.db.constraints
import cem.lib.ids
import cem.lib.validators

KEY_RESTS = """
CREATE FUNCTION accounts_key_rests(digest bytea) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT EXISTS (
        SELECT FROM public.accounts_apikey k
          JOIN public.accounts_organization o ON o.id = k.organization_id
         WHERE k.hash = digest AND k.revoked_at IS NULL AND NOT o.is_active
           AND (k.expires_at IS NULL OR k.expires_at > now()))
$$
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_audit_and_privacy")]

    operations = [
        migrations.CreateModel(
            name="ErasureReceipt",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=cem.lib.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("organization", models.UUIDField(editable=False, unique=True)),
                ("founded_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("erased_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("removed", models.JSONField(default=dict)),
            ],
        ),
        migrations.CreateModel(
            name="OrganizationExport",
            fields=[
                (
                    "organization",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.organization",
                    ),
                ),
                (
                    "id",
                    models.UUIDField(
                        default=cem.lib.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("queued", "Queued"),
                            ("running", "Running"),
                            ("finished", "Finished"),
                            ("failed", "Failed"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="queued",
                        max_length=10,
                    ),
                ),
                ("progress", models.FloatField(default=0)),
                ("step", models.CharField(blank=True, max_length=200)),
                ("contents", models.JSONField(default=list)),
                ("error", models.TextField(blank=True)),
                ("file_path", models.CharField(blank=True, max_length=300)),
                ("bytes", models.PositiveBigIntegerField(default=0)),
                ("sha256", models.CharField(blank=True, max_length=64)),
                ("expires_at", models.DateTimeField(blank=True, null=True)),
                (
                    "requested_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="accounts.membership",
                    ),
                ),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("organization", "number"), name="accounts_export_number"),
                    cem.lib.db.constraints.TenantPolicy(name="accounts_organizationexport_tenant"),
                    models.UniqueConstraint(
                        fields=("organization", "id"), name="accounts_organizationexport_org_id"
                    ),
                    cem.lib.db.constraints.TenantReference(
                        field="requested_by", name="accounts_organizationexport_requested_by_fk"
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="membership",
            name="limited_to_teams",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="organization",
            name="case_hours",
            field=models.JSONField(blank=True, default=dict, validators=[cem.lib.validators.case_hours]),
        ),
        migrations.AddField(
            model_name="organization",
            name="suspended_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="organization",
            name="suspended_by",
            field=models.CharField(
                blank=True,
                choices=[
                    ("owner", "Paused by an owner"),
                    ("operator", "Suspended by the operator"),
                    ("erasure", "Being erased"),
                ],
                default="",
                editable=False,
                max_length=8,
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="organization",
            name="suspension_reason",
            field=models.CharField(blank=True, default="", editable=False, max_length=300),
            preserve_default=False,
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.CheckConstraint(
                condition=models.Q(("limited_to_teams", False), ("role", "agent"), _connector="OR"),
                name="accounts_membership_limited",
            ),
        ),
        migrations.AddConstraint(
            model_name="organization",
            constraint=models.CheckConstraint(
                condition=models.Q(("is_active", False), ("suspended_by", ""), _connector="OR"),
                name="accounts_organization_suspended",
            ),
        ),
        migrations.RunSQL(KEY_RESTS, "DROP FUNCTION accounts_key_rests(bytea)"),
    ]
