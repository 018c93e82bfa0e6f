from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(autouse=True)
def files(settings: Any, tmp_path: Path) -> Path:
    """Stored frames go where the test's other files do (a worker's CEM_VAR is the folder above)."""
    settings.MEDIA_ROOT = tmp_path / "files"
    return tmp_path / "files"
