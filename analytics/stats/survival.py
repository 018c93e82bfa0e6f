"""How long until something happens, with some still waiting: curves, log-rank and Cox models."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np

from . import _design, _schoenfeld
from ._concordance import concordance
from ._distributions import chi_square_tail
from ._input import FloatArray, IntArray, check_level, check_same_length, flags, labels, numbers
from ._input import frame as as_frame
from ._kaplan_meier import Curve, kaplan_meier, observed
from .fits import Fit, Term, make_terms
from .results import Test

__all__ = [
    "Curve",
    "Fit",
    "Term",
    "Test",
    "cox",
    "kaplan_meier",
    "logrank",
    "proportional_hazards",
]


def logrank(durations: Any, events: Any, groups: Any) -> Test:
    """Log-rank test that all groups share one survival curve; chi-square with groups − 1 df.

    Mantel (1966); Peto & Peto (1972), by lifelines. Raises ValueError on fewer than two groups, no event,
    negative durations, events other than 0 and 1.
    """
    t, e = numbers(durations, "durations"), flags(events, "events")
    codes, _ = labels(groups, "groups")
    rows = check_same_length(durations=t, events=e, groups=codes)
    kept = ~(np.isnan(t) | np.isnan(e)) & (codes >= 0)
    t, e, _ = observed(t[kept], e[kept])
    codes = codes[kept]
    count = len(np.unique(codes))
    if count < 2:
        raise ValueError(f"groups: at least 2 groups with durations are needed; got {count}")
    if not e.any():
        raise ValueError("events: nothing happened, so there is nothing to compare")
    from lifelines.statistics import multivariate_logrank_test

    result = multivariate_logrank_test(t, codes, e)
    return Test(float(result.test_statistic), float(result.p_value), count - 1.0, len(t), rows - len(t))


def cox(frame: Any, *, duration: str, event: str, groups: Any = None, level: float = 0.95) -> Fit:
    """Cox regression on every other column of the frame; coefficients are log hazard ratios.

    ``duration`` and ``event`` (1 happened, 0 censored) name columns; text, categories and booleans become
    dummies as in `regression.linear`. Partial likelihood with Efron's ties (Cox 1972; Efron 1977), fitted
    by lifelines, normal tests. ``groups`` (a column's name or a column) makes the errors cluster-robust
    (Lin & Wei 1989). ``concordance``: Harrell's C, predicted ties count half.
    Rows with a missing value are dropped and counted. Raises ValueError on absent columns, negative
    durations, no event, constant or redundant columns, and where a column orders the events perfectly.
    """
    check_level(level)
    rows = _prepare(frame, duration, event, groups)
    fitted = _fit(rows)
    coefficients, found = _polish(rows, fitted, np.zeros(len(rows.durations)))
    scale = rows.design.std(axis=0)
    if rows.groups is None:
        covariance = np.asarray(np.linalg.inv(found.base) / np.outer(scale, scale), dtype=np.float64)
    else:
        covariance = np.asarray(fitted.variance_matrix_, dtype=np.float64)
    return Fit(
        terms=make_terms(rows.names, coefficients, covariance, level, None),
        log_likelihood=float(fitted.log_likelihood_),
        n=len(rows.durations),
        covariance=covariance,
        family="cox",
        dropped=rows.dropped,
        level=level,
        robust=None if rows.groups is None else "cluster",
        groups=None if rows.groups is None else len(np.unique(rows.groups)),
        codings=rows.codings,
        concordance=concordance(rows.durations, rows.events, rows.design @ coefficients),
        events=int(rows.events.sum()),
    )


def proportional_hazards(frame: Any, *, duration: str, event: str) -> dict[str, Test]:
    """Does a hazard ratio change with time? One test a column of the frame, and "GLOBAL" for all.

    The exact score test of adding x·g(t) to the fitted Cox model, g the rank of the time among all rows
    (mid-ranks), as R's ``cox.zph(fit, transform="rank")`` of survival ≥ 3; see `_schoenfeld`. A categorical
    column is tested as a whole, with as many degrees of freedom as it has dummies. Rows and errors as in
    `cox`; also ValueError where all events share one time.
    """
    from scipy.stats import rankdata

    rows = _prepare(frame, duration, event, None)
    g = np.asarray(rankdata(rows.durations), dtype=np.float64)
    g = (g - g[rows.events == 1.0].mean()) / len(g)  # the test does not depend on origin and unit of g
    if np.ptp(g[rows.events == 1.0]) == 0.0:
        raise ValueError("frame: all events happened at one time, so nothing can change with time")
    _, found = _polish(rows, _fit(rows), g)
    columns: dict[str, list[int]] = {}
    for coding in rows.codings:
        columns[coding.name] = [rows.names.index(name) for name in coding.columns]
    columns["GLOBAL"] = list(range(len(rows.names)))
    tests = {}
    for name, places in columns.items():
        value, df = _schoenfeld.statistic(found, places), float(len(places))
        tests[name] = Test(value, chi_square_tail(value, df), df, len(g), rows.dropped)
    return tests


@dataclass(frozen=True, slots=True)
class _Rows:
    durations: FloatArray
    events: FloatArray
    design: FloatArray
    names: list[str]
    codings: tuple[_design.Coding, ...]
    groups: IntArray | None
    dropped: int


def _prepare(values: Any, duration: str, event: str, groups: Any) -> _Rows:
    table = as_frame(values, "frame")
    for name, column in (("duration", duration), ("event", event)):
        if column not in table.columns:
            raise ValueError(f"{name}: the frame has no column {column!r}")
    t, e = numbers(table[duration], duration), flags(table[event], event)
    covariates = table.drop(columns=[duration, event])
    codes = np.zeros(len(table), dtype=np.int64)
    if isinstance(groups, str):
        if groups not in covariates.columns:
            raise ValueError(f"groups: the frame has no column {groups!r}")
        codes = labels(covariates[groups], "groups")[0]
        covariates = covariates.drop(columns=[groups])
    elif groups is not None:
        codes = labels(groups, "groups")[0]
    check_same_length(frame=table, groups=codes)
    if not covariates.shape[1]:
        raise ValueError("frame: has no covariate beside duration and event")
    _design.check_present(covariates, "frame")
    kept = ~(np.isnan(t) | np.isnan(e) | (codes < 0) | _design.missing_rows(covariates))
    t, e, codes, covariates = t[kept], e[kept], codes[kept], covariates[kept]
    if (t < 0).any():
        raise ValueError(f"duration: {duration!r} must not be negative")
    if not e.any():
        raise ValueError(f"event: {event!r} has no event among the complete rows")
    codings = _design.learn(covariates, "frame")
    design, names = _design.encode(covariates, codings, "frame"), _design.column_names(codings)
    if len(t) <= len(names) + 1:
        raise ValueError(f"frame: {len(names)} coefficients need more complete rows than {len(t)}")
    _design.check_rank(design, names, "frame")
    if groups is not None and len(np.unique(codes)) < 2:
        raise ValueError("groups: at least 2 groups are needed for clustered errors")
    clusters = None if groups is None else codes
    return _Rows(t, e, design, names, codings, clusters, len(table) - len(t))


def _fit(rows: _Rows) -> Any:
    import pandas as pd
    from lifelines import CoxPHFitter
    from lifelines.exceptions import ConvergenceError

    columns = [f"c{i}" for i in range(len(rows.names))]  # the caller's names may clash with ours
    table = pd.DataFrame(rows.design, columns=columns).assign(duration=rows.durations, event=rows.events)
    cluster = None
    if rows.groups is not None:
        table, cluster = table.assign(cluster=rows.groups), "cluster"
    fitter = CoxPHFitter()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what they warn of is refused below, by name
        try:
            fitter.fit(table, "duration", "event", cluster_col=cluster, fit_options={"precision": 1e-10})
        except ConvergenceError as error:
            raise ValueError(f"frame: the Cox model has no finite estimate ({error})") from None
    # A standardised log hazard ratio this uncertain is running away: the column orders the events.
    spread = np.sqrt(np.diag(np.asarray(fitter.variance_matrix_))) * rows.design.std(axis=0)
    worst = int(np.argmax(np.nan_to_num(spread, nan=np.inf)))
    if not spread[worst] < 30.0:
        raise ValueError(
            f"frame: column {rows.names[worst]!r} orders the events perfectly; no finite estimate"
        )
    return fitter


def _polish(rows: _Rows, fitted: Any, g: FloatArray) -> tuple[FloatArray, _schoenfeld.Blocks]:
    """Coefficients taken from six right digits (lifelines stops there) to all of them, and the information
    blocks there of the standardised columns."""
    scale = rows.design.std(axis=0)
    x = (rows.design - rows.design.mean(axis=0)) / scale
    start = np.asarray(fitted.params_, dtype=np.float64) * scale
    beta, found = _schoenfeld.polish(
        start, lambda b: _schoenfeld.blocks(x, b, rows.durations, rows.events, g)
    )
    return beta / scale, found
