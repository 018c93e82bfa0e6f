"""What this room holds of a customer: responses, scores, verbatims, invitations. Its tables are all there is.

A score that is erased is gone from every figure, past ones too: `feedback.scoring` counts rows, not memories.
"""

from accounts.privacy import retention
from accounts.privacy.holders import register_models
from feedback.models import Invitation, Response


def register_holders() -> None:
    register_models("feedback")


def register_kinds() -> None:
    """What an organization may set a period for. With an answer its scores and verbatims go."""
    retention.register(retention.rows("answers", "Answers", "answered_at", lambda: Response.objects.all()))
    retention.register(
        retention.rows("invitations", "Invitations", "sent_at", lambda: Invitation.objects.all())
    )
