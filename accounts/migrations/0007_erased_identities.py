"""Keyed hashes of who was erased, and which customers a search showed.

`accounts_audit_pseudonymise` now reaches the entries in which a customer was one of several, and the addresses of
refused requests.
"""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

import cem.lib.db.constraints
import cem.lib.ids

_HEAD = """
CREATE OR REPLACE FUNCTION accounts_audit_pseudonymise(subject uuid) RETURNS bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    org uuid := nullif(current_setting('app.organization_id', true), '')::uuid;
    pseudonym uuid := gen_random_uuid();
    changed bigint;
    more bigint;
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
"""
_TAIL = """
    RETURN changed;
END
$$
"""
BEFORE = _HEAD + _TAIL
AFTER = (
    _HEAD
    + """
    UPDATE public.accounts_auditentry
       SET subject_ids = array_replace(subject_ids, subject, pseudonym)
     WHERE organization_id = org AND subject_ids @> ARRAY[subject];
    GET DIAGNOSTICS more = ROW_COUNT;
    changed := changed + more;
    -- Somebody was refused at an address that names them.
    UPDATE public.accounts_auditentry
       SET after = jsonb_set(after, '{path}', to_jsonb(replace(after->>'path', subject::text, pseudonym::text)))
     WHERE organization_id = org AND action = 'access.denied' AND strpos(after->>'path', subject::text) > 0;
    GET DIAGNOSTICS more = ROW_COUNT;
    changed := changed + more;
"""
    + _TAIL
)

#: What a key could read until now it goes on reading.
PERSONAL_SCOPE = """
UPDATE accounts_apikey SET scopes = array_append(scopes, 'personal:read')
 WHERE kind = 'ordinary' AND scopes && ARRAY['feedback:read']::varchar[]
   AND NOT scopes && ARRAY['personal:read']::varchar[]
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


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0006_single_sign_on"),
    ]

    operations = [
        migrations.CreateModel(
            name="ErasedIdentity",
            fields=[
                ("organization", organization()),
                ("id", identifier()),
                (
                    "kind",
                    models.CharField(
                        choices=[("external_id", "Id"), ("email", "Email"), ("phone", "Phone")], max_length=12
                    ),
                ),
                ("digest", models.BinaryField(max_length=32)),
                ("erased_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "request",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="accounts.privacyrequest",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "erased identities",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "kind", "digest"), name="accounts_erased_once"
                    ),
                    cem.lib.db.constraints.TenantPolicy(name="accounts_erasedidentity_tenant"),
                    models.UniqueConstraint(
                        fields=("organization", "id"), name="accounts_erasedidentity_org_id"
                    ),
                    cem.lib.db.constraints.TenantReference(
                        field="request", name="accounts_erasedidentity_request_fk"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ErasureKey",
            fields=[
                ("organization", organization()),
                ("id", identifier()),
                ("secret", models.BinaryField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("organization",), name="accounts_erasurekey_once"),
                    cem.lib.db.constraints.TenantPolicy(name="accounts_erasurekey_tenant"),
                    models.UniqueConstraint(fields=("organization", "id"), name="accounts_erasurekey_org_id"),
                ],
            },
        ),
        migrations.AddField(
            model_name="auditentry",
            name="subject_ids",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.UUIDField(), blank=True, null=True, size=None
            ),
        ),
        migrations.AddIndex(
            model_name="auditentry",
            index=django.contrib.postgres.indexes.GinIndex(
                condition=models.Q(("subject_ids__isnull", False)),
                fields=["organization", "subject_ids"],
                name="accounts_audit_subjects",
            ),
        ),
        migrations.RunSQL(AFTER, BEFORE),
        migrations.RunSQL(PERSONAL_SCOPE, migrations.RunSQL.noop),
    ]
