"""Draws of adjusted means, together for several models of the same customers.

Each customer (the cluster) gets one random weight a draw, the same in every model: standard exponential, as
in Rubin's (1981) Bayesian bootstrap, Annals of Statistics 9, 130–134, which never leaves a small band
empty. The model is not refitted; from the full sample's coefficients one weighted Newton step is taken,
which agrees with the refitted ones to order 1/n: Moulton & Zeger (1991), "Bootstrapping generalized linear
models", Computational Statistics & Data Analysis 11, 53–63. The means of the draw are then exact, not
linearised. Scores are weighed as in HC3, by 1 over 1 − leverage: with 300 customers the plain ones came out 3 to 5 %
too narrow.

Customers are walked in blocks with all draws at once, and a block's weights are made again when they are
needed again, so that memory does not grow with customers × draws.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from .adjusted import STATES, Adjusted, inverse_link, variance
from .design import FloatArray

BLOCK = 2_048  # customers × draws that stay in the processor's cache


@dataclass(frozen=True, slots=True)
class Draws:
    """Of one model, by draw: means (draws × 3 bands) over all its customers, the same over those of the lowest
    band only, the outcome's standard deviation, and the weighted number of customers in the lowest band (of as many
    as the model has). A model's own weights multiply the drawn ones."""

    means: FloatArray
    lowest_means: FloatArray
    deviation: FloatArray
    lowest_count: FloatArray


def draw(
    models: Sequence[tuple[Adjusted, np.ndarray | None]],
    *,
    customers: int,
    draws: int,
    seed: int,
    tick: Callable[[float], None] = lambda share: None,
) -> list[Draws]:
    """Bootstrap draws of every model, weights shared by customer.

    Args:
        models: each with the positions (increasing) of its customers among all; None is all of them.
        customers: how many there are in all.
        tick: called with the share of the work done, about once a block.
    """
    blocks = -(-customers // BLOCK)
    states = [_Model(model, where, customers, draws) for model, where in models]
    for number, (start, weights) in enumerate(_weights(customers, draws, seed)):
        for state in states:
            state.gather(start, weights)
        tick(0.5 * (number + 1) / blocks)
    for state in states:
        state.step()
    for number, (start, weights) in enumerate(_weights(customers, draws, seed)):
        for state in states:
            state.average(start, weights)
        tick(0.5 + 0.5 * (number + 1) / blocks)
    return [state.result() for state in states]


def _weights(customers: int, draws: int, seed: int) -> Iterator[tuple[int, FloatArray]]:
    """(first customer, customers × draws) block by block; each block has a generator of its own."""
    for block, start in enumerate(range(0, customers, BLOCK)):
        generator = np.random.default_rng([seed, block])
        yield start, generator.standard_exponential((min(BLOCK, customers - start), draws))


class _Model:
    def __init__(self, model: Adjusted, where: np.ndarray | None, customers: int, draws: int) -> None:
        self.model = model
        self.where = np.arange(customers) if where is None else where
        self.scores = model.scores()
        k = model.x.shape[1]
        self.upper = np.triu_indices(k)
        self.sums = np.zeros((k + len(self.upper[0]) + 3, draws))
        self.beta = np.zeros((k, draws))
        self.means = np.zeros((3, draws))
        self.lowest = np.zeros((3, draws))
        self.lowest_weight = np.zeros(draws)

    def _block(self, start: int, weights: FloatArray) -> tuple[slice, FloatArray]:
        """This model's rows among the block's customers, and their weights."""
        first, last = np.searchsorted(self.where, (start, start + len(weights)))
        rows = slice(int(first), int(last))
        drawn = weights if last - first == len(weights) else weights[self.where[rows] - start]
        own = self.model.weights
        return rows, drawn if own is None else drawn * own[rows, None]

    def gather(self, start: int, weights: FloatArray) -> None:
        """Weighted scores, information and outcome moments, for all draws in one product."""
        rows, w = self._block(start, weights)
        x, y = self.model.x[rows], self.model.y[rows]
        slope = variance(inverse_link(x @ self.model.beta, self.model.family), self.model.family)
        information = x[:, self.upper[0]] * x[:, self.upper[1]] * slope[:, None]
        centred = y - self.model.y.mean()
        moments = np.column_stack([self.scores[rows], information, np.ones(len(y)), centred, centred**2])
        self.sums += moments.T @ w

    def step(self) -> None:
        """One Newton step from the full sample's coefficients, in each draw."""
        k, draws = self.beta.shape
        information = np.empty((draws, k, k))
        information[:, self.upper[0], self.upper[1]] = self.sums[k:-3].T
        information[:, self.upper[1], self.upper[0]] = self.sums[k:-3].T
        step = np.linalg.solve(information, self.sums[:k].T[:, :, None])[:, :, 0]
        self.beta = (self.model.beta + step).T

    def average(self, start: int, weights: FloatArray) -> None:
        """The block's part of each band's weighted sum of predictions; in place, since this is most of the work."""
        rows, w = self._block(start, weights)
        x, beta, family = self.model.x[rows], self.beta, self.model.family
        who = np.vstack([np.ones(len(x)), x[:, 2]])  # everybody, and those of the lowest band
        self.lowest_weight += x[:, 2] @ w
        base = np.delete(x, (1, 2), axis=1) @ np.delete(beta, (1, 2), axis=0)
        shifts = [up * beta[1] + down * beta[2] for up, down in STATES]
        if (
            family == "poisson"
        ):  # exp(base + shift) = exp(base)·exp(shift): one exponential a customer and draw
            np.minimum(base, 600.0, out=base)
            np.exp(base, out=base)
            base *= w
            whole, low = who @ base
            for band, shift in enumerate(shifts):
                factor = inverse_link(shift, family)
                self.means[band] += whole * factor
                self.lowest[band] += low * factor
            return
        for band, shift in enumerate(shifts):
            whole, low = who @ (inverse_link(base + shift, family) * w)
            self.means[band] += whole
            self.lowest[band] += low

    def result(self) -> Draws:
        total, first, second = self.sums[-3:]
        spread = np.sqrt(np.maximum(0.0, second / total - (first / total) ** 2))
        with np.errstate(invalid="ignore", divide="ignore"):
            lowest = np.where(self.lowest_weight > 0, self.lowest / self.lowest_weight, 0.0)
        share = self.lowest_weight / total
        return Draws((self.means / total).T, lowest.T, spread, share * len(self.where))
