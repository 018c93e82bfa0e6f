"""Personal data in this room's models."""

from accounts.privacy.marks import Kind

PERSONAL = {
    "feedback.Response": {"answers": Kind.ANSWERS, "external_id": Kind.ID},
    "feedback.Verbatim": {"text": Kind.TEXT},
}
HARMLESS = {
    "feedback.Survey": {"key", "name"},
    "feedback.SurveyVersion": {"document"},
    "feedback.SurveyLink": {"token", "channel"},
    "feedback.Invitation": {"wave", "channel", "ineligible_reason"},
    "feedback.Response": {"wave", "channel", "language"},
    "feedback.Score": {"metric", "question", "channel"},
    "feedback.Verbatim": {"question", "language"},
}
