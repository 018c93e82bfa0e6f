"""What the database refused, in words. The database decides first; this explains."""

import logging
from functools import lru_cache
from typing import Any

from django.apps import apps
from django.db import IntegrityError
from django.db.models import Model, UniqueConstraint
from psycopg2 import errorcodes

from .problems import Problem, pointer

logger = logging.getLogger(__name__)


@lru_cache(1)
def _unique() -> dict[str, tuple[type[Model], tuple[str, ...]]]:
    return {
        constraint.name: (model, tuple(field for field in constraint.fields if field != "organization"))
        for model in apps.get_models()
        for constraint in model._meta.constraints
        if isinstance(constraint, UniqueConstraint)
    }


def integrity_problem(error: IntegrityError) -> Problem:
    """409 for a duplicate or a reference to something gone, 422 for a value no row may have."""
    cause: Any = error.__cause__
    code = getattr(cause, "pgcode", None)
    name = getattr(getattr(cause, "diag", None), "constraint_name", None) or "unknown"
    logger.info("refused by constraint %s (%s)", name, code)
    if code == errorcodes.UNIQUE_VIOLATION:
        model, fields = _unique().get(name, (None, ()))
        if model is None:
            return Problem(409, "There is one like this already.")
        what, which = str(model._meta.verbose_name), " and ".join(fields)
        detail = f"There is already a {what} with this {which}."
        return Problem(409, detail, errors=[{"pointer": pointer(one), "detail": detail} for one in fields])
    if code == errorcodes.FOREIGN_KEY_VIOLATION:
        return Problem(409, "Something this refers to was removed meanwhile. Read it again, then repeat.")
    return Problem(422, f"The database refused a value (rule {name!r}).")
