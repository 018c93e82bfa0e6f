"""What an earlier run that was killed outright left behind.

A process belongs to that run when its environment carries the run's random token *and* it started after
the run did, or when it is one of the children the run wrote down (same pid, same start time). The token alone
would not do: a shell may have inherited it. Neither would a pid alone.
"""

import json
import os
import secrets
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from signal import SIGINT, SIGKILL, SIGTERM

from cem.local.environment import RUN_MARK
from cem.local.passwords import write_private
from cem.local.processes import Process, boot, environment, everything, look_up, ourselves, program


@dataclass
class Run:
    """This run, as written to `record` for the next one to read."""

    record: Path
    token: str = field(default_factory=lambda: secrets.token_hex(16))
    children: dict[str, Process] = field(default_factory=dict)

    @property
    def mark(self) -> dict[str, str]:
        """What every child carries in its environment."""
        return {RUN_MARK: self.token}

    def note(self, name: str, child: Process) -> None:
        self.children[name] = child
        me = look_up(os.getpid())
        write_private(
            self.record,
            json.dumps(
                {
                    "boot": boot(),
                    "token": self.token,
                    "since": me.started if me else 0,
                    "children": [[child.pid, child.started] for child in self.children.values()],
                }
            ),
        )

    def forget(self) -> None:
        self.record.unlink(missing_ok=True)


def find(record: Path) -> list[Process]:
    """Processes of the recorded run that are still alive, never we or those who started us."""
    try:
        written = json.loads(record.read_text())
        token, since = f"{RUN_MARK}={written['token']}".encode(), int(written["since"])
        children = {Process(int(pid), int(started)) for pid, started in written["children"]}
        same_boot = written["boot"] == boot()
    except (OSError, ValueError, KeyError, TypeError):
        return []
    if not same_boot:
        return []
    spared = ourselves()
    return [
        process
        for process in everything()
        if process.pid not in spared
        and (process in children or (process.started >= since and token in environment(process.pid)))
    ]


def sweep(record: Path, say: Callable[[str], None], *, patience: float = 8.0) -> None:
    """End them: politely first, with SIGKILL what stays. PostgreSQL's word for polite is SIGINT: at SIGTERM
    it waits until the last client has gone.
    """
    for number, wait in ((SIGTERM, patience), (SIGKILL, 3.0)):
        found = find(record)
        if not found:
            break
        pids = ", ".join(str(process.pid) for process in found)
        say(f"ending what was left behind ({pids}) with {number.name}")
        for process in found:
            if look_up(process.pid) == process:
                polite = SIGINT if program(process.pid) == "postgres" else SIGTERM
                with suppress(ProcessLookupError, PermissionError):
                    os.kill(process.pid, polite if number == SIGTERM else number)
        deadline = time.monotonic() + wait
        while find(record) and time.monotonic() < deadline:
            time.sleep(0.05)
    record.unlink(missing_ok=True)
