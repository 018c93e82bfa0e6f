"""CEM: customer experience management. The composition root."""

from .celery import app as celery_app

__all__ = ["celery_app"]
