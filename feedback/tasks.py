"""Where Celery looks for this room's tasks."""

from feedback.intake.after import after_response

__all__ = ["after_response"]
