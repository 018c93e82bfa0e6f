"""Who answers: from those eligible to those followed, and weights that let answers speak for the eligible."""

from .section import compute

__all__ = ["compute"]
