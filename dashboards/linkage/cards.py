"""A finished run in one sentence, for the overview."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from accounts.models import Membership
from analytics import selectors
from analytics.models import Run
from analytics.studies import findings
from dashboards.charts import LinkWhisker

from . import figures


@dataclass(frozen=True, slots=True)
class Card:
    kind: str
    finding: str
    chart: LinkWhisker | None
    foot: str
    url: str


def strongest(membership: Membership, *, limit: int) -> list[Card]:
    """The strongest links of the studies' latest finished runs, for members who may see them."""
    if not membership.may("linkage.view"):
        return []
    slug = membership.organization.slug
    return [card(run, slug) for run in selectors.strongest_links(limit=limit)]


def card(run: Run, slug: str) -> Card:
    result: dict[str, Any] = run.result or {}
    facts = result["facts"]
    return Card(
        f"{run.study.get_kind_display()} · {facts['predictor_label']} → {facts['outcome_label'].lower()}, "
        f"{facts['horizon_days']} days after",
        findings.short(result),
        figures.whisker(result),
        findings.foot(result),
        reverse("run", kwargs={"slug": slug, "pk": run.pk}),
    )
