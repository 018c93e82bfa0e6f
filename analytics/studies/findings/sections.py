"""One sentence for each section beside the link, as a run stores them."""

from analytics.studies.results import Result
from analytics.studies.sections import sentences

from .associations import associations
from .nonresponse import nonresponse


def sections(result: Result) -> dict[str, str]:
    """Section → its sentence; what has no figure says why. Empty for runs from before there were sections."""
    found = {}
    if result.associations is not None:
        found["associations"] = associations(result.associations)
    if result.drivers is not None:
        found["drivers"] = sentences.drivers(result.drivers) if result.drivers.drivers else result.drivers.why
    if result.survival is not None:
        found["survival"] = sentences.survival(result.survival)
        if result.survival.hazards:
            found["hazards"] = sentences.hazards(result.survival)
        elif result.survival.why:
            found["hazards"] = result.survival.why
    if result.nonresponse is not None:
        found["nonresponse"] = nonresponse(result.nonresponse)
    if result.quality is not None:
        found["quality"] = sentences.quality(result.quality, result.facts.predictor_label)
        if result.quality.scales:
            found["scales"] = sentences.scales(result.quality.scales)
    return {key: words.rstrip(".") + "." for key, words in found.items() if words}
