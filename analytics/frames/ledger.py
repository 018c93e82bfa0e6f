"""What became of the answers that a frame was built from."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Built:
    """What was written: rows, digest of the content, and the ledger of answers kept and left out."""

    rows: int
    digest: str
    ledger: list[dict[str, Any]]


def ledger(counts: list[int]) -> list[dict[str, Any]]:
    """Answers found, left out by reason, and kept; what is left out and kept adds up to what was found."""
    found, open_, anonymous, later = counts
    kept = found - open_ - anonymous - later
    return [
        {"reason": reason, "label": label, "n": n, "dropped": dropped}
        for reason, label, n, dropped in (
            ("answers", "Answers in the period", found, False),
            ("window_open", "Outcome window not over", open_, True),
            ("anonymous", "Anonymous, no customer to follow", anonymous, True),
            ("later_answers", "Later answers of the same customer", later, True),
            ("kept", "Kept, one row each", kept, False),
        )
    ]
