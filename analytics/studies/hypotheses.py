"""What a study is asked beside its own link: outcomes that every attitude is correlated with, and hypotheses that
were declared before anybody had seen a figure."""

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.audit.record import record
from analytics.frames import attitudes, metrics
from analytics.models import Study
from feedback import scoring

from .settings import OUTCOMES

#: A family of its own is for what was expected, not for everything.
MOST = 10


def outcomes_of(study: Study) -> tuple[str, ...]:
    """What its runs correlate every attitude with; the study's own outcome is always among it, first."""
    return tuple(dict.fromkeys([study.outcome, *(study.outcomes or OUTCOMES)]))


def wrong_outcomes(outcomes: Sequence[str]) -> str:
    """What is wrong with them, in words; empty where nothing is."""
    for name in outcomes:
        try:
            metrics.outcome(name)
        except ValueError as error:
            return str(error).partition(": ")[2]
    return ""


def wrong_declared(declared: Sequence[str], outcomes: Sequence[str]) -> str:
    """What is wrong with hypotheses such as "nps>revenue"; empty where nothing is."""
    if len(declared) > MOST:
        return f"{len(declared)} hypotheses: declare at most {MOST}, those that were expected before looking."
    for one in declared:
        attitude, arrow, outcome = one.partition(">")
        if not (attitude and arrow and outcome):
            return f"{one!r} is not a hypothesis. Write an attitude and an outcome, such as nps>revenue."
        if outcome not in outcomes:
            return (
                f"{one!r}: {outcome!r} is not among this study’s outcomes. Choose from {', '.join(outcomes)}."
            )
        try:
            if scoring.family(attitude).key != "rating":
                attitudes.attitude(attitude)
        except ValueError as error:
            return f"{one!r}: {str(error).partition(': ')[2] or error}"
    return ""


def told(declared: str) -> str:
    """ "NPS → Revenue"."""
    attitude, _, outcome = declared.partition(">")
    return f"{scoring.label(attitude)} → {metrics.outcome(outcome).label}"


@transaction.atomic
def declare(*, study: Study, declared: Sequence[str]) -> Study:
    """Name the hypotheses of a financial study; they replace those declared earlier.

    Raises:
        ValidationError: on one that is none, and once the study has been run, since figures were seen then.
    """
    study = Study.objects.select_for_update().get(pk=study.pk)  # no run begins meanwhile
    if study.kind != Study.Kind.FINANCIAL:
        raise ValidationError({"declared": "Only financial studies test several links at once."})
    if study.runs.exists():
        raise ValidationError(
            {
                "declared": "Hypotheses are declared before the first run, and this study has been run. Ask a new "
                "study to declare others."
            }
        )
    chosen = list(dict.fromkeys(declared))
    if wrong := wrong_declared(chosen, outcomes_of(study)):
        raise ValidationError({"declared": wrong})
    before, study.declared = study.declared, chosen
    study.save(update_fields=["declared"])
    record("study.changed", target=study, before={"declared": before}, after={"declared": chosen})
    return study
