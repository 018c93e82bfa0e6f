"""One of every chart, with the numbers of the mocks."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from dashboards.charts import (
    MEAN,
    RATIO,
    SCORE,
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
    LinkWhisker,
    Order,
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
    Unit,
    Verdict,
    money,
)

EURO = money("EUR")
WEEKS = [
    25,
    17,
    37,
    18,
    20,
    32,
    31,
    18,
    21,
    23,
    14,
    21,
    26,
    43,
    24,
    27,
    30,
    20,
    29,
    31,
    41,
    18,
    42,
    30,
    43,
    26,
]


def around(value: float, reach: float, n: int | None = None) -> Estimate:
    return Estimate(value, value - reach, value + reach, n)


def trend() -> Trend:
    first = date(2026, 5, 25)
    points = tuple(
        TrendPoint(first + timedelta(weeks=week), around(value, 16 + week % 3, 90))
        for week, value in enumerate(WEEKS)
    )
    return Trend(
        title="NPS",
        points=points,
        periods=(
            Period(first, date(2026, 8, 22), around(23, 5, 1151)),
            Period(date(2026, 8, 23), date(2026, 11, 20), around(31, 4, 1204)),
        ),
        events=(Event(date(2026, 9, 9), "Delivery partner changed"),),
        unit=SCORE,
    )


def bands() -> BandDots:
    return BandDots(
        panels=(
            BandPanel(
                "After the answer",
                "90 days, the link",
                (
                    BandRow("Promoters", "promoter", around(180, 11, 1104), 184),
                    BandRow("Passives", "passive", around(149, 14, 733), 146),
                    BandRow("Detractors", "detractor", around(122, 16, 521), 118),
                ),
            ),
            BandPanel(
                "Before the answer",
                "90 days, the placebo",
                (
                    BandRow("Promoters", "promoter", around(150, 10, 1104)),
                    BandRow("Passives", "passive", around(144, 13, 733)),
                    BandRow("Detractors", "detractor", around(139, 15, 521)),
                ),
                placebo=True,
            ),
        ),
        unit=EURO,
        reference=1,
    )


def links() -> list[LinkWhisker]:
    return [
        LinkWhisker(Estimate(31, 14, 48), Estimate(6, -10, 22), EURO, "good"),
        LinkWhisker(Estimate(-0.17, -0.21, -0.13), Estimate(-0.02, -0.07, 0.03), SHARE, "bad"),
        LinkWhisker(Estimate(0.52, 0.11, 0.78), Estimate(0.31, -0.14, 0.65), RATIO, "good", signed=False),
    ]


def verdicts() -> list[Verdict]:
    return [
        Verdict(Estimate(8, 2, 14), "real", True, SCORE),
        Verdict(Estimate(-0.039, -0.065, -0.013), "real", False, SHARE),
        Verdict(Estimate(0.05, -0.05, 0.15), "noise", None, MEAN),
        Verdict(Estimate(0.021, 0.001, 0.041), "not_after_correction", True, SHARE),
        Verdict(Estimate(14_000, -41_000, 69_000), "noise", False, EURO),
    ]


def distribution() -> Distribution:
    return Distribution(
        tuple(str(score) for score in range(11)),
        (
            ScoreGroup("Detractors", "detractor", (27, 9, 18, 28, 27, 58, 62)),
            ScoreGroup("Passives", "passive", (145, 228)),
            ScoreGroup("Promoters", "promoter", (231, 371)),
        ),
    )


def associations() -> Associations:
    def row(label: str, value: float, reach: float, placebo: float, q: float, reading: Any) -> Association:
        return Association(label, around(value, reach, 2358), around(placebo, reach, 2358), q, reading)

    return Associations(
        (
            row("NPS → Revenue, 90 days", 0.14, 0.04, 0.03, 0.0001, "stands"),
            row("NPS → Orders, 90 days", 0.12, 0.04, 0.04, 0.0002, "stands"),
            row("CES → Contacts, 90 days", -0.11, 0.06, -0.02, 0.001, "stands"),
            row("NPS → Contacts, 90 days", -0.09, 0.04, -0.08, 0.0001, "matched_by_placebo"),
            row("CSAT → Revenue, 90 days", 0.07, 0.05, 0.05, 0.02, "matched_by_placebo"),
            row("CES → Revenue, 90 days", 0.04, 0.06, 0.01, 0.24, "noise"),
        )
    )


def drivers() -> DriversMap:
    def driver(label: str, performance: float, reach: float, importance: float, span: float) -> Driver:
        return Driver(label, around(importance, span), around(performance / 100, reach / 100, 1987))

    return DriversMap(
        (
            driver("Delivery on time", 58, 2.2, 0.112, 0.021),
            driver("Product quality", 84, 1.6, 0.096, 0.02),
            driver("Agent’s knowledge", 77, 1.9, 0.071, 0.017),
            driver("Wait time", 61, 2.1, 0.058, 0.016),
            driver("Returns", 69, 2.0, 0.047, 0.014),
            driver("Website", 80, 1.8, 0.036, 0.012),
            driver("Value for money", 66, 2.1, 0.028, 0.011),
            driver("Store staff", 86, 1.5, 0.012, 0.009),
        )
    )


def survival() -> SurvivalCurves:
    def curve(label: str, tone: Any, loss: float, n: int) -> SurvivalCurve:
        steps = []
        for week in range(13):
            share = 1 - loss * week / 12
            reach = 0.002 * week
            steps.append(SurvivalStep(week * 7.0, Estimate(share, share - reach, min(1, share + reach))))
        risk = tuple((days, round(n * (1 - loss * days / 84))) for days in (0.0, 28.0, 56.0, 84.0))
        return SurvivalCurve(label, tone, tuple(steps), risk)

    return SurvivalCurves(
        (
            curve("Promoters", "promoter", 0.05, 1104),
            curve("Passives", "passive", 0.07, 733),
            curve("Detractors", "detractor", 0.16, 521),
        )
    )


def said_did() -> SaidDid:
    orders = [
        (date(2025, 6, 4), 84),
        (date(2025, 7, 20), 132),
        (date(2025, 8, 31), 58),
        (date(2025, 10, 11), 96),
        (date(2025, 11, 27), 214),
        (date(2026, 1, 8), 71),
        (date(2026, 2, 20), 118),
        (date(2026, 4, 9), 89),
        (date(2026, 5, 24), 143),
        (date(2026, 7, 26), 66),
        (date(2026, 9, 11), 649),
    ]
    return SaidDid(
        start=date(2025, 6, 1),
        end=date(2026, 11, 21),
        answers=(
            Answer(date(2025, 8, 24), 9, "promoter"),
            Answer(date(2026, 2, 18), 9, "promoter"),
            Answer(date(2026, 11, 5), 4, "detractor"),
        ),
        orders=tuple(Order(day, Decimal(amount)) for day, amount in orders),
        usual_gap=46,
    )


def spark() -> Spark:
    days = tuple(date(2026, 8, 24) + timedelta(weeks=week) for week in range(13))
    return Spark("NPS", days, tuple(around(value, 17, 90) for value in WEEKS[13:]), SCORE)


def curve() -> Curve:
    """Waits in minutes and the share of satisfied, with bins and a threshold."""
    return Curve(
        tuple(CurvePoint(x, around(0.84 - x / 40, 0.03, 900)) for x in range(11)),
        (
            CurveDot("2 min or less", 1, 0.83, y_span=(0.79, 0.87), n=400),
            CurveDot("2 to 5 min", 3.5, 0.74, y_span=(0.69, 0.79), n=300),
            CurveDot("over 5 min", 7, 0.62, y_span=(0.52, 0.72), n=80),
        ),
        "wait",
        "CSAT",
        (Threshold(4, "4 minutes"),),
        Unit(suffix=" min", decimals=1),
    )


def units() -> Curve:
    """A point a team, with intervals both ways; the last has one period only."""
    dots = [
        CurveDot(
            f"Team {n}",
            3 + n / 5,
            0.6 + n / 20,
            (2.9 + n / 5, 3.1 + n / 5),
            (0.55 + n / 20, 0.65 + n / 20),
            90,
        )
        for n in range(5)
    ]
    line = tuple(CurvePoint(3 + n / 4, around(0.6 + n / 16, 0.05, 40)) for n in range(5))
    alone = CurveDot("Team 5", 3.1, 0.8)
    return Curve(line, (*dots, alone), "engagement", "CSAT", x_unit=MEAN, named=True)


def charts() -> dict[str, Chart]:
    return {
        "trend": trend(),
        "distribution": distribution(),
        "bands": bands(),
        "drivers": drivers(),
        "survival": survival(),
        "curve": curve(),
        "units": units(),
        "said_did": said_did(),
        "associations": associations(),
        "spark": spark(),
        **{f"link{place}": link for place, link in enumerate(links())},
        **{f"verdict{place}": verdict for place, verdict in enumerate(verdicts())},
    }
