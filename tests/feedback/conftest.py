from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(autouse=True)
def static_folder(settings: Any, tmp_path: Path) -> None:
    """WhiteNoise warns where nothing has been collected."""
    settings.STATIC_ROOT = tmp_path
