"""Where Celery looks for this room's tasks."""

from accounts.work.outbox import relay, tidy

__all__ = ["relay", "tidy"]
