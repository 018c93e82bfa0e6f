"""Makes a seeded organization, or finishes one that was interrupted."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from accounts.models import Organization
from accounts.tenancy import organization_context
from analytics.studies.services import create_study, start_run
from crm.models import Touchpoint
from feedback.links import public_link, token_hash
from feedback.models import Invitation, Survey, SurveyVersion
from feedback.surveys.services import create_survey, publish

from . import defaults, secret_files
from .cast import LogIn
from .company import TOUCHPOINTS, Company
from .documents import surveys
from .load import load, load_pulse
from .people_at_work import create_staff, create_users
from .truth import Truth
from .world import World

Say = Callable[[str], None]


@dataclass(frozen=True)
class Plan:
    """What to make. `until` is the end of the data, a midnight in UTC; None is today's."""

    company: Company
    customers: int
    cast: tuple[LogIn, ...]
    until: date | None = None
    seed: int = defaults.SEED
    truth: Truth = field(default_factory=Truth)


def plant(plan: Plan, *, say: Say = lambda text: None) -> Organization:
    """The organization, complete. One that is there already is left as it is.

    Until it is complete it is inactive, so that nobody sees half of it; a second call goes on where an
    interrupted one stopped.
    """
    organization = Organization.objects.filter(slug=plan.company.slug).first()
    if organization is not None and (organization.is_active or organization.suspended_by):
        return organization
    until = plan.until or (organization.created_at if organization else timezone.now()).astimezone(UTC).date()
    world = World(plan.truth, plan.seed, until, plan.customers, plan.company)
    if organization is None:
        say(f"{plan.company.name}: {plan.customers:,} customers, 24 months to {until}")
        organization = _found(plan, world)
    load(world, organization, say=say)
    _finish(world, organization)
    return organization


@transaction.atomic
def _found(plan: Plan, world: World) -> Organization:
    company = plan.company
    organization = Organization.objects.create(
        name=company.name,
        slug=company.slug,
        time_zone=company.time_zone,
        currency=company.currency,
        is_active=False,
    )
    memberships = create_users(organization, plan.cast, secret_files.password())
    with organization_context(organization):
        create_staff(organization, memberships, plan.seed)
        Touchpoint.objects.bulk_create(
            Touchpoint(key=key, name=name, stage=stage) for key, name, stage in TOUCHPOINTS
        )
        opening = world.calendar.datetime(0.0)
        for one in surveys(company):
            survey = create_survey(key=one.key, name=one.name, kind=one.kind, document=one.document)
            SurveyVersion.objects.filter(survey=survey).update(published_at=opening)
            publish(survey)
        Survey.objects.update(created_at=opening)
        public_link(Survey.objects.get(key="relationship"))
    return organization


def _finish(world: World, organization: Organization) -> None:
    with organization_context(organization):
        load_pulse(world, organization)
        _personal_invitation(world.calendar.datetime(0.0), organization)
        for kind, name, predictor, outcome in STUDIES:
            declared = EXPECTED if f"{predictor}>{outcome}" in EXPECTED else None
            study = create_study(
                kind=kind, name=name, predictor=predictor, outcome=outcome, declared=declared
            )
            start_run(study=study)
        organization.is_active = True
        organization.save(update_fields=["is_active"])


#: Linkage studies that are there from the start: a real link, a null one that only its placebo
#: unmasks, noise; a real operational link; teams, whose lasting differences a placebo shows as well.
STUDIES = (
    ("financial", "Revenue after NPS", "nps", "revenue"),
    ("financial", "Revenue after CES", "ces", "revenue"),
    ("financial", "Revenue after CSAT", "csat", "revenue"),
    ("operational", "CSAT after waiting", "wait_seconds", "csat"),
    ("constituency", "CSAT by teams’ engagement", "rating:engagement", "csat"),
)

#: Declared before the first run: what the one who asked expected.
EXPECTED = ["nps>revenue"]


def _personal_invitation(opening: datetime, organization: Organization) -> None:
    """The latest unanswered question gets a token that the demo knows."""
    open_one = (
        Invitation.objects.filter(
            survey__key="relationship",
            status__in=(Invitation.Status.SENT, Invitation.Status.DELIVERED),
            answered_at=None,
            customer__surveys_opted_out_at=None,
            sent_at__gte=opening,
        )
        .order_by("-sent_at", "id")
        .first()
    )
    if open_one is not None:
        open_one.hash = token_hash(secret_files.personal_token(organization.pk))
        open_one.expires_at = timezone.now() + timedelta(days=365)
        open_one.save(update_fields=["hash", "expires_at"])
