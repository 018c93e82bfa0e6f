"""Every Celery task works in one organization or is on a list of those that work for all and see no tenant row."""

import pytest
from celery import current_app
from django.apps import apps
from django.db import connection

from accounts.tenancy import NoOrganization, organization_context
from accounts.tenant import TenantModel
from accounts.work.task import _InOrganization
from cem.celery import app
from tests import factories
from tests.cast import Cast

pytestmark = pytest.mark.django_db

#: Tasks that are told no organization, and why they need none.
GLOBAL = {
    "accounts.relay": "publishes what is owed: ids only",
    "accounts.tidy": "enters each organization in turn",
    "accounts.retention_due": "enters each organization in turn",
    "accounts.sweep_deletions": "reads the list of organizations",
    "accounts.spread_failed_login": "enters the organizations of the account that somebody failed to log in to",
    "analytics.sweep_schedule": "reads the schedule: ids only",
}

app.loader.import_default_modules()
OURS = sorted(name for name in current_app.tasks if not name.startswith(("celery.", "tests.", "test")))


def test_there_are_tasks() -> None:
    assert len(OURS) > 8
    assert set(GLOBAL) <= set(OURS), "a task that is gone"


@pytest.mark.parametrize("name", [name for name in OURS if name not in GLOBAL])
def test_a_task_without_an_organization_is_refused(cast: Cast, name: str) -> None:
    task = current_app.tasks[name]
    assert isinstance(task, _InOrganization), (
        f"{name}: give it base=OrganizationTask or LongTask, or list it as global"
    )
    with pytest.raises(NoOrganization):
        task.apply_async(kwargs={"row": "1"})
    with pytest.raises(NoOrganization):
        task(row="1")


def test_what_runs_without_an_organization_sees_no_tenant_row(cast: Cast) -> None:
    """As each global task begins: SQL past the guard of the ORM, typed by hand."""
    with organization_context(cast.organization):
        factories.transaction()
    with connection.cursor() as cursor:
        for model in apps.get_models():
            if issubclass(model, TenantModel):
                cursor.execute(f"SELECT count(*) FROM {model._meta.db_table}")
                assert cursor.fetchone()[0] == 0, model._meta.label
    for model in apps.get_models():
        if issubclass(model, TenantModel):
            with pytest.raises(NoOrganization):
                model.objects.count()
