import django.db.models.deletion
from django.db import migrations, models

import cem.lib.db.constraints
import cem.lib.ids


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_functions"), ("analytics", "0003_sections")]

    operations = [
        migrations.AddField("study", "options", models.JSONField(blank=True, default=dict)),
        migrations.CreateModel(
            name="Measure",
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
                ("key", models.CharField(max_length=60)),
                ("label", models.CharField(max_length=60)),
                ("plural", models.CharField(max_length=60)),
                (
                    "unit",
                    models.CharField(
                        choices=[
                            ("seconds", "Seconds"),
                            ("days", "Days"),
                            ("count", "Count"),
                            ("share", "Share, 0 to 1"),
                            ("plain", "Number"),
                        ],
                        default="plain",
                        max_length=16,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("organization", "key"), name="analytics_measure_key"),
                    cem.lib.db.constraints.TenantPolicy(name="analytics_measure_tenant"),
                    models.UniqueConstraint(fields=("organization", "id"), name="analytics_measure_org_id"),
                ],
            },
        ),
    ]
