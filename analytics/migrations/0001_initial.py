import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

import cem.lib.db.constraints
import cem.lib.ids


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Study",
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
                ("name", models.CharField(max_length=200)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("financial", "Financial"),
                            ("operational", "Operational"),
                            ("constituency", "Constituency"),
                        ],
                        default="financial",
                        max_length=16,
                    ),
                ),
                ("predictor", models.CharField(max_length=60)),
                ("outcome", models.CharField(max_length=60)),
                ("horizon_days", models.PositiveIntegerField(default=90)),
                ("lookback_days", models.PositiveIntegerField(default=90)),
                ("controls", models.JSONField(default=list)),
                ("answered_from", models.DateTimeField(blank=True, null=True)),
                ("answered_until", models.DateTimeField(blank=True, null=True)),
                (
                    "minimum_n",
                    models.PositiveIntegerField(
                        default=30, help_text="Fewest customers in a band that show a figure"
                    ),
                ),
                (
                    "created_by",
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
            ],
            options={
                "verbose_name_plural": "studies",
                "constraints": [
                    models.UniqueConstraint(fields=("organization", "name"), name="analytics_study_name"),
                    cem.lib.db.constraints.TenantPolicy(name="analytics_study_tenant"),
                    models.UniqueConstraint(fields=("organization", "id"), name="analytics_study_org_id"),
                    cem.lib.db.constraints.TenantReference(
                        field="created_by", name="analytics_study_created_by_fk"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Run",
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
                (
                    "study",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="runs",
                        to="analytics.study",
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
                        max_length=16,
                    ),
                ),
                ("progress", models.FloatField(default=0)),
                ("step", models.CharField(blank=True, max_length=200)),
                ("as_of", models.DateTimeField()),
                ("seed", models.BigIntegerField()),
                ("settings", models.JSONField(default=dict)),
                ("versions", models.JSONField(default=dict)),
                ("ledger", models.JSONField(default=list)),
                ("frame_hash", models.CharField(blank=True, max_length=64)),
                ("frame_path", models.CharField(blank=True, max_length=300)),
                ("schema_version", models.PositiveIntegerField(default=1)),
                ("result", models.JSONField(blank=True, null=True)),
                ("error", models.TextField(blank=True)),
                ("claim", models.BigIntegerField(default=0)),
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
                ("started_at", models.DateTimeField(blank=True, null=True)),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "indexes": [models.Index(fields=["organization", "-created_at"], name="analytics_run_when")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "study", "number"), name="analytics_run_number"
                    ),
                    cem.lib.db.constraints.TenantPolicy(name="analytics_run_tenant"),
                    models.UniqueConstraint(fields=("organization", "id"), name="analytics_run_org_id"),
                    cem.lib.db.constraints.TenantReference(field="study", name="analytics_run_study_fk"),
                    cem.lib.db.constraints.TenantReference(
                        field="requested_by", name="analytics_run_requested_by_fk"
                    ),
                ],
            },
        ),
    ]
