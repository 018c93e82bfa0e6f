import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

import cem.lib.db.constraints
import cem.lib.ids


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
        ("crm", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Survey",
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
                ("name", models.CharField(max_length=200)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("relationship", "Relationship: asked in waves"),
                            ("transactional", "Transactional: asked about one contact"),
                            ("employee", "Employee pulse"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[("draft", "Draft"), ("published", "Published"), ("closed", "Closed")],
                        default="draft",
                        max_length=16,
                    ),
                ),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("organization", "key"), name="feedback_survey_key"),
                    cem.lib.db.constraints.TenantPolicy(name="feedback_survey_tenant"),
                    models.UniqueConstraint(fields=("organization", "id"), name="feedback_survey_org_id"),
                ],
            },
        ),
        migrations.CreateModel(
            name="SurveyVersion",
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
                    "survey",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="versions",
                        to="feedback.survey",
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("document", models.JSONField()),
                ("published_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "survey", "number"), name="feedback_version_number"
                    ),
                    cem.lib.db.constraints.TenantPolicy(name="feedback_surveyversion_tenant"),
                    models.UniqueConstraint(
                        fields=("organization", "id"), name="feedback_surveyversion_org_id"
                    ),
                    cem.lib.db.constraints.TenantReference(
                        field="survey", name="feedback_surveyversion_survey_fk"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SurveyLink",
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
                    "survey",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="links",
                        to="feedback.survey",
                    ),
                ),
                ("token", models.CharField(max_length=64)),
                ("hash", models.BinaryField(max_length=32)),
                ("channel", models.CharField(default="link", max_length=16)),
                ("is_open", models.BooleanField(default=True)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("hash",), name="feedback_link_hash"),
                    cem.lib.db.constraints.TenantPolicy(name="feedback_surveylink_tenant"),
                    models.UniqueConstraint(fields=("organization", "id"), name="feedback_surveylink_org_id"),
                    cem.lib.db.constraints.TenantReference(
                        field="survey", name="feedback_surveylink_survey_fk"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Invitation",
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
                    "survey",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="invitations",
                        to="feedback.survey",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="invitations",
                        to="crm.customer",
                    ),
                ),
                (
                    "interaction",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="crm.interaction",
                    ),
                ),
                ("wave", models.CharField(blank=True, max_length=40)),
                ("channel", models.CharField(default="email", max_length=16)),
                ("hash", models.BinaryField(max_length=32, null=True)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("sent", "Sent"),
                            ("delivered", "Delivered"),
                            ("bounced", "Bounced"),
                            ("declined", "Declined"),
                            ("answered", "Answered"),
                            ("not_asked", "Not asked"),
                        ],
                        default="sent",
                        max_length=16,
                    ),
                ),
                ("ineligible_reason", models.CharField(blank=True, max_length=40)),
                ("sampling_probability", models.FloatField(default=1.0)),
                ("sent_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("expires_at", models.DateTimeField(blank=True, null=True)),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["organization", "customer", "-sent_at"], name="feedback_invitation_timeline"
                    ),
                    models.Index(
                        fields=["organization", "survey", "sent_at"], name="feedback_invitation_survey"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("hash",), name="feedback_invitation_hash"),
                    models.CheckConstraint(
                        condition=models.Q(("sampling_probability__gt", 0), ("sampling_probability__lte", 1)),
                        name="feedback_invitation_probability",
                    ),
                    cem.lib.db.constraints.TenantPolicy(name="feedback_invitation_tenant"),
                    models.UniqueConstraint(fields=("organization", "id"), name="feedback_invitation_org_id"),
                    cem.lib.db.constraints.TenantReference(
                        field="survey", name="feedback_invitation_survey_fk"
                    ),
                    cem.lib.db.constraints.TenantReference(
                        field="customer", name="feedback_invitation_customer_fk"
                    ),
                    cem.lib.db.constraints.TenantReference(
                        field="interaction", name="feedback_invitation_interaction_fk"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Response",
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
                    "survey",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="responses",
                        to="feedback.survey",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="responses",
                        to="feedback.surveyversion",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="responses",
                        to="crm.customer",
                    ),
                ),
                (
                    "invitation",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="responses",
                        to="feedback.invitation",
                    ),
                ),
                (
                    "interaction",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="responses",
                        to="crm.interaction",
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
                    "status",
                    models.CharField(
                        choices=[
                            ("complete", "Complete"),
                            ("partial", "Partial"),
                            ("dismissed", "Dismissed"),
                        ],
                        default="complete",
                        max_length=16,
                    ),
                ),
                ("is_test", models.BooleanField(default=False)),
                ("wave", models.CharField(blank=True, max_length=40)),
                ("channel", models.CharField(default="link", max_length=16)),
                ("language", models.CharField(blank=True, max_length=12)),
                ("answers", models.JSONField(default=dict)),
                ("answered_at", models.DateTimeField()),
                ("external_id", models.CharField(blank=True, max_length=200, null=True)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("updated_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["organization", "customer", "-answered_at"], name="feedback_response_timeline"
                    ),
                    models.Index(
                        fields=["organization", "survey", "answered_at"], name="feedback_response_survey"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "external_id"), name="feedback_response_external_id"
                    ),
                    models.UniqueConstraint(
                        fields=("organization", "invitation"), name="feedback_response_invitation"
                    ),
                    cem.lib.db.constraints.TenantPolicy(name="feedback_response_tenant"),
                    models.UniqueConstraint(fields=("organization", "id"), name="feedback_response_org_id"),
                    cem.lib.db.constraints.TenantReference(
                        field="survey", name="feedback_response_survey_fk"
                    ),
                    cem.lib.db.constraints.TenantReference(
                        field="version", name="feedback_response_version_fk"
                    ),
                    cem.lib.db.constraints.TenantReference(
                        field="customer", name="feedback_response_customer_fk"
                    ),
                    cem.lib.db.constraints.TenantReference(
                        field="invitation", name="feedback_response_invitation_fk"
                    ),
                    cem.lib.db.constraints.TenantReference(
                        field="interaction", name="feedback_response_interaction_fk"
                    ),
                    cem.lib.db.constraints.TenantReference(
                        field="touchpoint", name="feedback_response_touchpoint_fk"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Score",
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
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "response",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="scores",
                        to="feedback.response",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="scores",
                        to="crm.customer",
                    ),
                ),
                (
                    "survey",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="scores",
                        to="feedback.survey",
                    ),
                ),
                (
                    "touchpoint",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="crm.touchpoint",
                    ),
                ),
                ("metric", models.CharField(max_length=40)),
                ("question", models.CharField(max_length=60)),
                ("value", models.FloatField()),
                ("channel", models.CharField(max_length=16)),
                ("answered_at", models.DateTimeField()),
                ("counts", models.BooleanField(default=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("counts", True)),
                        fields=["organization", "metric", "answered_at"],
                        include=("value", "customer"),
                        name="feedback_score_metric",
                    ),
                    models.Index(
                        fields=["organization", "customer", "answered_at"], name="feedback_score_customer"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "response", "question"), name="feedback_score_once"
                    ),
                    cem.lib.db.constraints.TenantPolicy(name="feedback_score_tenant"),
                    models.UniqueConstraint(fields=("organization", "id"), name="feedback_score_org_id"),
                    cem.lib.db.constraints.TenantReference(
                        field="response", name="feedback_score_response_fk"
                    ),
                    cem.lib.db.constraints.TenantReference(
                        field="customer", name="feedback_score_customer_fk"
                    ),
                    cem.lib.db.constraints.TenantReference(field="survey", name="feedback_score_survey_fk"),
                    cem.lib.db.constraints.TenantReference(
                        field="touchpoint", name="feedback_score_touchpoint_fk"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Verbatim",
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
                    "response",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="verbatims",
                        to="feedback.response",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="verbatims",
                        to="crm.customer",
                    ),
                ),
                ("question", models.CharField(max_length=60)),
                ("text", models.TextField()),
                ("language", models.CharField(blank=True, max_length=12)),
                ("answered_at", models.DateTimeField()),
            ],
            options={
                "indexes": [
                    models.Index(fields=["organization", "-answered_at"], name="feedback_verbatim_when")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "response", "question"), name="feedback_verbatim_once"
                    ),
                    cem.lib.db.constraints.TenantPolicy(name="feedback_verbatim_tenant"),
                    models.UniqueConstraint(fields=("organization", "id"), name="feedback_verbatim_org_id"),
                    cem.lib.db.constraints.TenantReference(
                        field="response", name="feedback_verbatim_response_fk"
                    ),
                    cem.lib.db.constraints.TenantReference(
                        field="customer", name="feedback_verbatim_customer_fk"
                    ),
                ],
            },
        ),
    ]
