"""Results of every shape, made from the contract's own classes, for pages and exports to show."""

from dataclasses import asdict
from typing import Any

from analytics.studies.checks import Check
from analytics.studies.compute import compute
from analytics.studies.constituency import results as constituency
from analytics.studies.interval import Interval
from analytics.studies.operational import results as operational
from analytics.studies.plain import plain
from analytics.studies.results import Association, ControlUse, Correlation
from analytics.studies.sections.associations import Associations, Pair
from analytics.studies.sections.drivers import Driver, DriverMap
from analytics.studies.sections.nonresponse import Gap, NonResponse, ResponseTerm, Stage, Weighted, Weights
from analytics.studies.sections.quality import Criterion, Quality, Scale, Units
from analytics.studies.sections.survival import BandCurve, Hazard, Step, Survival
from analytics.studies.told import Figure, Findings
from tests.analytics.frames import frame, settings

I = Interval  # noqa: E741


def sections() -> dict[str, Any]:
    """What schema 2 has beside the link, as JSON."""
    found = {
        "associations": _associations(),
        "drivers": _drivers(),
        "survival": _survival(),
        "nonresponse": _nonresponse(),
        "quality": _quality(),
    }
    return {key: plain(asdict(one)) for key, one in found.items()}  # type: ignore[call-overload]


def _associations() -> Associations:
    return Associations(
        [
            Pair("nps", "NPS", "revenue", "Revenue", 2358, "stands", True, I(0.2, 0.16, 0.24),
                 I(0.14, 0.1, 0.18), 1e-9, 1e-8, I(0.02, -0.02, 0.06), 1900, I(0.12, 0.07, 0.17)),
            Pair("csat", "CSAT", "contacts", "Contacts", 1402, "noise", False, I(-0.05, -0.1, 0.0),
                 I(-0.03, -0.08, 0.02), 0.24, 0.31, None, 0, None),
            Pair("ces", "CES", "orders", "Orders", 12, "insufficient_evidence", why="fewer than 30 customers"),
        ],
        tests=12,
        declared=2,
        left_out=["csat:delivery"],
    )  # fmt: skip


def _drivers() -> DriverMap:
    items = [
        ("Delivery on time", 0.11, 0.58, "matters_badly", True),
        ("Product quality", 0.10, 0.84, "matters_well", True),
        ("Wait time", 0.06, 0.61, "less_badly", False),
        ("Store staff", 0.01, 0.86, "less_well", True),
    ]
    return DriverMap(
        [
            Driver(
                f"rating:{n}", label, I(share, share - 0.02, share + 0.02), I(0.4, 0.2, 0.6), 0.002, True,
                I(best, best - 0.02, best + 0.02), 1987, place, clear,  # type: ignore[arg-type]
            )
            for n, (label, share, best, place, clear) in enumerate(items)
        ],
        answers=2100,
        n=1987,
        lost=113,
        r_squared=I(0.46, 0.42, 0.5),
        mean_importance=0.07,
        mean_performance=0.7223,
        draws=1000,
        left_out={"rating:returns": "the same answer from everybody"},
    )  # fmt: skip


def _survival() -> Survival:
    def curve(band: str, noun: str, rate: float) -> BandCurve:
        steps = [Step(0, 1.0, None, None)] + [
            Step(day, rate ** (day / 30), rate ** (day / 30) - 0.03, min(1.0, rate ** (day / 30) + 0.03))
            for day in range(10, 181, 10)
        ]
        risk = [(0.0, 700), (60.0, 400), (120.0, 200), (180.0, 90)]
        return BandCurve(band, noun, 700, 610, steps, risk, 40.0 / rate, 35.0, 60.0)

    return Survival(
        [
            curve("promoter", "promoters", 0.6),
            curve("passive", "passives", 0.7),
            curve("detractor", "detractors", 0.8),
        ],
        nonresponders=curve("none", "those who did not answer", 0.75),
        logrank_statistic=45.2,
        logrank_p=1e-8,
        hazards=[
            Hazard("band_high", "Promoters", I(1.31, 1.12, 1.52), 0.0004, 0.01),
            Hazard("band_low", "Detractors", I(0.78, 0.66, 0.93), 0.004, 0.4),
        ],
        concordance=0.61,
        ph_global_p=0.012,
        ph_violated=True,
    )


def _nonresponse() -> NonResponse:
    shares = {"basic": 0.6, "gold": 0.4}
    return NonResponse(
        5200,
        {"asked lately": 300, "no consent": 120},
        [
            Stage("eligible", "Eligible", 4800, 120.5, 1.8, 700.0, shares),
            Stage("invited", "Invited", 4500, 121.0, 1.8, 702.0, shares),
            Stage("answered", "Answered", 2600, 131.0, 2.0, 715.0, {"basic": 0.5, "gold": 0.5}),
            Stage("followed", "Followed", 0, None, None, None, {}),
        ],
        [
            Gap("revenue", "Revenue", "money", I(19.0, 12.0, 26.0), 0.0001),
            Gap("orders", "Orders", "count", I(0.05, -0.02, 0.12), 0.2),
        ],
        Weights(
            2300, 0.975, 1810.4, 12, 4.2, 5.0, 4.2,
            [ResponseTerm("log revenue before", I(0.2, 0.1, 0.3), 0.001)],
            [Weighted("highest_lowest", "promoters", "detractors", I(31, 20, 42), I(28, 9, 47))],
        ),
    )  # fmt: skip


def _quality() -> Quality:
    return Quality(
        [
            Criterion("definition", "Definition", "good", "Defined once, for all pages."),
            Criterion("reliability", "Reliability", "low", "Alpha .47 (.41 to .52) on 3 items."),
            Criterion("validity", "Validity", "fair", "Goes with revenue afterwards."),
            Criterion("usefulness", "Usefulness", "unknown", "Too few answers to tell."),
        ],
        [Scale("loyalty", "Loyalty", ["a", "b", "c"], 250, I(0.47, 0.41, 0.52), "low")],
        Units(0.04, 0.6, 12, 3400, 0.001),
    )


def _told(title: str) -> dict[str, Any]:
    checks = [Check("Placebo", "passed", "The previous answer shows no clear difference.")]
    return Findings(f"{title}, so it reads.", "Then more.", title, "n 900.", title, checks).to_json()


def operational_result() -> dict[str, Any]:
    facts = operational.Facts(
        "wait_seconds", "Wait", "seconds", "waits", "csat", "CSAT", "share", "were satisfied", 1, "binomial",
        900, 700, 24, 30, 400, "2026-01-02T00:00:00+00:00", "2026-06-02T00:00:00+00:00",
        "2026-07-01T00:00:00+00:00", 2, 0, 30, 0.95, 400, 1, controls=[ControlUse("channel", "Channel", True, "")],
    )  # fmt: skip
    points = [
        operational.Point(x, 0.85 - x / 2000, 0.82 - x / 2000, 0.88 - x / 2000) for x in range(0, 601, 30)
    ]
    bins = [
        operational.Bin(None, 120, "2 minutes or less", 400, I(0.84, 0.8, 0.88)),
        operational.Bin(120, 300, "2 to 5 minutes", 300, I(0.74, 0.69, 0.79)),
        operational.Bin(300, 540, "5 to 9 minutes", 180, I(0.6, 0.52, 0.68)),
        operational.Bin(540, None, "over 9 minutes", 20, None),
    ]
    curve = operational.Curve(
        "spline", [60, 180, 400], points, bins, [operational.Threshold(240, "4 minutes", 600, 300, 3.1)],
        14.2, (3, 699), 1e-8, 1e-7,
    )  # fmt: skip
    contrast = operational.Contrast(
        240, "4 minutes", "searched", 8,
        operational.Side("waits over 4 minutes", 300, I(0.65, 0.6, 0.7), I(0.66, 0.61, 0.71)),
        operational.Side("shorter ones", 600, I(0.81, 0.78, 0.84), I(0.8, 0.77, 0.83)),
        I(-0.14, -0.2, -0.08), 1e-5, 2e-5, "stands", I(-0.01, -0.07, 0.05), 0.7,
        I(-0.3, -0.4, -0.2), I(-0.02, -0.1, 0.1), I(0.28, 0.1, 0.4),
    )  # fmt: skip
    rho = Correlation(-0.2, -0.26, -0.14, 1e-9, 900)
    result = operational.Result(
        facts, "stands", contrast, curve, Association(rho, rho), None,
        Figure(-0.14, -0.2, -0.08, "share"), Figure(-0.01, -0.07, 0.05, "share"), -0.3,
    )  # fmt: skip
    title = "Satisfaction differs between waits over and under 4 minutes"
    return {**result.to_json(), "findings": _told(title)}


def constituency_result() -> dict[str, Any]:
    facts = constituency.Facts(
        "engagement", "Engagement", "csat", "CSAT", "share", 1, "gaussian", "quarter", "next", 14, 40, 12, 30,
        520, 5200, "2025-10-01", "2026-07-01", "2026-10-01T00:00:00+00:00", 1, 0, 10, 5, 30, 0.95, 1,
    )  # fmt: skip
    units = [
        constituency.UnitRow(
            f"u{n}", f"Branch {n}", "north", 3 if n else 1, 40, 400, 3 + n / 10, 0.6 + n / 60,
            I(3 + n / 10, 2.8 + n / 10, 3.2 + n / 10) if n else None,
            I(0.6 + n / 60, 0.55 + n / 60, 0.65 + n / 60) if n else None,
        )
        for n in range(14)
    ]  # fmt: skip
    slope = constituency.Link(
        I(0.12, 0.02, 0.22), 0.02, 0.02, "stands", 0.4, I(0.02, -0.1, 0.14), 0.6, I(0.4, 0.1, 0.7),
        I(0.05, -0.2, 0.3), I(0.35, 0.05, 0.6),
    )  # fmt: skip
    agreement = [constituency.Agreement("employees", 0.12, 0.7, 40, 520, 13.0, 0.001)]
    line = [constituency.Line(3 + n / 4, 0.6 + n / 24, 0.55 + n / 24, 0.65 + n / 24) for n in range(6)]
    result = constituency.Result(
        facts, "stands", slope, line, units, agreement, None, None,
        Figure(0.4, 0.1, 0.7, "sd"), Figure(0.05, -0.2, 0.3, "sd"), 0.4,
    )  # fmt: skip
    title = "Units with more engaged employees tend to have satisfied customers"
    return {**result.to_json(), "findings": _told(title)}


def two() -> tuple[dict[str, Any], dict[str, Any]]:
    """Two financial results with all sections, as two runs of one study have them."""
    found = []
    for seed in (3, 4):
        result = compute(frame(600, effect=0.3, seed=seed), settings()).to_json()
        found.append({**result, **sections()})
    return found[0], found[1]
