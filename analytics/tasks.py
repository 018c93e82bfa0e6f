"""Where Celery looks for this room's tasks."""

from celery import shared_task

from accounts.work.task import LongTask, Work


@shared_task(name="analytics.run_study", base=LongTask)
def run_study(work: Work, run: str) -> None:
    """Carry out one run of a study."""
    from analytics.studies import (
        running,
    )  # pandas and SciPy: seconds that web and scheduler need not start with

    running.carry_out(work, run)
