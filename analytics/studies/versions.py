"""Which software a run was computed with: another version may round otherwise."""

import platform
from functools import cache
from importlib.metadata import PackageNotFoundError, version

_LIBRARIES = ("numpy", "scipy", "pandas", "pyarrow")


@cache
def versions() -> dict[str, str]:
    """Name → version."""
    found = {"python": platform.python_version()}
    for name in ("cem", *_LIBRARIES):
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "not installed as a package"
    return found
