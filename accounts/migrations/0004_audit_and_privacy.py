"""The audit trail, privacy requests, retention.

`accounts_audit_append_only` lets nobody but the table's owner change or delete an entry; the two functions after it
are the reviewed ways past: one takes a customer's traces out of it, one forgets what retention lets go. Both read
the organization from the setting, do nothing without it, and return a count.
"""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

import cem.lib.db.constraints
import cem.lib.ids

APPEND_ONLY = """
CREATE FUNCTION accounts_audit_append_only() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    -- Only the table's owner passes: the functions below run as it.
    IF current_user <> (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = TG_RELID) THEN
        RAISE EXCEPTION 'the audit trail is append-only: % may not %', current_user, TG_OP
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER accounts_audit_append_only BEFORE UPDATE OR DELETE ON accounts_auditentry
FOR EACH ROW EXECUTE FUNCTION accounts_audit_append_only()
"""
DROP_APPEND_ONLY = """
DROP TRIGGER accounts_audit_append_only ON accounts_auditentry;
DROP FUNCTION accounts_audit_append_only()
"""

PSEUDONYMISE = """
CREATE FUNCTION accounts_audit_pseudonymise(subject uuid) RETURNS bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    org uuid := nullif(current_setting('app.organization_id', true), '')::uuid;
    pseudonym uuid := gen_random_uuid();
    changed bigint;
BEGIN
    IF org IS NULL OR subject IS NULL THEN
        RETURN 0;
    END IF;
    UPDATE public.accounts_auditentry
       SET subject_id = pseudonym,
           target_id = CASE WHEN target_id = subject::text THEN pseudonym::text ELSE target_id END,
           target_label = 'Erased customer',
           -- which fields changed is kept, what stood in them is not; requests hold counts only
           before = CASE WHEN target_type = 'accounts.privacyrequest' THEN before ELSE
               (SELECT jsonb_object_agg(key, '[erased]') FROM jsonb_object_keys(before) AS key) END,
           after = CASE WHEN target_type = 'accounts.privacyrequest' THEN after ELSE
               (SELECT jsonb_object_agg(key, '[erased]') FROM jsonb_object_keys(after) AS key) END
     WHERE organization_id = org AND subject_id = subject;
    GET DIAGNOSTICS changed = ROW_COUNT;
    RETURN changed;
END
$$
"""

EXPIRE = """
CREATE FUNCTION accounts_audit_expire(older_than timestamptz, most int) RETURNS bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    org uuid := nullif(current_setting('app.organization_id', true), '')::uuid;
    gone bigint;
BEGIN
    IF org IS NULL THEN
        RETURN 0;
    END IF;
    -- Nobody empties the trail of last month by setting a short period, or by calling this.
    IF older_than > now() - interval '90 days'
       AND EXISTS (SELECT FROM public.accounts_organization WHERE id = org AND is_active) THEN
        RAISE EXCEPTION 'audit entries are kept for at least 90 days'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    DELETE FROM public.accounts_auditentry
     WHERE organization_id = org
       AND id IN (SELECT id FROM public.accounts_auditentry
                   WHERE organization_id = org AND at < older_than ORDER BY at LIMIT most);
    GET DIAGNOSTICS gone = ROW_COUNT;
    RETURN gone;
END
$$
"""

#: What a key could read until now it goes on reading.
PERSONAL_SCOPE = """
UPDATE accounts_apikey SET scopes = array_append(scopes, 'personal:read')
 WHERE scopes && ARRAY['crm:read']::varchar[] AND NOT scopes && ARRAY['personal:read']::varchar[]
"""
DROP_PERSONAL_SCOPE = "UPDATE accounts_apikey SET scopes = array_remove(scopes, 'personal:read')"


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_people_and_rates"),
    ]

    operations = [
        migrations.CreateModel(
            name="AuditEntry",
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
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("action", models.CharField(max_length=60)),
                (
                    "actor_kind",
                    models.CharField(
                        choices=[
                            ("member", "Member"),
                            ("key", "API key"),
                            ("system", "System"),
                            ("nobody", "Not signed in"),
                        ],
                        max_length=8,
                    ),
                ),
                ("actor_id", models.UUIDField(blank=True, null=True)),
                ("actor_name", models.CharField(blank=True, max_length=160)),
                ("target_type", models.CharField(blank=True, max_length=60)),
                ("target_id", models.CharField(blank=True, max_length=64)),
                ("target_label", models.CharField(blank=True, max_length=200)),
                ("subject_id", models.UUIDField(blank=True, null=True)),
                ("before", models.JSONField(blank=True, null=True)),
                ("after", models.JSONField(blank=True, null=True)),
                ("address", models.GenericIPAddressField(blank=True, null=True)),
                ("request_id", models.CharField(blank=True, max_length=64)),
            ],
            options={
                "verbose_name_plural": "audit entries",
                "indexes": [
                    models.Index(fields=["organization", "action", "-id"], name="accounts_audit_action"),
                    models.Index(fields=["organization", "actor_id", "-id"], name="accounts_audit_actor"),
                    models.Index(fields=["organization", "subject_id", "-id"], name="accounts_audit_subject"),
                    models.Index(fields=["organization", "at"], name="accounts_audit_when"),
                ],
                "constraints": [
                    cem.lib.db.constraints.TenantPolicy(name="accounts_auditentry_tenant"),
                    models.UniqueConstraint(fields=("organization", "id"), name="accounts_auditentry_org_id"),
                ],
            },
        ),
        migrations.CreateModel(
            name="FailedLogin",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("email_hash", models.BinaryField(max_length=32)),
                ("address", models.GenericIPAddressField(null=True)),
                ("request_id", models.CharField(blank=True, max_length=64)),
            ],
            options={
                "indexes": [models.Index(fields=["at"], name="accounts_failedlogin_when")],
            },
        ),
        migrations.CreateModel(
            name="PrivacyRequest",
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
                    "kind",
                    models.CharField(choices=[("export", "Export"), ("erase", "Erasure")], max_length=8),
                ),
                ("subject_id", models.UUIDField(blank=True, null=True)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("queued", "Queued"),
                            ("running", "Running"),
                            ("finished", "Finished"),
                            ("failed", "Failed"),
                        ],
                        default="queued",
                        max_length=10,
                    ),
                ),
                ("progress", models.FloatField(default=0)),
                ("step", models.CharField(blank=True, max_length=200)),
                ("receipt", models.JSONField(default=list)),
                ("error", models.TextField(blank=True)),
                ("file_path", models.CharField(blank=True, max_length=300)),
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
                "indexes": [
                    models.Index(fields=["organization", "subject_id"], name="accounts_privacy_subject")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "number"), name="accounts_privacy_number"
                    ),
                    cem.lib.db.constraints.TenantPolicy(name="accounts_privacyrequest_tenant"),
                    models.UniqueConstraint(
                        fields=("organization", "id"), name="accounts_privacyrequest_org_id"
                    ),
                    cem.lib.db.constraints.TenantReference(
                        field="requested_by", name="accounts_privacyrequest_requested_by_fk"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RetentionPolicy",
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
                ("periods", models.JSONField(default=dict)),
                ("is_enforced", models.BooleanField(default=False)),
                ("preview", models.JSONField(default=dict)),
                ("previewed_at", models.DateTimeField(blank=True, null=True)),
                ("last_run", models.JSONField(default=dict)),
                ("last_run_at", models.DateTimeField(blank=True, null=True)),
                (
                    "changed_by",
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
                ("changed_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "verbose_name_plural": "retention policies",
                "constraints": [
                    models.UniqueConstraint(fields=("organization",), name="accounts_retention_once"),
                    cem.lib.db.constraints.TenantPolicy(name="accounts_retentionpolicy_tenant"),
                    models.UniqueConstraint(
                        fields=("organization", "id"), name="accounts_retentionpolicy_org_id"
                    ),
                    cem.lib.db.constraints.TenantReference(
                        field="changed_by", name="accounts_retentionpolicy_changed_by_fk"
                    ),
                ],
            },
        ),
        migrations.RunSQL(APPEND_ONLY, DROP_APPEND_ONLY),
        migrations.RunSQL(PSEUDONYMISE, "DROP FUNCTION accounts_audit_pseudonymise(uuid)"),
        migrations.RunSQL(EXPIRE, "DROP FUNCTION accounts_audit_expire(timestamptz, int)"),
        migrations.RunSQL(PERSONAL_SCOPE, DROP_PERSONAL_SCOPE),
    ]
