"""What a customer's timeline says of feedback: what they answered, and when they were asked or not."""

from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject

from crm.timeline import Cursor, Entry, older
from feedback.models import Invitation, Response, Score, Verbatim

#: Why somebody was not asked, in words; a rule that is not here shows its key.
REASONS = {
    "opted_out": "wants no surveys",
    "quarantine": "was asked not long ago",
    "consent": "gave no consent",
    "sampling": "was not drawn into the sample",
    "hold_out": "belongs to the hold-out group",
}


def answers(customer_id: UUID, before: Cursor | None, limit: int) -> list[Entry]:
    """Responses with scores and verbatims; `facts["interaction"]` is the id of the contact asked about."""
    scores = Score.objects.filter(response=OuterRef("pk")).order_by("id")
    verbatims = Verbatim.objects.filter(response=OuterRef("pk")).order_by("question")
    rows = (
        Response.objects.filter(customer_id=customer_id)
        .exclude(status=Response.Status.DISMISSED)
        .select_related("survey")
        .annotate(
            said=ArraySubquery(
                scores.values(
                    json=JSONObject(metric="metric", question="question", value="value", counts="counts")
                )
            ),
            wrote=ArraySubquery(verbatims.values(json=JSONObject(id="id", question="question", text="text"))),
        )
    )
    return [
        Entry(
            occurred_at=row.answered_at,
            id=row.pk,
            kind="answer",
            source="answers",
            title=row.survey.name,
            detail=_detail(row),
            facts={
                "scores": row.said,
                "verbatims": row.wrote,
                "interaction": row.interaction_id,
                "survey": row.survey.key,
                "wave": row.wave,
                "channel": row.channel,
                "status": row.status,
                "is_test": row.is_test,
            },
        )
        for row in older(rows, "answered_at", before, limit)
    ]


def _detail(row: Response) -> str:
    parts = [row.wave, f"by {row.channel}" if row.channel else ""]
    if row.is_test:
        parts.append("test, not counted")
    elif row.status == Response.Status.PARTIAL:
        parts.append("not finished")
    return ", ".join(part for part in parts if part)


def invitations(customer_id: UUID, before: Cursor | None, limit: int) -> list[Entry]:
    """When they were asked, and when not and why."""
    rows = Invitation.objects.filter(customer_id=customer_id).select_related("survey")
    return [
        Entry(
            occurred_at=row.sent_at,
            id=row.pk,
            kind="not_asked" if row.status == Invitation.Status.NOT_ASKED else "invitation",
            source="invitations",
            title="Not asked" if row.status == Invitation.Status.NOT_ASKED else f"Asked: {row.survey.name}",
            detail=row.survey.name
            if row.status == Invitation.Status.NOT_ASKED
            else f"by {row.channel}, {_outcome(row)}",
            facts={
                "reason": REASONS.get(row.ineligible_reason, row.ineligible_reason),
                "status": row.status,
                "survey": row.survey.key,
                "wave": row.wave,
                "channel": row.channel,
                "interaction": row.interaction_id,
                "answered_at": row.answered_at,
            },
        )
        for row in older(rows, "sent_at", before, limit)
    ]


def _outcome(row: Invitation) -> str:
    if row.answered_at is not None:
        return "answered"
    return {
        Invitation.Status.BOUNCED: "came back undelivered",
        Invitation.Status.DECLINED: "said not now",
    }.get(Invitation.Status(row.status), "not answered")
