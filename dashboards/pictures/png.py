"""A picture as PNG, drawn by the server: it needs no script, and looks the same whoever asks and wherever it runs.

resvg draws without any system library. Its face is DejaVu Sans, which comes with a package and which the charts
leave room for; faces of the machine only fill in what that one has no letters for.
"""

import re
from functools import cache
from importlib.util import find_spec
from pathlib import Path

ZOOM = 2
FACE = "DejaVu Sans"
_FILES = ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf")
#: Letters that the face may lack (South and East Asian ones above all); looking for others takes a while.
_FOREIGN = re.compile(
    "[\u0780-\u10ff\u1100-\u1dff\u2e80-\ud7ff\uf900-\ufaff\ufe30-\uffef\U00010000-\U0010ffff]"
)


def png(svg: str) -> bytes:
    """At twice the size, for dense screens and print."""
    import resvg_py

    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=svg,
            zoom=ZOOM,
            font_files=list(faces()),
            skip_system_fonts=not _FOREIGN.search(svg),
            font_family=FACE,
            sans_serif_family=FACE,
        )
    )


@cache
def faces() -> tuple[str, ...]:
    """The face's files, found without loading the package that they come with."""
    found = find_spec("matplotlib")
    assert found is not None
    assert found.origin is not None
    folder = Path(found.origin).parent / "mpl-data" / "fonts" / "ttf"
    return tuple(str(folder / name) for name in _FILES)
