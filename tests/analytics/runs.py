"""Starting studies and doing their runs, here or in a real worker."""

from typing import Any

from accounts.models import OutboxEntry
from accounts.tenancy import organization_context
from analytics.models import Run, Study
from analytics.studies import services
from analytics.tasks import run_study
from tests.analytics import simulated
from tests.factories import NOW

EFFECT = {"promoter": 1.4, "detractor": 0.6}


def study(**fields: Any) -> Study:
    defaults: dict[str, Any] = {
        "name": "Revenue after NPS",
        "predictor": "nps",
        "outcome": "revenue",
        "horizon_days": simulated.HORIZON,
        "lookback_days": simulated.LOOKBACK,
    }
    return services.create_study(**{**defaults, **fields})


def start(asked: Study, **fields: Any) -> Run:
    return services.start_run(study=asked, **{"as_of": NOW, "seed": 1, **fields})


def do(organization: Any, run: Run) -> Run:
    """Do a run in this process, as a worker would, outside any context."""
    entry = OutboxEntry.objects.get(arguments__run=str(run.pk))
    run_study(organization_id=str(organization.pk), outbox_id=entry.pk, run=str(run.pk))
    with organization_context(organization):
        return Run.objects.select_related("study").get(pk=run.pk)
