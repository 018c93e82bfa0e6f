"""Where Celery looks for this room's tasks. What computes is loaded when it is needed: pandas and SciPy take
seconds that web and scheduler need not start with."""

from celery import shared_task

from accounts.work.task import LongTask, OrganizationTask, Work


@shared_task(name="analytics.run_study", base=LongTask)
def run_study(work: Work, run: str) -> None:
    """Carry out one run of a study."""
    from analytics.studies import running

    running.carry_out(work, run)


@shared_task(name="analytics.repeat_run", base=LongTask)
def repeat_run(work: Work, run: str) -> None:
    """Compute a finished run again from its stored frame, and say whether the digits are the same."""
    from analytics.studies import repeating

    repeating.carry_out(work, run)


@shared_task(name="analytics.sweep_schedule")
def sweep_schedule() -> int:
    """Owe a run for every study whose week is over, in any organization."""
    from analytics.studies import schedule

    return schedule.owe_due()


@shared_task(name="analytics.run_weekly", base=OrganizationTask)
def run_weekly(study: str) -> None:
    """Start the week's run of one study."""
    from analytics.studies import schedule

    schedule.start_scheduled(study_id=study)


@shared_task(name="analytics.purge_run", base=OrganizationTask)
def purge_run(run: str) -> None:
    """Delete a run that was removed a week ago and not brought back."""
    from analytics.studies import housekeeping

    housekeeping.purge(run_id=run)
