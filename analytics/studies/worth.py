"""What a link that stands would be worth, if it were more than an association."""

import numpy as np

from analytics.frames.metrics import Metric

from . import bootstrap
from .adjusted import Adjusted, inverse_link
from .bootstrap import Draws
from .design import FloatArray
from .link import Link
from .nonresponse.section import Speaking
from .readings import percentile
from .results import Contrast, Worth
from .settings import Settings

#: Outcomes that do not add up over customers.
_NO_TOTAL = {"average_order_value": "A value for each order adds up to no total over customers."}


def worth(contrast: Contrast, link: Link, speaking: Speaking | None) -> Worth | None:
    """If `settings.share` of the lowest band answered as the middle one: their number times the difference.

    The number is that among eligible customers, by Hájek weights, and the difference that of the weighted link; where
    there are no weights, both are those of the customers followed. The difference is averaged over the lowest band's
    own controls, since under a log link the whole population's is another number; number and difference are drawn
    together. None, with the reason in `link.why`, unless the contrast of the two bands stands.
    """
    if contrast.reading != "stands":
        link.why["worth"] = (
            f"Shown only where the difference between {contrast.first_noun} and "
            f"{contrast.second_noun} stands."
        )
        return None
    if link.metric.name in _NO_TOTAL:
        link.why["worth"] = _NO_TOTAL[link.metric.name]
        return None
    if speaking is None:
        assert link.model is not None
        return _worth(link.model, link.drawn[0], len(link.frame), None, link.metric, link.settings)
    [drawn] = bootstrap.draw(
        [(speaking.model, speaking.rows)],
        customers=len(link.frame),
        draws=link.settings.draws,
        seed=link.settings.seed,
    )
    return _worth(
        speaking.model, drawn, speaking.eligible, round(speaking.eligible), link.metric, link.settings
    )


def _worth(
    model: Adjusted, drawn: Draws, population: float, eligible: int | None, metric: Metric, settings: Settings
) -> Worth:
    lowest = model.x[:, 2] == 1.0
    own: FloatArray = np.ones(len(lowest)) if model.weights is None else model.weights
    base = model.x[lowest] @ model.beta - model.beta[2]
    gains = inverse_link(base, model.family) - inverse_link(base + model.beta[2], model.family)
    gain = float(np.average(gains, weights=own[lowest]))
    each = drawn.lowest_means[:, 1] - drawn.lowest_means[:, 2]
    customers = settings.share * population * float(own[lowest].sum() / own.sum())
    total = settings.share * drawn.lowest_count * (population / len(lowest)) * each
    return Worth(
        share=settings.share,
        customers=customers,
        difference=percentile(gain, each, settings.level),
        total=percentile(customers * gain, np.asarray(total, dtype=np.float64), settings.level),
        unit=metric.unit,
        currency=settings.currency if metric.unit == "money" else None,
        eligible=eligible,
    )
