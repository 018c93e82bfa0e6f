"""Known truth: how often the study finds what was planted, over thousands of simulated organizations."""

import math
import multiprocessing
import os
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from typing import Protocol

from bench import simulated, simulated_beside, simulated_contacts, simulated_teams
from bench.figures import Figure
from bench.found import Found, error_of
from bench.simulated import LATE, LINK, MIXED, NULL, REGRESSION, SIMPSON, UNSEEN
from bench.simulated_beside import NOTHING, SILENT, SOME
from bench.simulated_contacts import CONTACT_LINK, CONTACT_NULL, CONTACT_SELECTION
from bench.simulated_teams import TEAM_LINK, TEAM_NULL, TEAM_SELECTION

SEEDS = {"small": 200, "large": 2_000}
PROCESSES = 2
REGIMES = (
    *simulated.REGIMES,
    *simulated_contacts.REGIMES,
    *simulated_teams.REGIMES,
    *simulated_beside.REGIMES,
)


class Regime(Protocol):
    """What is planted in simulated organizations, one a seed."""

    @property
    def name(self) -> str: ...

    def study(self, seed: int) -> Found: ...


def study(seed: int, regime: Regime) -> Found:
    return regime.study(seed)


def studies(regime: Regime, seeds: Iterable[int], *, processes: int = PROCESSES) -> list[Found]:
    """The same seeds, the same answers, however many processes."""
    seeds = list(seeds)
    if processes == 1:
        return [study(seed, regime) for seed in seeds]
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # for those to come: they share the cores already
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, context, initializer=_begin) as pool:
        return list(pool.map(partial(study, regime=regime), seeds, chunksize=25))


def _begin() -> None:
    import django

    django.setup()


def run(size: str) -> list[Figure]:
    seeds = range(SEEDS[size])
    found: dict[str, list[Found]] = {}
    for regime in REGIMES:
        print(f"  {regime.name}: {len(seeds):,} organizations", flush=True)
        found[regime.name] = studies(regime, seeds)

    def of(*regimes: Regime) -> Iterable[tuple[Regime, list[Found]]]:
        return [(one, found[one.name]) for one in regimes]

    linked, nulls = (LINK, CONTACT_LINK, TEAM_LINK), (NULL, CONTACT_NULL, TEAM_NULL)
    figures = [coverage(*one) for one in of(*linked, *nulls, MIXED, SIMPSON, LATE, REGRESSION, SILENT)]
    figures += [discoveries(*one) for one in of(*nulls, MIXED, NOTHING, SOME)]
    figures += [readings(*one, at_most=0.05) for one in of(UNSEEN, CONTACT_SELECTION, TEAM_SELECTION)]
    figures += [readings(*one, at_least=0.5) for one in of(*linked)]
    figures += [beside_naive(*one) for one in of(LINK, SIMPSON, LATE, REGRESSION, SILENT)]
    figures += [one for pair in of(SIMPSON, LATE, REGRESSION) for one in signs(*pair)]
    figures += [false_alarms(*one) for one in of(CONTACT_NULL, TEAM_NULL)]
    return figures


def coverage(regime: Regime, found: list[Found]) -> Figure:
    """The worst of the three contrasts; each is a proportion of its own."""
    n = len(found)
    shares = [sum(one.covered[k] for one in found) / n for k in range(len(found[0].covered))]
    worst = max(shares, key=lambda share: abs(share - 0.95))
    error = math.sqrt(0.95 * 0.05 / n)
    return Figure(
        f"coverage, {regime.name}", "share", worst, 0.95, worst / 0.95, f"0.95 ± {3 * error:.4f}",
        abs(worst - 0.95) <= 3 * error,
        {"organizations": n, "by contrast": [round(share, 4) for share in shares]}
        | ({} if found[0].naive_covered is None else {"naive": sum(bool(one.naive_covered) for one in found) / n}),
    )  # fmt: skip


def discoveries(regime: Regime, found: list[Found]) -> Figure:
    n = len(found)
    shares = [one.false_share for one in found]
    mean = math.fsum(shares) / n
    error = math.sqrt(math.fsum((share - mean) ** 2 for share in shares) / max(1, n - 1) / n)
    most = 0.05 + 3 * error
    return Figure(
        f"false discoveries, {regime.name}", "share", mean, 0.05, mean / 0.05, f"≤ {most:.4f}", mean <= most,
        {"organizations": n, "Monte Carlo error": round(error, 5), "real ones found": _power(found)},
    )  # fmt: skip


def _power(found: list[Found]) -> float | None:
    """Share of the real links that were found."""
    real = [hit for one in found for hit, null in zip(one.discovered, one.is_null, strict=True) if not null]
    return round(sum(real) / len(real), 4) if real else None


def readings(
    regime: Regime, found: list[Found], *, at_most: float | None = None, at_least: float | None = None
) -> Figure:
    n = len(found)
    counts = {name: sum(one.reading == name for one in found) for name in sorted({o.reading for o in found})}
    share = counts.get("stands", 0) / n
    error = 3 * error_of(share, n)
    if at_most is not None:
        target, reached, bound = f"≤ {at_most + error:.4f}", share <= at_most + error, at_most
    else:
        assert at_least is not None
        target, reached, bound = f"≥ {at_least}", share >= at_least, at_least
    return Figure(
        f"read as 'stands', {regime.name}", "share", share, bound, share / bound, target, reached,
        {"organizations": n, **counts},
    )  # fmt: skip


def beside_naive(regime: Regime, found: list[Found]) -> Figure:
    """Mean absolute error of the adjusted difference beside that of the naive one."""
    n = len(found)
    ours, theirs = (math.fsum(abs(error) for error in errors) / n for errors in _errors(found))
    bias, naive_bias = (math.fsum(errors) / n for errors in _errors(found))
    return Figure(
        f"error beside naive, {regime.name}", "EUR", ours, theirs, ours / theirs, "≤ 0.5 of naive",
        ours <= 0.5 * theirs,
        {"true difference": round(found[0].truth, 2), "bias": round(bias, 2), "naive bias": round(naive_bias, 2)},
    )  # fmt: skip


def _errors(found: list[Found]) -> tuple[list[float], list[float]]:
    return [one.value - one.truth for one in found], [one.naive - one.truth for one in found]


def signs(regime: Regime, found: list[Found]) -> list[Figure]:
    n = len(found)
    right = sum(one.value * one.truth > 0 for one in found) / n
    wrong = sum(one.naive * one.truth <= 0 for one in found) / n
    what = {"organizations": n}
    return [
        Figure(f"right sign, {regime.name}", "share", right, 1 - wrong, right, "≥ 0.99", right >= 0.99, what),
        Figure(f"naive sign wrong, {regime.name}", "share", wrong, 1.0, wrong, "≥ 0.9", wrong >= 0.9, what),
    ]  # fmt: skip


def false_alarms(regime: Regime, found: list[Found]) -> Figure:
    """How often nothing is called significant: ours, with the units as n, beside every row as if independent."""
    n = len(found)
    ours = sum(one.discovered[0] for one in found) / n
    theirs = sum(one.naive_discovered for one in found) / n
    most = 0.05 + 3 * error_of(0.05, n)
    return Figure(
        f"false alarms, {regime.name}", "share", ours, theirs, ours / theirs, f"≤ {most:.4f}, naive above 0.1",
        ours <= most and theirs > 0.1, {"organizations": n},
    )  # fmt: skip
