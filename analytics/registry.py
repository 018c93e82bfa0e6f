"""Everything that a study can name, as one list: attitudes, measures, scores, business metrics, controls."""

from typing import Any

from analytics.frames import attitudes, metrics
from analytics.frames.measures import measures
from analytics.frames.questions import (
    CONSTITUENCY_CONTROLS,
    CONSTITUENCY_DEFAULTS,
    OPERATIONAL_CONTROLS,
    OPERATIONAL_DEFAULTS,
)
from analytics.frames.scored import scored
from analytics.studies.available import attitudes_asked, ratings_of_employees, scores_asked
from feedback import scoring

Line = dict[str, Any]
#: Units of controls that are not figures.
_TEXT = {"channel", "touchpoint", "segment", "country", "language", "region", "period"}


def entries() -> list[Line]:
    """By kind of study; attitudes, scores and ratings are those that somebody answered."""
    scores = scores_asked()
    return [*_financial(attitudes_asked()), *_operational(scores), *_constituency(scores)]


def _financial(asked: list[str]) -> list[Line]:
    found = [
        _line("financial", name, attitudes.attitude(name).label, "predictor", scoring.family(name).unit, 1)
        for name in asked
    ]
    usual = {"tenure_days", "segment"}
    return found + [
        _line("financial", one.name, one.label, one.role, one.unit, one.direction, one.name in usual)
        for one in metrics.METRICS.values()
    ]


def _operational(scores: list[str]) -> list[Line]:
    found = [
        _line("operational", one.key, one.label, "predictor", one.unit, 0) for one in measures().values()
    ]
    found += _scores("operational", scores)
    return found + [
        _line("operational", name, label, "control", _unit(name), 0, name in OPERATIONAL_DEFAULTS)
        for name, (label, _) in OPERATIONAL_CONTROLS.items()
    ]


def _constituency(scores: list[str]) -> list[Line]:
    found = [
        _line("constituency", name, scoring.label(name), "predictor", "scale", 1)
        for name in ratings_of_employees()
    ]
    found += _scores("constituency", scores)
    return found + [
        _line("constituency", name, label, "control", _unit(name), 0, name in CONSTITUENCY_DEFAULTS)
        for name, label in CONSTITUENCY_CONTROLS.items()
    ]


def _scores(kind: str, asked: list[str]) -> list[Line]:
    known = [scored(name) for name in asked]
    return [_line(kind, one.name, one.label, "outcome", one.unit, 1) for one in known]


def _unit(name: str) -> str:
    return "text" if name in _TEXT else "plain"


def _line(
    kind: str, name: str, label: str, role: str, unit: str, direction: int, usual: bool = False
) -> Line:
    return {
        "kind": kind,
        "name": name,
        "label": label,
        "role": role,
        "unit": unit,
        "direction": direction,
        "usual": usual,
    }
