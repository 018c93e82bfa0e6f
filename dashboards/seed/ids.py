"""Many UUIDs of version 7 at once, as text."""

import secrets

import numpy as np

from cem.lib.ids import uuid7


def uuids(count: int) -> list[str]:
    """Ascending, of this millisecond: the 42 bits behind the version count up, the last 32 are random."""
    prefix = uuid7().hex[:12]
    start = secrets.randbits(40)
    random = np.frombuffer(secrets.token_bytes(4 * count), dtype=np.uint32).tolist()
    found = []
    for number, tail in enumerate(random, start):
        # 12 bits rand_a, then 2 bits variant and 30 bits of the counter, then 32 random bits
        high, low = (number >> 30) & 0xFFF, number & 0x3FFFFFFF
        middle = 0x80000000 | low
        found.append(
            f"{prefix[:8]}-{prefix[8:]}-7{high:03x}-{middle >> 16:04x}-{middle & 0xFFFF:04x}{tail:08x}"
        )
    return found
