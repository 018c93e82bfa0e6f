"""The Celery application."""

import os
from typing import Any

from celery import Celery
from celery.signals import worker_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cem.settings")
# Several worker processes share the cores: threads of BLAS below them only wait for each other.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

app = Celery("cem", task_cls="accounts.work.task:Task")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_init.connect
def check_role(**kwargs: Any) -> None:
    from accounts.startup import refuse_unbound_role

    refuse_unbound_role()
