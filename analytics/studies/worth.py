"""What a link that stands would be worth, if it were more than an association."""

import numpy as np

from analytics.frames.metrics import Metric

from .adjusted import Adjusted, inverse_link
from .bootstrap import Draws
from .readings import percentile
from .results import Contrast, Worth
from .settings import Settings


def worth(
    contrast: Contrast, link: Adjusted, drawn: Draws, metric: Metric, settings: Settings, why: dict[str, str]
) -> Worth | None:
    """If `settings.share` of the lowest band answered as the middle one: their number times the difference.

    The difference is averaged over the lowest band's own controls, since under a log link the whole
    population's is another number; number and difference are drawn together. None, with the reason in
    `why`, unless the contrast of the two bands stands.
    """
    if contrast.reading != "stands":
        why["worth"] = (
            f"Shown only where the difference between {contrast.first_noun} and "
            f"{contrast.second_noun} stands."
        )
        return None
    lowest = link.x[:, 2] == 1.0
    base = link.x[lowest] @ link.beta - link.beta[2]
    gain = inverse_link(base, link.family).mean() - inverse_link(base + link.beta[2], link.family).mean()
    each = drawn.lowest_means[:, 1] - drawn.lowest_means[:, 2]
    customers = settings.share * float(lowest.sum())
    total = settings.share * drawn.lowest_count * each
    return Worth(
        share=settings.share,
        customers=customers,
        difference=percentile(float(gain), each, settings.level),
        total=percentile(customers * float(gain), np.asarray(total, dtype=np.float64), settings.level),
        unit=metric.unit,
        currency=settings.currency if metric.unit == "money" else None,
    )
