"""Charts with too much in them, or too little: long names, close events, equal curves, gaps, one point."""

from dataclasses import replace
from datetime import date, timedelta

from dashboards.charts import (
    SCORE,
    SHARE,
    Answer,
    BandDots,
    BandPanel,
    BandRow,
    Chart,
    Distribution,
    Driver,
    DriversMap,
    Estimate,
    Event,
    Level,
    ScoreGroup,
    SurvivalCurve,
    SurvivalCurves,
    SurvivalStep,
    Trend,
    TrendPoint,
)

from .sample_charts import EURO, around, said_did, trend


def crowded() -> list[Chart]:
    first = date(2024, 1, 1)
    events = (
        Event(date(2026, 9, 9), "Delivery partner changed"),
        Event(date(2026, 9, 20), "Prices raised by a tenth"),
        Event(date(2026, 11, 10), "New website"),
    )
    drivers = tuple(
        Driver(
            f"Driver number {place}", around(0.05 + place % 5 / 80, 0.02), around(0.6 + place % 4 / 60, 0.02)
        )
        for place in range(12)
    )
    weeks = tuple(
        TrendPoint(first + timedelta(weeks=week), around(0.7 + week % 7 / 70, 0.05, 40) if week % 9 else None)
        for week in range(110)
    )
    rows = tuple(
        BandRow(f"Very long segment name {place}", "plain", around(30 * place - 20, 12, 1000 * place + 3))
        for place in range(6)
    )
    steps = tuple(
        SurvivalStep(time, around(share, 0.02)) for time, share in ((0, 0.98), (30, 0.9), (90, 0.85))
    )
    names = ("Promoters", "Passives", "Detractors")
    answers = tuple(
        Answer(date(2026, 1, 1) + timedelta(days=9 * place), place % 11, "plain") for place in range(20)
    )
    groups = (
        ScoreGroup("Not satisfied", "detractor", (12_345, 2_345, 3_456)),
        ScoreGroup("Satisfied", "promoter", (4_567, 22_345)),
    )
    return [
        replace(trend(), events=events, levels=(Level(40, "Target"),)),
        Trend("CSAT after support", weeks, unit=SHARE),
        Trend("NPS", (TrendPoint(first, Estimate(20, 10, 30, 5)),), unit=SCORE),
        DriversMap(drivers),
        BandDots((BandPanel("After", "", rows),), EURO),
        SurvivalCurves(tuple(SurvivalCurve(name, "plain", steps) for name in names)),
        replace(said_did(), answers=answers),
        Distribution(("1", "2", "3", "4", "5"), groups),
    ]
