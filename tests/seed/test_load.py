"""The world in the database: complete, consistent, inside its own organization, and only once."""

import re
from collections.abc import Iterator
from importlib import import_module
from io import StringIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test import override_settings

from accounts.models import ApiKey, Membership, Organization, User
from accounts.models.apikey import key_hash
from accounts.roles import Role
from accounts.tenancy import organization_context
from crm.models import Case, Customer, Employee, Interaction, Team, Touchpoint, Transaction
from dashboards.seed import defaults
from dashboards.seed.cast import CAST, OUTSIDER
from dashboards.seed.company import BRIGHTWATER, HALDEN, Company
from dashboards.seed.load import FILLED
from dashboards.seed.plant import Plan, plant
from dashboards.seed.truth import Truth
from dashboards.seed.world import World
from feedback import scoring
from feedback.intake.supersede import supersede
from feedback.links import organization_of
from feedback.models import Invitation, Response, Score, Survey, SurveyVersion, Verbatim
from feedback.surveys.document import parse
from tests.queries import QueryBudget

from .conftest import UNTIL

#: The mark makes pytest-django create the test database, which a module's fixture alone does not.
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("planted")]
CUSTOMERS = 350


@pytest.fixture(scope="module")
def planted(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any
) -> Iterator[SimpleNamespace]:
    """Both organizations, in one transaction that is undone after the module."""
    var = tmp_path_factory.mktemp("var")
    with (
        django_db_blocker.unblock(),
        override_settings(VAR_DIR=var, PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]),
        transaction.atomic(),
    ):
        with QueryBudget(230) as queries:
            halden = plant(Plan(HALDEN, CUSTOMERS, CAST, until=UNTIL))
        brightwater = plant(Plan(BRIGHTWATER, 60, OUTSIDER, until=UNTIL))
        yield SimpleNamespace(halden=halden, brightwater=brightwater, var=Path(var), queries=len(queries))
        transaction.set_rollback(True)


@pytest.fixture
def inside_halden(planted):
    with organization_context(planted.halden):
        yield planted


def seed(*options: str) -> str:
    out = StringIO()
    call_command("seed", *options, stdout=out, stderr=StringIO())
    return out.getvalue()


def counts() -> dict[str, int]:
    return {model.__name__: model.objects.count() for model in (*FILLED, Survey, Team, Employee, ApiKey)}


def test_every_row_arrives(inside_halden):
    world = World(Truth(), defaults.SEED, UNTIL, CUSTOMERS)
    block = world.block(0)
    assert Customer.objects.count() == CUSTOMERS
    assert Transaction.objects.count() == len(block.transactions)
    assert Interaction.objects.count() == len(block.interactions)
    assert Invitation.objects.count() == len(block.asks)
    assert Case.objects.count() == len(block.cases)
    assert Response.objects.count() == len(block.responses) + len(world.pulse.employee)
    assert Verbatim.objects.count() == sum(map(bool, block.responses.text))
    assert (Team.objects.count(), Employee.objects.count(), Touchpoint.objects.count()) == (19, 120, 14)
    assert (
        Case.objects.filter(status="closed").count() == (block.cases.closed_at == block.cases.closed_at).sum()
    )


def test_every_reference_is_valid(planted):
    for organization in (planted.halden, planted.brightwater):
        with organization_context(organization), connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def test_scores_and_words_are_those_of_the_scoring_engine(inside_halden):
    documents = {one.pk: parse(one.document) for one in SurveyVersion.objects.all()}
    responses = Response.objects.prefetch_related("scores", "verbatims")
    assert len(responses) > 500
    for response in responses:
        document = documents[response.version_id]
        clean, errors = document.validate(response.answers, partial=response.status != "complete")
        assert not errors
        assert clean == response.answers
        assert sorted((s.metric, s.question, s.value) for s in response.scores.all()) == sorted(
            (s.metric, s.question, s.value) for s in scoring.scores_of(document, response.answers)
        )
        assert [(v.question, v.text) for v in response.verbatims.all()] == scoring.verbatims_of(
            document, response.answers
        )


def test_what_counts_is_what_the_engine_lets_count(inside_halden):
    for survey in Survey.objects.all():
        assert supersede(survey.pk) == 0, survey.key
    assert Score.objects.filter(counts=False).exists()


def test_each_survey_is_published_and_answered(inside_halden):
    kinds = dict(Survey.objects.values_list("key", "kind"))
    assert set(kinds.values()) == {"relationship", "transactional", "employee"}
    for survey in Survey.objects.all():
        assert survey.status == Survey.Status.PUBLISHED
        assert Score.objects.filter(survey=survey, counts=True).exists()
    waves = set(Response.objects.filter(survey__key="relationship").values_list("wave", flat=True))
    assert len(waves) in (8, 9)
    pulse = Response.objects.filter(survey__key="employee-pulse")
    assert not pulse.filter(customer__isnull=False).exists()
    teams = set(Team.objects.filter(parent__parent__isnull=False).values_list("external_id", flat=True))
    assert {one.answers["team"] for one in pulse} == teams


def test_invitations_say_why_nobody_was_asked(inside_halden):
    not_asked = Invitation.objects.filter(status="not_asked")
    assert set(not_asked.values_list("ineligible_reason", flat=True)) == {
        "", "opted_out", "no_address", "quarantine",
    }  # fmt: skip
    assert not not_asked.filter(hash__isnull=False).exists()
    assert not Invitation.objects.exclude(status="not_asked").filter(hash__isnull=True).exists()
    answered = Invitation.objects.filter(status="answered")
    assert answered.count() == answered.filter(responses__isnull=False, answered_at__isnull=False).count() > 0
    opted_out = Invitation.objects.filter(customer__surveys_opted_out_at__isnull=False)
    for one in opted_out.select_related("customer"):
        if one.sent_at >= one.customer.surveys_opted_out_at:
            assert one.status == "not_asked"


def test_cases_come_from_what_opened_them(inside_halden):
    owners = {
        f"{kind}:{key}": customer
        for kind, model in (("response", Response), ("interaction", Interaction))
        for key, customer in model.objects.values_list("pk", "customer_id")
    }
    assert Case.objects.count() > 50
    for case in Case.objects.all():
        assert owners[case.source] == case.customer_id
        assert case.due_at > case.opened_at


def test_one_organization_does_not_see_the_other(planted):
    seen = {}
    for organization in (planted.halden, planted.brightwater):
        with organization_context(organization):
            seen[organization.slug] = {
                model.__name__: set(model.objects.values_list("pk", flat=True)) for model in FILLED
            }
            assert Customer.objects.filter(external_id="C-100001").count() == 1  # both have one of this name
    for name, rows in seen["halden"].items():
        assert rows
        assert seen["brightwater"][name]
        assert not rows & seen["brightwater"][name]


def test_a_second_run_only_prints(planted):
    def state() -> list[Any]:
        found: list[Any] = [Organization.objects.count(), User.objects.count(), Membership.objects.count()]
        for organization in (planted.halden, planted.brightwater):
            with organization_context(organization):
                found.append(counts())
        return found

    first = seed()  # makes the API keys
    before = state()
    assert seed() == first
    assert state() == before


def test_everybody_can_log_in_and_the_printed_keys_work(planted):
    printed = seed()
    password = (planted.var / "demo_password").read_text().strip()
    for one in CAST:
        user = User.objects.get(name=one.name)
        assert user.check_password(password)
        assert re.search(
            rf"log in as {re.escape(user.email)} +{one.role} +password {re.escape(password)}", printed
        )
    assert {one.role for one in CAST} == set(Role)
    for name in ("demo_password", "demo_api_key"):
        assert (planted.var / name).stat().st_mode & 0o777 == 0o600
    key = re.findall(r"API key +(\S+)", printed)[0]
    with organization_context(planted.halden):
        assert ApiKey.objects.get(hash=key_hash(key)).is_usable
    tokens = re.findall(r"survey +http\S+/s/(\S+)", printed)
    assert [organization_of(token) for token in tokens] == [
        planted.halden.pk, planted.halden.pk, planted.brightwater.pk, planted.brightwater.pk,
    ]  # fmt: skip


def test_agents_who_log_in_are_employees(inside_halden):
    served = Employee.objects.filter(membership__isnull=False)
    assert {one.name for one in served} == {"Tess Vermeer", "Jos Smit"}
    assert Interaction.objects.filter(employee__in=served).exists()


def test_a_password_may_be_given(planted, monkeypatch):
    monkeypatch.setenv("DEMO_PASSWORD", "chosen-by-somebody")
    assert "password chosen-by-somebody" in seed()


def test_an_interrupted_run_is_finished(planted, monkeypatch):
    """Stopped after its first block: invisible, and the next call goes on from there."""
    for module in ("world", "load", "rows.cases"):
        monkeypatch.setattr(import_module(f"dashboards.seed.{module}"), "BLOCK", 40)
    plan = Plan(Company("stopped", "Stopped", HALDEN.products), 100, OUTSIDER, until=UNTIL)

    def stop(text: str) -> None:
        if text.startswith("80 of"):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        plant(plan, say=stop)
    organization = Organization.objects.get(slug="stopped")
    assert not organization.is_active
    with organization_context(organization):
        done = set(Customer.objects.values_list("pk", flat=True))
        assert len(done) == 80
    assert plant(plan).is_active
    with organization_context(organization):
        now = set(Customer.objects.values_list("pk", flat=True))
        assert len(now) == 100
        assert done < now
        assert Score.objects.filter(metric="rating:engagement").exists()


def test_a_wrong_number_of_customers_is_refused():
    with pytest.raises(CommandError, match="--customers 0"):
        seed("--customers", "0")
