"""What a study asks, in a sentence."""

from analytics.frames import attitudes, measures, metrics
from analytics.frames.scored import scored
from analytics.models import Study
from analytics.studies.words import held_fixed
from feedback import scoring

_ASKED = {
    "revenue": "spend more",
    "net_revenue": "spend more, net of refunds,",
    "orders": "order more often",
    "refunds": "take more refunds",
    "repurchased": "order again more often",
    "contacts": "get in touch more often",
    "complaints": "complain more often",
}


def question(study: Study) -> str:
    """What the study asks; of a measure or rating that is not known any more, its name."""
    if study.kind == Study.Kind.OPERATIONAL:
        measure = measures.measures().get(study.predictor)
        label = measure.label if measure else study.predictor
        return f"How does {scored(study.outcome).label} about a contact go with its {label.lower()}?"
    if study.kind == Study.Kind.CONSTITUENCY:
        felt, score = scoring.label(study.predictor).lower(), scored(study.outcome).label
        return f"Do teams whose employees rate {felt} higher have customers with a higher {score}?"
    return _financial(study)


def _financial(study: Study) -> str:
    """ "Do promoters go on to spend more than passives and detractors in the 90 days after they answer, at the
    same earlier spend, tenure and segment?" """
    best, middle, worst = attitudes.attitude(study.predictor).nouns
    does = _ASKED.get(study.outcome, f"differ in {metrics.outcome(study.outcome).label.lower()}")
    than = "from" if does.startswith("differ") else "than"
    days = "day" if study.horizon_days == 1 else f"{study.horizon_days} days"
    fixed = held_fixed(list(study.controls))
    return (
        f"Do {best} go on to {does} {than} {middle} and {worst} in the {days} after they answer"
        f"{f', {fixed}' if fixed else ''}?"
    )
