"""A result in sentences, made from its numbers and never stronger than they are (look.md, Writing).

Differs, goes with, went on to, after: people did not come to their band at random, so nothing here says
that an answer did anything.
"""

from analytics.studies.checks import Check, checks
from analytics.studies.conditional import worth

from .associations import associations, strongest
from .brief import bands_title, foot, short
from .nonresponse import gaps, nonresponse, weighted
from .opening import lede
from .paragraph import ASSOCIATION, then
from .shown import ALPHA, is_clear, shown
from .written import Findings, write

__all__ = [
    "ALPHA",
    "ASSOCIATION",
    "Check",
    "Findings",
    "associations",
    "bands_title",
    "checks",
    "foot",
    "gaps",
    "is_clear",
    "lede",
    "nonresponse",
    "short",
    "shown",
    "strongest",
    "then",
    "weighted",
    "worth",
    "write",
]
