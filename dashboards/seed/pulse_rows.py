"""The employees' pulse as rows: no customer, the team is one of the answers."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from feedback.models import Response, Score

from .answers import PULSE_ITEMS
from .asking import PULSE
from .documents import team_key
from .ids import uuids
from .rows import References, Table
from .world import World


def pulse_tables(world: World, references: References) -> Iterator[Table]:
    """Responses, then their scores."""
    pulse, calendar, staff = world.pulse, world.calendar, world.staff
    ids = uuids(len(pulse.employee))
    when = np.datetime_as_string(calendar.instants(pulse.at), timezone="UTC").tolist()
    waves = calendar.quarters(pulse.at).tolist()
    teams = staff.team_of[pulse.employee].tolist()
    survey, version = references.surveys[PULSE], references.versions[PULSE]

    def responses() -> Iterator[Sequence[Any]]:
        for row, (team, overall, items) in enumerate(
            zip(teams, pulse.overall.tolist(), pulse.items.tolist(), strict=True)
        ):
            felt = {item: int(value) for item, value in zip(PULSE_ITEMS, items, strict=True)}
            answers = json.dumps({"team": team_key(team), "engagement": int(overall), "felt": felt})
            at = when[row]
            yield ids[row], survey, version, "complete", False, waves[row], "link", "en", answers, at, at, at

    def scores() -> Iterator[Sequence[Any]]:
        for row, (overall, items) in enumerate(
            zip(pulse.overall.tolist(), pulse.items.tolist(), strict=True)
        ):
            same = (ids[row], survey, "link", when[row], True)
            yield (*same, "rating:engagement", "engagement", overall)
            for item, value in zip(PULSE_ITEMS, items, strict=True):
                yield (*same, f"rating:engagement-{item}", f"felt.{item}", value)

    fields = (
        "id survey version status is_test wave channel language answers answered_at created_at updated_at"
    )
    yield Response, fields.split(), responses()
    yield (
        Score,
        ["response", "survey", "channel", "answered_at", "counts", "metric", "question", "value"],
        scores(),
    )
