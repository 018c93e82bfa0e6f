"""Answers with their scores and words as rows, as `feedback.scoring` would make them."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from feedback.models import Response, Score, Verbatim

from .. import asking
from ..truth import ITEMS
from .base import METRICS, BlockRows, Table

#: By responses.COMPLETE, PARTIAL, DISMISSED.
STATUS = (Response.Status.COMPLETE, Response.Status.PARTIAL, Response.Status.DISMISSED)


def responses(w: BlockRows) -> Table:
    table = w.block.responses
    when = w.time(table.at)
    places = w.block.interactions.place
    waves = np.where(table.survey == asking.NPS, w.calendar.quarters(table.at), "")
    of_ask = table.ask >= 0  # the wave somebody was asked in, also when they answer in the next quarter
    asked = w.calendar.quarters(w.block.asks.at[np.maximum(table.ask, 0)]) if of_ask.any() else waves
    waves = np.where(of_ask & (table.survey == asking.NPS), asked, waves).tolist()

    def rows() -> Iterator[Sequence[Any]]:
        for row, (survey, who, ask, about, status, test, channel, language) in enumerate(
            zip(
                table.survey.tolist(),
                table.who.tolist(),
                table.ask.tolist(),
                table.interaction.tolist(),
                table.status.tolist(),
                table.test.tolist(),
                table.channel.tolist(),
                table.language.tolist(),
                strict=True,
            )
        ):
            yield (
                w.responses[row],
                w.to.surveys[survey],
                w.to.versions[survey],
                w.customers[who] if who >= 0 else None,
                w.asks[ask] if ask >= 0 else None,
                w.interactions[about] if about >= 0 else None,
                w.to.touchpoints[places[about]] if about >= 0 else None,
                STATUS[status],
                test,
                waves[row],
                channel,
                language,
                answers(w, row),
                when[row],
                when[row],
                when[row],
            )

    fields = (
        "id survey version customer invitation interaction touchpoint status is_test wave channel "
        "language answers answered_at created_at updated_at"
    )
    return Response, fields.split(), rows()


def answers(w: BlockRows, row: int) -> str:
    """The answers of one response as JSON, as the survey's document has them."""
    table = w.block.responses
    given: dict[str, Any] = {METRICS[int(table.survey[row])]: int(table.score[row])}
    rated = {item: int(v) for item, v in zip(ITEMS, table.items[row].tolist(), strict=True) if v == v}
    if rated:
        given["rated"] = rated
    if table.text[row]:
        given["why"] = table.text[row]
    return json.dumps(given, ensure_ascii=False)


def scores(w: BlockRows) -> Table:
    table = w.block.responses
    when = w.time(table.at)
    counts, items_count = table.counts.tolist(), table.items_count.tolist()
    places = w.block.interactions.place

    def rows() -> Iterator[Sequence[Any]]:
        for row, (survey, who, about, channel, score, items) in enumerate(
            zip(
                table.survey.tolist(),
                table.who.tolist(),
                table.interaction.tolist(),
                table.channel.tolist(),
                table.score.tolist(),
                table.items.tolist(),
                strict=True,
            )
        ):
            same = (
                w.responses[row],
                w.customers[who] if who >= 0 else None,
                w.to.surveys[survey],
                w.to.touchpoints[places[about]] if about >= 0 else None,
                channel,
                when[row],
            )
            yield (*same, METRICS[survey], METRICS[survey], score, counts[row])
            for item, value, counted in zip(ITEMS, items, items_count[row], strict=True):
                if value == value:
                    yield (*same, f"rating:{item}", f"rated.{item}", value, counted)

    fields = "response customer survey touchpoint channel answered_at metric question value counts"
    return Score, fields.split(), rows()


def verbatims(w: BlockRows) -> Table:
    table = w.block.responses
    when = w.time(table.at)
    rows = (
        (
            w.responses[row],
            w.customers[who] if who >= 0 else None,
            "why",
            table.text[row],
            language,
            when[row],
        )
        for row, (who, language) in enumerate(zip(table.who.tolist(), table.language.tolist(), strict=True))
        if table.text[row]
    )
    return Verbatim, ["response", "customer", "question", "text", "language", "answered_at"], rows
