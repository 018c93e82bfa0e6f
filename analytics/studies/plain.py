"""Results as plain JSON: dicts, lists and finite numbers."""

import math
from typing import Any


def plain(value: Any) -> Any:
    """Rounded to ten figures, so that a last bit makes no difference; what is not finite is None."""
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(one) for one in value]
    if isinstance(value, float):
        number = float(value)
        return float(f"{number:.10g}") if math.isfinite(number) else None
    return value
