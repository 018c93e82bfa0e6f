"""The priority of a case, and the teams that a limited member sees."""

import django.db.models.deletion
from django.db import migrations, models

import cem.lib.db.constraints
import cem.lib.ids


class Migration(migrations.Migration):
    dependencies = [("crm", "0002_search"), ("accounts", "0005_export_suspension_teams")]

    operations = [
        migrations.CreateModel(
            name="TeamScope",
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
                    "membership",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.membership",
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="crm.team",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "membership", "team"), name="crm_teamscope_once"
                    ),
                    cem.lib.db.constraints.TenantPolicy(name="crm_teamscope_tenant"),
                    models.UniqueConstraint(fields=("organization", "id"), name="crm_teamscope_org_id"),
                    cem.lib.db.constraints.TenantReference(
                        field="membership", name="crm_teamscope_membership_fk"
                    ),
                    cem.lib.db.constraints.TenantReference(field="team", name="crm_teamscope_team_fk"),
                ],
            },
        ),
        migrations.AddField(
            model_name="case",
            name="priority",
            field=models.CharField(
                choices=[("high", "High"), ("normal", "Normal"), ("low", "Low")],
                db_default="normal",
                default="normal",
                max_length=8,
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(("priority__in", ["high", "normal", "low"])), name="crm_case_priority"
            ),
        ),
    ]
