"""A walk over every model: policy, grants, composite references, indexes. A new table cannot forget one."""

from typing import Any

import pytest
from django.apps import apps
from django.db import connection, models

from accounts.tenant import TenantForeignKey, TenantModel

pytestmark = pytest.mark.django_db

#: Tables without a policy. They hold no customer data; each has its reason.
GLOBAL = {
    "accounts_organization": "found by slug before it is entered",
    "accounts_user": "a person may belong to several organizations",
    "accounts_membership": "decides who may enter",
    "accounts_erasurereceipt": "the organization is gone; its id and counts alone",
    "accounts_failedlogin": "nobody has entered an organization; holds a hash of what was typed",
    "accounts_outboxentry": "ids only; the relay works for all",
    "accounts_lease": "names and ids only",
    "analytics_schedule": "ids only; one sweep finds what is due anywhere",
    "django_session": "Django's",
    "account_emailaddress": "allauth's; a person may belong to several organizations",
    "account_emailconfirmation": "allauth's, unused",
    "mfa_authenticator": "a person's second step, secrets encrypted",
    "usersessions_usersession": "where a person is logged in",
    "django_content_type": "Django's",
    "auth_group": "Django's, unused",
    "auth_group_permissions": "Django's, unused",
    "auth_permission": "Django's, unused",
}
#: Unique over all organizations, since the value itself tells the organization.
GLOBALLY_UNIQUE = {
    "accounts_apikey_hash",
    "accounts_memberinvitation_hash",
    "accounts_signondomain_proven",
    "feedback_link_hash",
    "feedback_invitation_hash",
}

ALL = sorted(apps.get_models(include_auto_created=True), key=lambda model: model._meta.db_table)
TENANT = [model for model in ALL if issubclass(model, TenantModel)]


def rows(statement: str, *params: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return cursor.fetchall()


def table(model: Any) -> str:
    return model._meta.db_table


def test_there_are_tenant_models() -> None:
    assert len(TENANT) > 15


@pytest.mark.parametrize("model", ALL, ids=table)
def test_it_is_a_tenant_table_or_on_the_published_list(model: Any) -> None:
    assert issubclass(model, TenantModel) != (table(model) in GLOBAL)


@pytest.mark.parametrize("model", TENANT, ids=table)
def test_row_level_security_binds_this_role(model: Any) -> None:
    assert rows("SELECT row_security_active(%s)", table(model)) == [(True,)]


@pytest.mark.parametrize("model", TENANT, ids=table)
def test_there_is_one_policy_for_reads_and_writes(model: Any) -> None:
    ((command, permissive, using, check),) = rows(
        "SELECT cmd, permissive, qual, with_check FROM pg_policies WHERE tablename = %s", table(model)
    )
    assert (command, permissive, check) == ("ALL", "PERMISSIVE", None)
    assert "organization_id = ( SELECT (NULLIF(current_setting('app.organization_id'" in using


@pytest.mark.parametrize("model", ALL, ids=table)
def test_the_runtime_role_may_use_and_not_own(model: Any) -> None:
    ((owner, me, may),) = rows(
        "SELECT pg_get_userbyid(relowner), current_user,"
        " has_table_privilege(oid, 'SELECT, INSERT, UPDATE, DELETE')"
        " FROM pg_class WHERE oid = %s::regclass",
        table(model),
    )
    assert owner != me
    assert may
    assert rows("SELECT has_table_privilege(%s, 'TRUNCATE')", table(model)) == [(False,)]


@pytest.mark.parametrize("model", TENANT, ids=table)
def test_references_are_composite(model: Any) -> None:
    definitions = {
        definition
        for (definition,) in rows(
            "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE contype = 'f' AND conrelid = %s::regclass",
            table(model),
        )
    }
    for field in model._meta.local_fields:
        if not field.is_relation or field.name == "organization":
            continue
        assert isinstance(field, TenantForeignKey), f"{field} is a plain reference; use TenantForeignKey"
        target = field.remote_field.model._meta.db_table
        wanted = f"FOREIGN KEY (organization_id, {field.column}) REFERENCES {target}(organization_id, id)"
        assert any(one.startswith(wanted) for one in definitions), f"{field}: {definitions}"
    assert len(definitions) == len([f for f in model._meta.local_fields if f.is_relation])
    assert not model._meta.local_many_to_many, "many-to-many goes through an explicit tenant model"


@pytest.mark.parametrize("model", TENANT, ids=table)
def test_indexes_lead_with_the_organization(model: Any) -> None:
    found = rows(
        """
        SELECT c.relname, i.indisprimary, a.attname
          FROM pg_index i
          JOIN pg_class c ON c.oid = i.indexrelid
          LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
         WHERE i.indrelid = %s::regclass
        """,
        table(model),
    )
    assert found
    for name, primary, first in found:
        assert primary or name in GLOBALLY_UNIQUE or first == "organization_id", f"{name} leads with {first}"


@pytest.mark.parametrize("model", TENANT, ids=table)
def test_natural_keys_are_unique_per_organization(model: Any) -> None:
    for field in model._meta.local_fields:
        assert field.primary_key or not field.unique, f"{field}: use a UniqueConstraint with the organization"
    for constraint in model._meta.constraints:
        if isinstance(constraint, models.UniqueConstraint):
            assert constraint.name in GLOBALLY_UNIQUE or constraint.fields[:1] == ("organization",)


def test_definer_functions_are_few_and_closed() -> None:
    found = rows(
        """
        SELECT p.proname, p.proconfig, has_function_privilege('public', p.oid, 'EXECUTE')
          FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
         WHERE p.prosecdef AND n.nspname NOT IN ('pg_catalog', 'information_schema')
        """
    )
    names = {name for name, _, _ in found}
    assert names == DEFINER_FUNCTIONS
    for name, config, public in found:
        assert any(one.startswith("search_path=pg_catalog") for one in config or []), (
            f"{name}: fix its search_path"
        )
        assert not public, f"{name}: PUBLIC may execute it"


#: Each has a cross-organization test of its own, named here.
DEFINER_FUNCTIONS = {
    "accounts_audit_expire",  # tests/audit/test_append_only.py
    "accounts_audit_pseudonymise",  # tests/audit/test_append_only.py
    "accounts_key_rests",  # tests/accounts/test_suspension.py
    "accounts_refresh_statistics",  # tests/crm/test_import_statistics.py: returns and shows nothing
    "accounts_resolve_api_key",  # tests/accounts/test_tenancy.py
    "accounts_resolve_invitation",  # tests/accounts/test_invitations.py
    "accounts_resolve_sign_on",  # tests/accounts/sso/test_domains.py
    "accounts_resolve_sign_on_domain",  # tests/accounts/sso/test_domains.py
    "crm_search_customers",  # tests/crm/test_search.py
    "feedback_resolve_token",  # tests/feedback/test_links.py
    "feedback_token_rests",  # tests/accounts/test_suspension.py
}


def test_the_runtime_role_is_an_ordinary_one() -> None:
    assert rows(
        "SELECT rolsuper, rolbypassrls, rolcreatedb, rolcreaterole FROM pg_roles WHERE rolname = current_user"
    ) == [(False, False, False, False)]


def test_the_migration_record_cannot_be_changed_by_it() -> None:
    assert rows("SELECT has_table_privilege('django_migrations', 'INSERT, UPDATE, DELETE')") == [(False,)]


def test_migrations_import_no_room() -> None:
    import re
    from pathlib import Path

    root = Path(__file__).resolve().parents[2]
    for path in root.glob("*/migrations/*.py"):
        found = re.findall(
            r"^\s*(?:from|import) (accounts|crm|feedback|analytics|dashboards)\b", path.read_text(), re.M
        )
        assert not found, f"{path} imports {found}"
