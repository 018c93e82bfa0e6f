"""Plain statistics on arrays and frames: no Django, importable alone.

One module a noun. Modules load at first use (``stats.survival``), so that a page that needs a Wilson
interval does not pay for lifelines.
"""

from __future__ import annotations

from importlib import import_module
from types import ModuleType

__all__ = [
    "association",
    "bands",
    "drivers",
    "effects",
    "intervals",
    "journeys",
    "lifetime",
    "regression",
    "reliability",
    "survival",
]


def __getattr__(name: str) -> ModuleType:
    if name in __all__:
        return import_module(f"{__name__}.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
