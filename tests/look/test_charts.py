"""Every chart is whole, named and escaped; nothing is clipped; nothing to draw is no error."""

import json
import re
from datetime import date, timedelta
from typing import Any

import pytest

from dashboards.charts import (
    SHARE,
    Answer,
    Association,
    Associations,
    BandDots,
    BandPanel,
    BandRow,
    Chart,
    Curve,
    CurveDot,
    CurvePoint,
    Distribution,
    Driver,
    DriversMap,
    Estimate,
    Event,
    Period,
    SaidDid,
    ScoreGroup,
    Spark,
    SurvivalCurve,
    SurvivalCurves,
    SurvivalStep,
    Threshold,
    Trend,
    TrendPoint,
    Verdict,
)
from dashboards.charts.base import WIDTHS

from . import sample_charts as sample
from .reading import numbers, tree, whiskers

CHARTS = sample.charts()
HOSTILE = '</text><script>alert("1")</script>&amp; %{x} <b onload=x>\'"'


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
        Curve(
            (CurvePoint(0, one), CurvePoint(1, one)),
            (CurveDot(HOSTILE, 0.5, 0.5, (0.4, 0.6), (0.4, 0.6), 3),),
            HOSTILE,
            HOSTILE,
            (Threshold(0.5, HOSTILE),),
            named=True,
        ),
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
        Curve((), (), "wait", "CSAT"),
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
