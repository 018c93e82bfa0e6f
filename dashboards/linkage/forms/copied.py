"""A new study that begins as another one: its form filled in with that one's answers."""

from datetime import timedelta
from typing import Any

from analytics.models import Study

from .base import StudyForm
from .financial import SAME


def fill(form: StudyForm, study: Study) -> None:
    """The name is left empty, since no two studies share one; what is no longer offered is not chosen."""
    wanted: dict[str, Any] = {
        name: getattr(study, name) for name in form.fields if name != "name" and hasattr(study, name)
    }
    wanted |= {name: value for name, value in study.options.items() if name in form.fields}
    if study.kind == Study.Kind.FINANCIAL:
        # The outcome's own past is offered under one name, whichever outcome is chosen.
        wanted["controls"] = [SAME if name == study.outcome else name for name in study.controls]
    zone = form.organization.tz
    if study.answered_from:
        wanted["answered_from"] = study.answered_from.astimezone(zone).date()
    if study.answered_until:  # half-open in the study, that day included in the form
        wanted["answered_until"] = (study.answered_until - timedelta(microseconds=1)).astimezone(zone).date()
    form.initial = wanted
