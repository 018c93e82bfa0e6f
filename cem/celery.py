"""The Celery application."""

import os
from typing import Any

from celery import Celery
from celery.signals import worker_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cem.settings")

app = Celery("cem", task_cls="accounts.work.task:Task")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_init.connect
def check_role(**kwargs: Any) -> None:
    from accounts.startup import refuse_unbound_role

    refuse_unbound_role()
