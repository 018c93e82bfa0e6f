"""A run as a worker does it, in a process of its own. `python -m bench.linkage_ours ORGANIZATION OUTBOX RUN`."""

import json
import os
import resource
import sys
import time


def main(organization: str, outbox: str, run: str) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cem.settings")
    import django

    django.setup()
    from analytics.tasks import run_study

    clock = time.perf_counter()
    run_study(organization_id=organization, outbox_id=int(outbox), run=run)
    seconds = time.perf_counter() - clock
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "peak_mb": peak}))


if __name__ == "__main__":
    main(*sys.argv[1:])
