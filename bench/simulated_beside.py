"""What stands beside a study's link, as regimes: silence that bends what is heard, and many attitudes of which few are
real. Their frames are `bench.planted`'s.
"""

from dataclasses import dataclass, replace
from typing import ClassVar

from bench import planted, simulated
from bench.found import ALPHA, Found


@dataclass(frozen=True)
class Silent:
    """Those who buy more answer more. Ours is the weighted difference; the naive one is that of those who answered."""

    name: str
    customers: int = 1_800

    kind: ClassVar[str] = "financial"

    def study(self, seed: int) -> Found:
        from analytics.frames.parts import Parts
        from analytics.studies.compute import compute

        world = planted.silence(self.customers, seed)
        settings = replace(simulated.settings(seed, simulated.DRAWS), outcomes=())
        result = compute(world.frame, settings, parts=Parts(tables={"asked": world.asked}))
        assert result.nonresponse is not None
        assert result.nonresponse.weights is not None, result.nonresponse.why
        found = result.nonresponse.weights.differences
        truths = [world.differences[one.name] for one in found]
        return Found(
            covered=tuple(
                one.weighted.low <= truth <= one.weighted.high
                for one, truth in zip(found, truths, strict=True)
            ),
            discovered=tuple(one.q < ALPHA for one in result.contrasts),
            is_null=tuple(truth == 0.0 for truth in truths),
            reading=result.reading,
            value=found[0].weighted.value,
            truth=truths[0],
            naive=found[0].unweighted.value,
            naive_covered=found[0].unweighted.low <= truths[0] <= found[0].unweighted.high,
        )


@dataclass(frozen=True)
class Many:
    """Every attitude beside every outcome: all tests one family. The naive analyst looks at each p by itself."""

    name: str
    world: planted.Attitudes
    customers: int = 300

    kind: ClassVar[str] = "financial"

    def study(self, seed: int) -> Found:
        from analytics.studies import families, pairs

        settings = replace(simulated.settings(seed, simulated.DRAWS), outcomes=planted.OUTCOMES)
        tested = [
            one
            for one in pairs.correlate(planted.answers(self.world, self.customers, seed), settings)
            if one.p is not None
        ]
        p_values = [one.p for one in tested if one.p is not None]
        q_values = families.q_values(p_values, [False] * len(p_values))
        nulls = [not self.world.is_real(one.attitude, one.outcome) for one in tested]
        return Found(
            covered=(),
            discovered=tuple(q < ALPHA for q in q_values),
            is_null=tuple(nulls),
            reading="",
            value=0.0,
            truth=0.0,
            naive=0.0,
            naive_discovered=any(p < ALPHA and null for p, null in zip(p_values, nulls, strict=True)),
        )


SILENT = Silent("silence that bends")
NOTHING = Many("36 pairs, none real", planted.Attitudes())
SOME = Many("36 pairs, 6 real", planted.Attitudes(real=2))
REGIMES = (SILENT, NOTHING, SOME)
