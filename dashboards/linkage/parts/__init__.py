"""The sections of a result's page, by kind; what an older schema lacks is simply not there."""

from collections.abc import Mapping
from typing import Any

from dashboards.linkage.told import kind

from . import associations, constituency, drivers, nonresponse, operational, quality, survival
from .section import Section

__all__ = ["Section", "sections"]


def sections(result: Mapping[str, Any]) -> list[Section]:
    """In the page's order, the picture of the kind first."""
    if kind(result) == "operational":
        return operational.sections(result)
    if kind(result) == "constituency":
        return constituency.sections(result)
    found: list[Section] = []
    for key, section in (
        ("associations", associations.sections),
        ("drivers", drivers.sections),
        ("survival", survival.sections),
        ("nonresponse", nonresponse.sections),
        ("quality", quality.sections),
    ):
        if result.get(key):
            found += section(result[key], result["facts"])
    return found
