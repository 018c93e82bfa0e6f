"""All sentences of a result, as a run stores them."""

from dataclasses import asdict, dataclass, field

from analytics.studies.checks import Check, checks
from analytics.studies.conditional import worth
from analytics.studies.results import Result, Told

from .brief import bands_title, foot, short
from .opening import lede
from .paragraph import then
from .sections import sections


@dataclass(frozen=True, slots=True)
class Findings:
    """The opening sentence, the paragraph under it, the short sentence for the overview and its foot, the title
    of the bands, the worth (empty where none is shown), the checks, and a sentence for each section beside the link."""

    lede: str
    then: str
    short: str
    foot: str
    bands_title: str
    worth: str
    checks: list[Check]
    sections: dict[str, str] = field(default_factory=dict)

    def to_json(self) -> dict[str, object]:
        return asdict(self)


def write(result: Told) -> Findings:
    """All sentences of a result."""
    result = Result.of(result)
    return Findings(
        lede=lede(result),
        then=then(result),
        short=short(result),
        foot=foot(result),
        bands_title=bands_title(result),
        worth=worth(result),
        checks=checks(result),
        sections=sections(result),
    )
