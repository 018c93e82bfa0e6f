"""Progress in a terminal: a bar where there is one, else a line now and then."""

import time
from typing import TextIO

from .run import Progress

WIDTH = 30
#: Seconds between drawings of the bar, and between lines of a log.
DRAW, LOG = 0.1, 10.0


class Bar:
    """A listener of `import_file`."""

    def __init__(self, out: TextIO) -> None:
        self.out = out
        self.is_terminal = out.isatty()
        self.began = self.last = time.monotonic()
        self.open = False

    def __call__(self, progress: Progress) -> None:
        now = time.monotonic()
        writing = progress.step == "writing"
        if not writing and now - self.last < (DRAW if self.is_terminal else LOG):
            return
        self.last = now
        line = self.line(progress, now - self.began)
        if self.is_terminal:
            self.out.write(f"\r\x1b[K{line}")
            self.open = True
        else:
            self.out.write(line + "\n")
        self.out.flush()

    @staticmethod
    def line(progress: Progress, seconds: float) -> str:
        if progress.step == "writing":
            return f"{progress.rows:,} rows read in {seconds:.1f} s; writing them …"
        share = min(progress.done_bytes / progress.total_bytes, 1) if progress.total_bytes else 1
        filled = round(share * WIDTH)
        rate = progress.rows / seconds if seconds > 0 else 0
        return (
            f"[{'█' * filled}{'·' * (WIDTH - filled)}] {share:4.0%}  {progress.done_bytes / 1e6:,.1f} of "
            f"{progress.total_bytes / 1e6:,.1f} MB  {progress.rows:,} rows  {rate:,.0f} rows/s"
        )

    def close(self) -> None:
        if self.open:
            self.out.write("\r\x1b[K")
            self.out.flush()
            self.open = False
