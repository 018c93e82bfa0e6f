"""Property tests: the picture, Plotly and the table hold the same numbers."""

from datetime import date, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from dashboards.charts import (
    SCORE,
    BandDots,
    BandPanel,
    BandRow,
    Distribution,
    Estimate,
    LinkWhisker,
    ScoreGroup,
    Trend,
    TrendPoint,
)
from dashboards.charts.numbers import full_text

from .reading import plotted, tree, whiskers

REACHES = st.tuples(st.integers(-80, 80), st.integers(1, 30), st.integers(1, 30))
ESTIMATES = st.lists(REACHES, min_size=2, max_size=12).map(
    lambda found: [Estimate(value, value - below, value + above, 50) for value, below, above in found]
)


def straight(pairs: list[tuple[float, float]]) -> bool:
    """Whether places are one straight function of values, to the tenth of a pixel that the SVG rounds to."""
    low, high = min(pairs), max(pairs)
    if high[0] == low[0]:
        return all(abs(place - low[1]) <= 0.2 for _, place in pairs)
    slope = (high[1] - low[1]) / (high[0] - low[0])
    return all(abs(low[1] + slope * (value - low[0]) - place) <= 0.3 for value, place in pairs)


@given(ESTIMATES, st.sampled_from(["wide", "narrow"]))
@settings(max_examples=60, deadline=None)
def test_trend_says_the_same_three_times(estimates: list[Estimate], width: Any) -> None:
    days = [date(2026, 1, 5) + timedelta(weeks=week) for week in range(len(estimates))]
    chart = Trend("NPS", tuple(map(TrendPoint, days, estimates)), unit=SCORE)
    drawn = [(start, end) for way, start, end in whiskers(chart.svg(width)) if way == "V"]
    assert len(drawn) == len(estimates)
    pairs = [
        pair
        for (top, bottom), item in zip(drawn, estimates, strict=True)
        for pair in ((item.high, top), (item.low, bottom))
    ]
    assert straight(pairs)
    assert [(round(v), round(low), round(high)) for v, low, high in plotted(chart.plotly())] == [
        (item.value, item.low, item.high) for item in estimates
    ]
    titles = [element.text or "" for element in tree(chart.svg(width)).iter("title")]
    for item, row, title in zip(estimates, chart.table().rows, titles, strict=True):
        assert row[1] == full_text(item, SCORE)
        assert row[1] in title


@given(ESTIMATES)
@settings(max_examples=60, deadline=None)
def test_bands_say_the_same_three_times(estimates: list[Estimate]) -> None:
    rows = tuple(BandRow(f"band {place}", "plain", item) for place, item in enumerate(estimates))
    chart = BandDots((BandPanel("After", "", rows), BandPanel("Before", "", rows, placebo=True)))
    for width in ("wide", "narrow"):
        drawn = [(start, end) for way, start, end in whiskers(chart.svg(width)) if way == "H"]
        first = drawn[: len(estimates)]
        pairs = [
            pair
            for (left, right), item in zip(first, estimates, strict=True)
            for pair in ((item.low, left), (item.high, right))
        ]
        assert straight(pairs)
    found = [(round(v), round(low), round(high)) for v, low, high in plotted(chart.plotly())]
    assert found == [(item.value, item.low, item.high) for item in estimates] * 2
    for item, row in zip(estimates, chart.table().rows, strict=True):
        assert row[-1] == row[-2] == full_text(item, chart.unit)


@given(REACHES, REACHES)
@settings(max_examples=60, deadline=None)
def test_link_and_placebo_stand_on_one_scale(one: tuple[int, int, int], two: tuple[int, int, int]) -> None:
    link, placebo = (Estimate(value, value - below, value + above) for value, below, above in (one, two))
    chart = LinkWhisker(link, placebo)
    svg = chart.svg("column")
    (_, a, b), (_, c, d) = whiskers(svg)
    assert straight([(link.low, a), (link.high, b), (placebo.low, c), (placebo.high, d)])
    words = "".join(tree(svg).itertext())
    for row in chart.table().rows:
        assert row[1] in words
        assert row[2] in words


@given(st.lists(st.integers(0, 5000), min_size=1, max_size=11))
@settings(max_examples=60, deadline=None)
def test_bars_start_at_zero_and_keep_their_proportions(counts: list[int]) -> None:
    scores = tuple(str(place) for place in range(len(counts)))
    chart = Distribution(scores, (ScoreGroup("All", "plain", tuple(counts)),))
    bars = [
        element
        for element in tree(chart.svg("column")).iter()
        if (element.get("class") or "").startswith("bar")
    ]
    assert all(abs(float(bar.get("y", 0)) + float(bar.get("height", 0)) - 192) <= 0.2 for bar in bars)
    heights = [float(bar.get("height", 0)) for bar in bars]
    assert straight([(0.0, 0.0), *zip(map(float, counts), heights, strict=True)])
    assert chart.plotly()["data"][0]["y"] == counts
