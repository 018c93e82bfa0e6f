"""Writes a world into an organization, block by block, each block whole or not at all."""

from collections.abc import Callable
from itertools import chain
from typing import Any

from django.db import connection

from accounts.models import Organization
from accounts.tenancy import organization_context
from cem.lib.db.base import as_owner
from cem.lib.db.bulk import insert_rows
from crm.models import Case, Company, Customer, Employee, Interaction, Team, Touchpoint, Transaction
from feedback.models import Invitation, Response, Score, Survey, SurveyVersion, Verbatim

from .company import TOUCHPOINTS
from .documents import surveys
from .rows import BlockRows, References, tables
from .world import BLOCK, World

FILLED = (Company, Customer, Transaction, Interaction, Invitation, Response, Score, Verbatim, Case)


def load(
    world: World, organization: Organization, *, say: Callable[[str], None] = lambda text: None
) -> dict[str, int]:
    """Write the blocks that are not there yet. Returns rows written by table."""
    written: dict[str, int] = {}
    references = None
    for number in world.block_numbers:
        first = f"C-{100_000 + number * BLOCK + 1}"
        with organization_context(organization):
            if Customer.objects.filter(external_id=first).exists():
                continue
            references = references or find_references(world)
            rows = BlockRows(world, world.block(number), references)
            for model, fields, values in tables(rows):
                table = model._meta.verbose_name_plural
                written[table] = written.get(table, 0) + insert_rows(model, fields, values)
        say(f"{min((number + 1) * BLOCK, world.customers):,} of {world.customers:,} customers")
    return written


def find_references(world: World) -> References:
    """Ids of touchpoints, employees and surveys in the generator's order, within the organization."""
    places = dict(Touchpoint.objects.values_list("key", "id"))
    employees = list(Employee.objects.order_by("external_id").values_list("id", "team_id"))
    seeded = surveys(world.company)
    by_key = dict(Survey.objects.values_list("key", "id"))
    versions = dict(SurveyVersion.objects.order_by("number").values_list("survey_id", "id"))
    return References(
        touchpoints=[str(places[key]) for key, _, _ in TOUCHPOINTS],
        employees=[str(one) for one, _ in employees],
        teams=[str(team) for _, team in employees],
        surveys=[str(by_key[one.key]) for one in seeded],
        versions=[str(versions[by_key[one.key]]) for one in seeded],
        survey_names=tuple(one.name for one in seeded),
    )


def load_pulse(world: World, organization: Organization) -> int:
    """The employees' answers: responses without a customer, which name their team. Returns how many."""
    from .pulse_rows import pulse_tables

    with organization_context(organization):
        references = find_references(world)
        counts = [insert_rows(model, fields, rows) for model, fields, rows in pulse_tables(world, references)]
    return counts[0]


def refresh_statistics() -> bool:
    """VACUUM ANALYZE of what was filled, so that the first page is planned well and reads indexes alone.

    Needs the owner (DATABASE_OWNER_URL) and no open transaction; False where it cannot be done.
    """
    if connection.in_atomic_block or not connection.settings_dict.get("OWNER"):
        return False
    tables: list[Any] = [model._meta.db_table for model in chain(FILLED, (Team, Employee))]
    with as_owner(connection), connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"VACUUM (ANALYZE) {connection.ops.quote_name(table)}")
    return True
