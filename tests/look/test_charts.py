"""Both drawings and the table hold the same numbers, nothing is clipped, and no label can break out."""

import json
import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboards.charts import (
    SCORE,
    SHARE,
    Answer,
    Association,
    Associations,
    BandDots,
    BandPanel,
    BandRow,
    Chart,
    Distribution,
    Driver,
    DriversMap,
    Estimate,
    Event,
    LinkWhisker,
    Period,
    SaidDid,
    ScoreGroup,
    Spark,
    SurvivalCurve,
    SurvivalCurves,
    SurvivalStep,
    Trend,
    TrendPoint,
    Verdict,
)
from dashboards.charts.base import WIDTHS
from dashboards.charts.numbers import full_text

from . import sample

CHARTS = sample.charts()
HOSTILE = '</text><script>alert("1")</script>&amp; %{x} <b onload=x>\'"'


def tree(svg: str) -> ElementTree.Element:
    return ElementTree.fromstring(svg)


def numbers(path: str) -> list[float]:
    return [float(found) for found in re.findall(r"-?\d+(?:\.\d+)?", path)]


def whiskers(svg: str) -> list[tuple[str, float, float]]:
    """Way (H or V) and both ends of every whisker, in order."""
    found = []
    for element in tree(svg).iter():
        path = element.get("d", "")
        for piece in (
            re.findall(r"M([-\d.]+) ([-\d.]+)([HV])([-\d.]+)", path)
            if "w" in (element.get("class") or "").split()
            else []
        ):
            x, y, way, end = float(piece[0]), float(piece[1]), piece[2], float(piece[3])
            found.append((way, x if way == "H" else y, end))
    return found


def plotted(figure: dict[str, Any]) -> Iterator[tuple[float, float, float]]:
    """Value and both ends of every point with an error bar."""
    for trace in figure["data"]:
        for axis in ("x", "y"):
            bars = trace.get(f"error_{axis}")
            if bars:
                for value, above, below in zip(trace[axis], bars["array"], bars["arrayminus"], strict=True):
                    yield value, value - below, value + above


@pytest.mark.parametrize("name", CHARTS)
@pytest.mark.parametrize("width", WIDTHS)
def test_picture_is_well_formed_and_named(name: str, width: Any) -> None:
    svg = CHARTS[name].svg(width)
    root = tree(svg)
    assert root.get("role") == "img"
    assert root.get("aria-label") == CHARTS[name].label()
    assert any(letter.isdigit() for letter in root.get("aria-label", ""))
    assert "style=" not in svg
    assert "nan" not in svg.lower().replace("finance", "")


@pytest.mark.parametrize("name", CHARTS)
@pytest.mark.parametrize("width", WIDTHS)
def test_no_whisker_leaves_its_picture(name: str, width: Any) -> None:
    svg = CHARTS[name].svg(width)
    _, _, wide, high = numbers(tree(svg).get("viewBox", ""))
    for way, start, end in whiskers(svg):
        for place in (start, end):
            assert -1 <= place <= (wide if way == "H" else high) + 1


@pytest.mark.parametrize("name", CHARTS)
def test_table_is_whole(name: str) -> None:
    headers, rows = CHARTS[name].table()
    assert rows
    assert all(len(row) == len(headers) for row in rows)


@pytest.mark.parametrize("name", CHARTS)
def test_plotly_is_json_and_names_colours_by_meaning(name: str) -> None:
    text = json.dumps(CHARTS[name].plotly())
    assert "#" not in text
    assert set(re.findall(r"rgba?\([^)]*\)", text)) <= {"rgba(0,0,0,0)"}


def hostile_charts() -> list[Chart]:
    one = Estimate(0.5, 0.4, 0.6, 10)
    days = (date(2026, 1, 1), date(2026, 1, 8))
    points = tuple(TrendPoint(day, one) for day in days)
    return [
        Trend(HOSTILE, points, (Period(*days, one, HOSTILE),), (Event(days[0], HOSTILE),)),
        Spark(HOSTILE, days, (one, None)),
        Distribution((HOSTILE,), (ScoreGroup(HOSTILE, "promoter", (1,)),)),
        BandDots((BandPanel(HOSTILE, HOSTILE, (BandRow(HOSTILE, "plain", one, 0.5),)),)),
        DriversMap((Driver(HOSTILE, one, one), Driver("b", one, one)), HOSTILE, HOSTILE),
        SurvivalCurves((SurvivalCurve(HOSTILE, "plain", (SurvivalStep(0, one),)),), HOSTILE, HOSTILE),
        Associations((Association(HOSTILE, one, one, 0.1, "noise", HOSTILE),), HOSTILE),
        SaidDid(*days, (Answer(days[0], 3, "detractor"),), (), HOSTILE, measure=HOSTILE),
    ]


@pytest.mark.parametrize("chart", hostile_charts(), ids=lambda chart: type(chart).__name__)
def test_hostile_names_stay_words(chart: Chart) -> None:
    for width in WIDTHS:
        svg = chart.svg(width)
        assert "<script" not in svg
        tags = {element.tag for element in tree(svg).iter()}
        assert tags <= {"svg", "g", "path", "rect", "circle", "polygon", "polyline", "text", "tspan", "title"}
        for element in tree(svg).iter():
            assert not any(name.startswith("on") for name in element.attrib)
    figure = json.dumps(chart.plotly(), ensure_ascii=False)
    assert "<script" not in figure
    assert "<b onload" not in figure


def test_the_figure_block_escapes_its_data(look_templates: None) -> None:
    from django.template import Context, Template

    template = Template("{% load figures %}{% figure chart title=name subtitle=name foot=name %}")
    page = template.render(Context({"chart": hostile_charts()[0], "name": HOSTILE}))
    assert "<script>" not in page
    assert "<b onload" not in page


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


def test_verdict_has_three_drawings() -> None:
    change = Estimate(8, 2, 14)
    real, half, noise = (
        Verdict(change, state, True).svg() for state in ("real", "not_after_correction", "noise")
    )
    assert "pt o" not in real
    assert "pt o" in half
    assert 'class="bar"' in half
    assert "pt o" in noise
    assert 'class="bar"' not in noise


def test_verdict_says_better_only_of_a_real_change() -> None:
    change = Estimate(-0.039, -0.065, -0.013)
    assert Verdict(change, "real", False, SHARE).label() == "−3.9 pt, real change, worse, −6.5 to −1.3"
    assert "worse" not in Verdict(change, "noise", False, SHARE).label()


def test_a_gap_stays_a_gap() -> None:
    day = date(2026, 1, 5)
    known = Estimate(10, 5, 15, 40)
    chart = Trend("NPS", (TrendPoint(day, None), TrendPoint(day + timedelta(weeks=1), known)))
    assert len(whiskers(chart.svg())) == 1
    assert chart.table().rows[0][1] == "not enough answers"


@pytest.mark.parametrize(
    "chart",
    [
        Trend("NPS", ()),
        Spark("NPS", (), ()),
        DriversMap(()),
        SurvivalCurves(()),
        Associations(()),
        SaidDid(date(2026, 1, 1), date(2026, 2, 1), (), ()),
        Distribution(("0",), (ScoreGroup("None", "plain", (0,)),)),
    ],
    ids=lambda chart: type(chart).__name__,
)
def test_nothing_to_draw_is_still_a_picture(chart: Chart) -> None:
    for width in WIDTHS:
        tree(chart.svg(width))
    json.dumps(chart.plotly())
    chart.table()


def test_a_driver_is_urgent_only_when_both_intervals_are_clear() -> None:
    drivers = sample.drivers()
    assert [driver.label for driver in drivers.drivers if drivers.urgent(driver)] == ["Delivery on time"]


def test_silence_counts_only_beyond_the_usual_gap() -> None:
    chart = sample.said_did()
    assert chart.silence == 71
    assert SaidDid(chart.start, chart.end, chart.answers, chart.orders, usual_gap=90).silence is None
