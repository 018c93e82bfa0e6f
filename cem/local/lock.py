"""One supervisor per data folder.

The kernel drops the lock together with the process, so a file that was left behind means nothing.
"""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class HeldError(Exception):
    """Somebody else has the folder; `owner` is what they wrote about themselves."""

    def __init__(self, owner: str) -> None:
        super().__init__(owner)
        self.owner = owner


@contextmanager
def exclusive(path: Path, owner: str) -> Iterator[None]:
    """Hold `path` and write `owner` into it. Tries for a moment, since `discover` holds it for an instant."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    with open(descriptor, "r+") as file:
        for attempt in range(10):
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if attempt == 9:
                    raise HeldError(file.read().strip()) from None
                time.sleep(0.02)
        file.truncate(0)
        file.write(owner)
        file.flush()
        yield


def try_lock(path: Path, operation: int) -> int | None:
    """A descriptor that holds the lock, or None when somebody stands in the way."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, operation | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor
