"""Work that one worker at a time may do, and that goes on elsewhere when that worker dies."""

import logging
import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connection

from accounts.models import Lease

logger = logging.getLogger(__name__)


class Superseded(RuntimeError):
    """Somebody else holds the lease by now: stop, and write nothing more."""


def claim(name: str) -> int | None:
    """Take the lease if it is free or stale. One row changed means it is yours.

    Returns:
        The claim number, which every later write must still find in force; None while another holds it.
    """
    holder = f"{socket.gethostname()}:{os.getpid()}"
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO accounts_lease AS held (name, claim, holder, expires_at)
            VALUES (%(name)s, 1, %(holder)s, clock_timestamp() + make_interval(secs => %(seconds)s))
            ON CONFLICT (name) DO UPDATE
               SET claim = held.claim + 1, holder = excluded.holder, expires_at = excluded.expires_at
             WHERE held.expires_at IS NULL OR held.expires_at < clock_timestamp()
            RETURNING claim
            """,
            {"name": name, "holder": holder, "seconds": settings.LEASE_SECONDS},
        )
        row = cursor.fetchone()
    return row[0] if row else None


def hold(name: str, number: int) -> None:
    """Lock the lease for this transaction, so that nobody supersedes us before it commits.

    Raises:
        Superseded: when the claim is no longer in force.
    """
    held = Lease.objects.select_for_update().filter(name=name, claim=number, expires_at__isnull=False).first()
    if held is None:
        raise Superseded(f"{name}: claim {number} was superseded")


def release(name: str, number: int) -> None:
    """Free the lease. The row stays, so that the next claim has a number of its own."""
    Lease.objects.filter(name=name, claim=number).update(expires_at=None)


def renew(name: str, number: int, outbox_id: int | None) -> bool:
    """Push the lease, and the outbox row it works for, into the future. False when superseded."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE accounts_lease SET expires_at = clock_timestamp() + make_interval(secs => %s) "
            "WHERE name = %s AND claim = %s AND expires_at IS NOT NULL",
            [settings.LEASE_SECONDS, name, number],
        )
        if cursor.rowcount != 1:
            return False
        if outbox_id is not None:
            # Not due again while somebody lives who works on it; and long work is not a failed attempt.
            cursor.execute(
                "UPDATE accounts_outboxentry "
                "SET due_at = clock_timestamp() + make_interval(secs => %s) WHERE id = %s",
                [settings.LEASE_SECONDS + 1, outbox_id],
            )
    return True


@contextmanager
def heartbeat(name: str, number: int, outbox_id: int | None) -> Iterator[threading.Event]:
    """Renew in a thread of its own while the block runs; the event is set when we were superseded."""
    stop, lost = threading.Event(), threading.Event()

    def beat() -> None:
        try:
            while not stop.wait(settings.LEASE_SECONDS / 3):
                try:
                    if not renew(name, number, outbox_id):
                        lost.set()
                        return
                except Exception:
                    # The database may be restarting. If it stays away, the lease runs out and hold() tells.
                    logger.exception("%s: heartbeat failed", name)
                    connection.close()
        finally:
            connection.close()

    renew(name, number, outbox_id)
    thread = threading.Thread(target=beat, name=f"lease {name}", daemon=True)
    thread.start()
    try:
        yield lost
    finally:
        stop.set()
        thread.join(timeout=5)
