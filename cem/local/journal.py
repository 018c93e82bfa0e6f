"""Child output: each line prefixed for the terminal, and kept in `var/log/<name>.log`."""

import os
import sys
from pathlib import Path
from typing import BinaryIO

from cem.local.child import Show

LARGEST = 10 * 1024 * 1024


class Journal:
    def __init__(self, folder: Path, *, quiet: bool = False) -> None:
        """`quiet`, beside a foreground command: children only into files, our own lines on stderr."""
        self._folder = folder
        self.quiet = quiet
        self._screen = sys.stderr if quiet else sys.stdout
        self._files: dict[str, BinaryIO] = {}

    def say(self, line: str) -> None:
        self._show("up", line)
        self._keep("up", line.encode())

    def note(self, line: str) -> None:
        """Like `say`, but nothing to disturb a foreground command with."""
        if not self.quiet:
            self._show("up", line)
        self._keep("up", line.encode())

    def heard(self, name: str, line: bytes, show: Show) -> None:
        text = line.decode(errors="replace")
        if not self.quiet and show is Show.PREFIXED:
            self._show(name, text)
        elif not self.quiet and show is Show.PLAIN:
            self._print(text)
        self._keep(name, line)

    def place(self, name: str) -> str:
        """Where to read what `name` printed."""
        return str(self._folder / f"{name}.log")

    def close(self) -> None:
        for file in self._files.values():
            file.close()
        self._files.clear()

    def _show(self, name: str, line: str) -> None:
        self._print(f"{name:8} | {line}")

    def _print(self, line: str) -> None:
        try:
            print(line, file=self._screen, flush=True)
        except (OSError, ValueError):
            # The terminal is gone (`make demo | head`, a closed window): go on for the log files.
            self._screen = open(os.devnull, "w")  # noqa: SIM115

    def _keep(self, name: str, line: bytes) -> None:
        file = self._files.get(name)
        if file is None:
            path = self._folder / f"{name}.log"
            descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            file = self._files[name] = open(descriptor, "ab", buffering=0)  # noqa: SIM115
        if file.tell() > LARGEST:
            file.truncate(0)
        file.write(line + b"\n")
