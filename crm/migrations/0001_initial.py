import django.core.validators
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
            name="Company",
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
                ("external_id", models.CharField(max_length=200)),
                ("name", models.CharField(max_length=200)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "verbose_name_plural": "companies",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "external_id"), name="crm_company_external_id"
                    ),
                    cem.lib.db.constraints.TenantPolicy(name="crm_company_tenant"),
                    models.UniqueConstraint(fields=("organization", "id"), name="crm_company_org_id"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Customer",
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
                ("external_id", models.CharField(max_length=200)),
                ("name", models.CharField(blank=True, max_length=200)),
                ("email", models.CharField(blank=True, max_length=254)),
                (
                    "phone",
                    models.CharField(blank=True, help_text="E.164, such as +351912345678", max_length=40),
                ),
                (
                    "company",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="customers",
                        to="crm.company",
                    ),
                ),
                ("segment", models.CharField(blank=True, max_length=60)),
                ("country", models.CharField(blank=True, max_length=2)),
                ("language", models.CharField(blank=True, max_length=12)),
                ("since", models.DateTimeField(blank=True, null=True)),
                ("surveys_opted_out_at", models.DateTimeField(blank=True, null=True)),
                ("attributes", models.JSONField(blank=True, default=dict)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("updated_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["organization", "segment"], name="crm_customer_segment"),
                    models.Index(fields=["organization", "email"], name="crm_customer_email"),
                    models.Index(fields=["organization", "phone"], name="crm_customer_phone"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "external_id"), name="crm_customer_external_id"
                    ),
                    cem.lib.db.constraints.TenantPolicy(name="crm_customer_tenant"),
                    models.UniqueConstraint(fields=("organization", "id"), name="crm_customer_org_id"),
                    cem.lib.db.constraints.TenantReference(field="company", name="crm_customer_company_fk"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Team",
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
                ("external_id", models.CharField(max_length=200)),
                ("name", models.CharField(max_length=120)),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="children",
                        to="crm.team",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "external_id"), name="crm_team_external_id"
                    ),
                    cem.lib.db.constraints.TenantPolicy(name="crm_team_tenant"),
                    models.UniqueConstraint(fields=("organization", "id"), name="crm_team_org_id"),
                    cem.lib.db.constraints.TenantReference(field="parent", name="crm_team_parent_fk"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Employee",
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
                ("external_id", models.CharField(max_length=200)),
                ("name", models.CharField(max_length=120)),
                ("email", models.CharField(blank=True, max_length=254)),
                (
                    "team",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="employees",
                        to="crm.team",
                    ),
                ),
                (
                    "membership",
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
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "external_id"), name="crm_employee_external_id"
                    ),
                    cem.lib.db.constraints.TenantPolicy(name="crm_employee_tenant"),
                    models.UniqueConstraint(fields=("organization", "id"), name="crm_employee_org_id"),
                    cem.lib.db.constraints.TenantReference(field="team", name="crm_employee_team_fk"),
                    cem.lib.db.constraints.TenantReference(
                        field="membership", name="crm_employee_membership_fk"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Touchpoint",
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
                ("key", models.SlugField(db_index=False, max_length=60)),
                ("name", models.CharField(max_length=120)),
                ("stage", models.CharField(blank=True, max_length=60)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("organization", "key"), name="crm_touchpoint_key"),
                    cem.lib.db.constraints.TenantPolicy(name="crm_touchpoint_tenant"),
                    models.UniqueConstraint(fields=("organization", "id"), name="crm_touchpoint_org_id"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Interaction",
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
                ("external_id", models.CharField(max_length=200)),
                (
                    "customer",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="interactions",
                        to="crm.customer",
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("web", "Web"),
                            ("app", "App"),
                            ("email", "Email"),
                            ("phone", "Phone"),
                            ("chat", "Chat"),
                            ("store", "In store"),
                            ("social", "Social"),
                            ("callback", "Callback"),
                            ("other", "Other"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "touchpoint",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="crm.touchpoint",
                    ),
                ),
                (
                    "employee",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="crm.employee",
                    ),
                ),
                ("occurred_at", models.DateTimeField()),
                ("duration_seconds", models.PositiveIntegerField(blank=True, null=True)),
                ("subject", models.CharField(blank=True, max_length=300)),
                ("is_complaint", models.BooleanField(default=False)),
                ("measures", models.JSONField(blank=True, default=dict)),
                ("properties", models.JSONField(blank=True, default=dict)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("updated_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["organization", "customer", "-occurred_at"], name="crm_interaction_timeline"
                    ),
                    models.Index(fields=["organization", "occurred_at"], name="crm_interaction_when"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "external_id"), name="crm_interaction_external_id"
                    ),
                    cem.lib.db.constraints.TenantPolicy(name="crm_interaction_tenant"),
                    models.UniqueConstraint(fields=("organization", "id"), name="crm_interaction_org_id"),
                    cem.lib.db.constraints.TenantReference(
                        field="customer", name="crm_interaction_customer_fk"
                    ),
                    cem.lib.db.constraints.TenantReference(
                        field="touchpoint", name="crm_interaction_touchpoint_fk"
                    ),
                    cem.lib.db.constraints.TenantReference(
                        field="employee", name="crm_interaction_employee_fk"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Transaction",
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
                ("external_id", models.CharField(max_length=200)),
                (
                    "customer",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="transactions",
                        to="crm.customer",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("order", "Order"), ("refund", "Refund"), ("cancellation", "Cancellation")],
                        default="order",
                        max_length=16,
                    ),
                ),
                ("occurred_at", models.DateTimeField()),
                ("amount", models.DecimalField(decimal_places=2, max_digits=14)),
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
                ("reporting_amount", models.DecimalField(decimal_places=2, max_digits=14)),
                ("quantity", models.PositiveIntegerField(blank=True, null=True)),
                ("channel", models.CharField(blank=True, max_length=16)),
                ("description", models.CharField(blank=True, max_length=300)),
                ("properties", models.JSONField(blank=True, default=dict)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("updated_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["organization", "customer", "occurred_at"],
                        include=("kind", "reporting_amount"),
                        name="crm_transaction_window",
                    ),
                    models.Index(fields=["organization", "occurred_at"], name="crm_transaction_when"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "external_id"), name="crm_transaction_external_id"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount__gte", 0)), name="crm_transaction_amount"
                    ),
                    cem.lib.db.constraints.TenantPolicy(name="crm_transaction_tenant"),
                    models.UniqueConstraint(fields=("organization", "id"), name="crm_transaction_org_id"),
                    cem.lib.db.constraints.TenantReference(
                        field="customer", name="crm_transaction_customer_fk"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Case",
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
                    "customer",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="cases",
                        to="crm.customer",
                    ),
                ),
                ("subject", models.CharField(max_length=300)),
                ("reason", models.CharField(max_length=40)),
                ("source", models.CharField(blank=True, max_length=80, null=True)),
                (
                    "status",
                    models.CharField(
                        choices=[("open", "Open"), ("waiting", "Waiting for customer"), ("closed", "Closed")],
                        default="open",
                        max_length=16,
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="cases",
                        to="crm.employee",
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="crm.team",
                    ),
                ),
                ("root_cause", models.CharField(blank=True, max_length=60)),
                ("opened_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("due_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["organization", "customer", "-opened_at"], name="crm_case_timeline"),
                    models.Index(fields=["organization", "status", "due_at"], name="crm_case_queue"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("organization", "number"), name="crm_case_number"),
                    models.UniqueConstraint(
                        fields=("organization", "reason", "source"), name="crm_case_source"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at__isnull", False), ("status", "closed")),
                            models.Q(
                                models.Q(("status", "closed"), _negated=True), ("closed_at__isnull", True)
                            ),
                            _connector="OR",
                        ),
                        name="crm_case_closed_at",
                    ),
                    cem.lib.db.constraints.TenantPolicy(name="crm_case_tenant"),
                    models.UniqueConstraint(fields=("organization", "id"), name="crm_case_org_id"),
                    cem.lib.db.constraints.TenantReference(field="customer", name="crm_case_customer_fk"),
                    cem.lib.db.constraints.TenantReference(field="owner", name="crm_case_owner_fk"),
                    cem.lib.db.constraints.TenantReference(field="team", name="crm_case_team_fk"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ImportRun",
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
                ("kind", models.CharField(max_length=40)),
                ("file_name", models.CharField(max_length=300)),
                ("file_hash", models.CharField(help_text="SHA-256 of the file's bytes", max_length=64)),
                ("mapping", models.JSONField(default=dict)),
                (
                    "status",
                    models.CharField(
                        choices=[("running", "Running"), ("finished", "Finished"), ("failed", "Failed")],
                        default="running",
                        max_length=16,
                    ),
                ),
                ("rows", models.PositiveBigIntegerField(default=0)),
                ("created", models.PositiveBigIntegerField(default=0)),
                ("updated", models.PositiveBigIntegerField(default=0)),
                ("unchanged", models.PositiveBigIntegerField(default=0)),
                ("failed", models.PositiveBigIntegerField(default=0)),
                ("customers_created", models.PositiveBigIntegerField(default=0)),
                ("error", models.TextField(blank=True)),
                ("errors_file", models.CharField(blank=True, max_length=300)),
                (
                    "started_by",
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
                ("started_at", models.DateTimeField(auto_now_add=True)),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "indexes": [models.Index(fields=["organization", "-started_at"], name="crm_import_when")],
                "constraints": [
                    cem.lib.db.constraints.TenantPolicy(name="crm_importrun_tenant"),
                    models.UniqueConstraint(fields=("organization", "id"), name="crm_importrun_org_id"),
                    cem.lib.db.constraints.TenantReference(
                        field="started_by", name="crm_importrun_started_by_fk"
                    ),
                ],
            },
        ),
    ]
