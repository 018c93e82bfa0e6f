"""Where Celery looks for this room's tasks."""

from celery import shared_task

from accounts.work.task import LongTask, Work
from analytics.studies import running


@shared_task(name="analytics.run_study", base=LongTask)
def run_study(work: Work, run: str) -> None:
    """Carry out one run of a study."""
    running.carry_out(work, run)
