from pathlib import Path
from typing import Any

import pytest

from tests.cast import Cast

from . import world


@pytest.fixture(autouse=True)
def own_files(settings: Any, tmp_path: Path) -> None:
    settings.VAR_DIR = tmp_path
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture
def homes(cast: Cast) -> tuple[world.Home, world.Home]:
    """Mine and the other organization's."""
    return world.build(cast.organization), world.build(cast.other)
