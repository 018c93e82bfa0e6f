"""Frames to a result: pure, seeded, the same digits for the same frames."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pandas as pd

from . import families, nonresponse, pairs, worth
from .facts import facts
from .link import Link
from .nonresponse.section import Speaking
from .results import Result
from .sections import drivers, quality, survival
from .sections.associations import Associations
from .settings import Settings

if TYPE_CHECKING:  # what builds frames needs Django; what computes does not
    from analytics.frames.parts import Parts

Progress = Callable[[float, str], None]


def compute(
    frame: pd.DataFrame,
    settings: Settings,
    progress: Progress = lambda share, words: None,
    *,
    parts: "Parts | None" = None,
) -> Result:
    """Bands, adjusted differences, placebo and worth of one study; with `parts` every section beside them.

    Args:
        frame: as `analytics.frames.financial` builds it.
        progress: called with the share done (0 to 1) and what is being done; may raise to stop.
        parts: the frames beside it (`analytics.frames.parts`); None for runs from before there were any.

    Raises:
        ValueError: on unknown names in the settings. Data that cannot answer are a result, not an error.
    """
    link = Link(frame, settings, progress if parts is None else within(progress, 0.0, 0.45))
    declared = [settings.is_declared(settings.predictor, settings.outcome)] * len(link.tested)
    p_values = [p for _, p in link.tested]
    sections: dict[str, Any] = {}
    speaking: Speaking | None = None
    if parts is None:
        q = families.q_values(p_values, declared)
    else:
        found = pairs.correlate(parts.answers, settings, within(progress, 0.45, 0.7))
        tested = [one for one in found if one.p is not None]
        q = families.q_values(
            [*p_values, *(one.p for one in tested if one.p is not None)],
            [*declared, *(one.declared for one in tested)],
        )
        associations = pairs.read(
            found,
            q[len(p_values) :],
            settings,
            left_out=parts.left_out,
            others=(len(p_values), sum(declared)),
        )
        sections["nonresponse"], speaking = nonresponse.compute(
            parts.asked, link, within(progress, 0.7, 0.78)
        )
        sections |= _beside(frame, settings, parts, associations, progress)
    contrasts = link.contrasts(q)
    after, before = link.panels()
    association, placebo_association = link.associations()
    gain = worth.worth(contrasts[2], link, speaking) if contrasts else None
    return Result(
        facts=facts(link, sections.get("associations")),
        reading=contrasts[0].reading if contrasts else "insufficient_evidence",
        after=after,
        before=before,
        contrasts=contrasts,
        association=association,
        placebo_association=placebo_association,
        worth=gain,
        shortfalls=link.shortfalls,
        why=link.why,
        **sections,
    )


def _beside(
    frame: pd.DataFrame, settings: Settings, parts: "Parts", associations: Associations, progress: Progress
) -> dict[str, Any]:
    """Sections that need nothing of the link."""
    found: dict[str, Any] = {"associations": associations}
    if (returning := parts.returning) is not None:
        found["survival"] = survival.compute(returning, parts.asked, settings, within(progress, 0.78, 0.85))
    del returning
    if (items := parts.items) is not None:
        found["drivers"] = drivers.compute(items, settings, within(progress, 0.85, 0.97))
        found["quality"] = quality.compute(frame, items, settings, associations, within(progress, 0.97, 1.0))
    return found


def within(progress: Progress, start: float, end: float) -> Progress:
    """Progress of a part of the work as progress of the whole."""
    return lambda share, words: progress(start + (end - start) * share, words)
