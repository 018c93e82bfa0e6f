"""Known truth: how often the study finds what was planted, over thousands of simulated organizations."""

import math
import multiprocessing
import os
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial

from bench.figures import Figure
from bench.simulated import LINK, MIXED, NULL, REGIMES, SIMPSON, UNSEEN, Regime, frame, naive, settings

SEEDS = {"small": 200, "large": 2_000}
CUSTOMERS = 1_000
DRAWS = 200
PROCESSES = 2


@dataclass(frozen=True)
class Found:
    """One organization studied. Contrasts in the order of `analytics.studies.readings.CONTRASTS`."""

    covered: tuple[bool, ...]
    discovered: tuple[bool, ...]
    is_null: tuple[bool, ...]
    reading: str
    value: float
    naive: float

    @property
    def false_share(self) -> float:
        false = sum(found and null for found, null in zip(self.discovered, self.is_null, strict=True))
        return false / max(1, sum(self.discovered))


def study(seed: int, regime: Regime) -> Found:
    from analytics.studies.compute import compute
    from analytics.studies.readings import ALPHA

    table = frame(regime, CUSTOMERS, seed)
    result = compute(table, settings(seed, DRAWS))
    truths = [regime.difference(one.first, one.second) for one in result.contrasts]
    main = result.contrasts[0]
    return Found(
        covered=tuple(
            one.after.low <= truth <= one.after.high
            for one, truth in zip(result.contrasts, truths, strict=True)
        ),
        discovered=tuple(one.q < ALPHA for one in result.contrasts),
        is_null=tuple(truth == 0.0 for truth in truths),
        reading=main.reading,
        value=main.after.value,
        naive=naive(table, main.first, main.second),
    )


def studies(regime: Regime, seeds: Iterable[int], *, processes: int = PROCESSES) -> list[Found]:
    """The same seeds, the same answers, however many processes."""
    seeds = list(seeds)
    if processes == 1:
        return [study(seed, regime) for seed in seeds]
    os.environ.setdefault(
        "OPENBLAS_NUM_THREADS", "1"
    )  # for the processes to come: they share the cores already
    with ProcessPoolExecutor(processes, multiprocessing.get_context("spawn")) as pool:
        return list(pool.map(partial(study, regime=regime), seeds, chunksize=25))


def run(size: str) -> list[Figure]:
    seeds = range(SEEDS[size])
    found = {}
    for regime in REGIMES:
        print(f"  {regime.name}: {len(seeds):,} organizations", flush=True)
        found[regime.name] = studies(regime, seeds)
    figures = [coverage(one, found[one.name]) for one in (LINK, NULL, MIXED, SIMPSON)]
    figures += [discoveries(one, found[one.name]) for one in (NULL, MIXED)]
    figures += [
        readings(UNSEEN, found[UNSEEN.name], at_most=0.05),
        readings(LINK, found[LINK.name], at_least=0.5),
        beside_naive(LINK, found[LINK.name]),
        beside_naive(SIMPSON, found[SIMPSON.name]),
        *signs(SIMPSON, found[SIMPSON.name]),
    ]
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
        {"organizations": n, "by contrast": [round(share, 4) for share in shares]},
    )  # fmt: skip


def discoveries(regime: Regime, found: list[Found]) -> Figure:
    n = len(found)
    shares = [one.false_share for one in found]
    mean = math.fsum(shares) / n
    error = math.sqrt(math.fsum((share - mean) ** 2 for share in shares) / max(1, n - 1) / n)
    most = 0.05 + 3 * error
    return Figure(
        f"false discoveries, {regime.name}", "share", mean, 0.05, mean / 0.05, f"≤ {most:.4f}", mean <= most,
        {"organizations": n, "Monte Carlo error": round(error, 5)},
    )  # fmt: skip


def readings(
    regime: Regime, found: list[Found], *, at_most: float | None = None, at_least: float | None = None
) -> Figure:
    n = len(found)
    counts = {name: sum(one.reading == name for one in found) for name in sorted({o.reading for o in found})}
    share = counts.get("stands", 0) / n
    error = 3 * math.sqrt(max(share * (1 - share), 1e-9) / n)
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
    """Mean absolute error of the adjusted difference beside that of the unlagged, unadjusted one."""
    truth = regime.difference("promoter", "detractor")
    ours = math.fsum(abs(one.value - truth) for one in found) / len(found)
    theirs = math.fsum(abs(one.naive - truth) for one in found) / len(found)
    bias = math.fsum(one.value - truth for one in found) / len(found)
    naive_bias = math.fsum(one.naive - truth for one in found) / len(found)
    return Figure(
        f"error beside naive, {regime.name}", "EUR", ours, theirs, ours / theirs, "≤ 0.5 of naive",
        ours <= 0.5 * theirs,
        {"true difference": round(truth, 2), "bias": round(bias, 2), "naive bias": round(naive_bias, 2)},
    )  # fmt: skip


def signs(regime: Regime, found: list[Found]) -> list[Figure]:
    truth = regime.difference("promoter", "detractor")
    right = sum(one.value * truth > 0 for one in found) / len(found)
    naive_right = sum(one.naive * truth > 0 for one in found) / len(found)
    wrong = 1 - naive_right
    what = {"organizations": len(found)}
    return [
        Figure(f"right sign, {regime.name}", "share", right, naive_right, right / 1.0, "≥ 0.99", right >= 0.99, what),
        Figure(f"naive sign wrong, {regime.name}", "share", wrong, 1.0, wrong, "≥ 0.95", wrong >= 0.95, what),
    ]  # fmt: skip
