"""Every attitude beside every outcome: rank correlations at the same controls, with their uncertainty."""

from .table import correlate, read

__all__ = ["correlate", "read"]
