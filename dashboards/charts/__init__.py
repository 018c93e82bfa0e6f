"""One chart description, two drawings (SVG by the server, Plotly on Explore) and one table."""

from django.utils.safestring import SafeString

from .associations import Association, Associations
from .bands import BandDots, BandPanel, BandRow
from .base import Chart, PlotlyFigure, Table, Tone, Width
from .curve import Curve, CurveDot, CurvePoint, Threshold
from .distribution import Distribution, ScoreGroup
from .drivers import Driver, DriversMap
from .link import LinkWhisker
from .numbers import DAYS, MEAN, PLAIN, RATIO, SCORE, SHARE, Estimate, Unit, money
from .said_did import Answer, Order, SaidDid
from .spark import Spark
from .survival import SurvivalCurve, SurvivalCurves, SurvivalStep
from .trend import Event, Level, Period, Trend, TrendPoint
from .verdict import Verdict


def to_svg(spec: Chart, *, width: Width = "wide") -> SafeString:
    return spec.svg(width)


def to_plotly(spec: Chart) -> PlotlyFigure:
    return spec.plotly()


def table(spec: Chart) -> Table:
    return spec.table()


__all__ = [
    "DAYS",
    "MEAN",
    "PLAIN",
    "RATIO",
    "SCORE",
    "SHARE",
    "Answer",
    "Association",
    "Associations",
    "BandDots",
    "BandPanel",
    "BandRow",
    "Chart",
    "Curve",
    "CurveDot",
    "CurvePoint",
    "Distribution",
    "Driver",
    "DriversMap",
    "Estimate",
    "Event",
    "Level",
    "LinkWhisker",
    "Order",
    "Period",
    "PlotlyFigure",
    "SaidDid",
    "ScoreGroup",
    "Spark",
    "SurvivalCurve",
    "SurvivalCurves",
    "SurvivalStep",
    "Table",
    "Threshold",
    "Tone",
    "Trend",
    "TrendPoint",
    "Unit",
    "Verdict",
    "Width",
    "money",
    "table",
    "to_plotly",
    "to_svg",
]
