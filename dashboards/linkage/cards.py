"""A finished run in one sentence, for the overview."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from accounts.models import Membership
from analytics import selectors
from analytics.models import Run
from dashboards.charts import LinkWhisker

from . import figures
from .told import kind, told


@dataclass(frozen=True, slots=True)
class Card:
    kind: str
    finding: str
    chart: LinkWhisker | None
    foot: str
    url: str
    #: Names its picture among the page's.
    key: str = ""


def strongest(membership: Membership, *, limit: int) -> list[Card]:
    """The strongest links of the studies' latest finished runs, for members who may see them."""
    if not membership.may("linkage.view"):
        return []
    slug = membership.organization.slug
    runs = selectors.strongest_links(limit=limit)
    return [card(run, slug, key=f"link-{place}") for place, run in enumerate(runs, 1)]


def card(run: Run, slug: str, *, key: str = "") -> Card:
    result: dict[str, Any] = run.result or {}
    facts, words = result["facts"], told(result)
    after = f", {facts['horizon_days']} days after" if kind(result) == "financial" else ""
    return Card(
        f"{run.study.get_kind_display()} · {facts['predictor_label']} → {_small(facts['outcome_label'])}{after}",
        words.short,
        figures.whisker(result),
        words.foot,
        reverse("run", kwargs={"slug": slug, "pk": run.pk}),
        key,
    )


def _small(label: str) -> str:
    """ "Revenue" goes on as "revenue"; "CSAT" stays what it is."""
    return label if label.isupper() else label[:1].lower() + label[1:]
