"""A run as a worker does it, in a process of its own. `python -m bench.linkage_ours ORGANIZATION OUTBOX RUN`."""

import json
import os
import sys
import time


def main(organization: str, outbox: str, run: str) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cem.settings")
    import django

    django.setup()
    from analytics.tasks import run_study
    from bench.measured import used_here

    clock, begun = time.perf_counter(), used_here()["cpu"]
    run_study(organization_id=organization, outbox_id=int(outbox), run=run)
    seconds, used = time.perf_counter() - clock, used_here()
    print(json.dumps({"seconds": seconds, "cpu": used["cpu"] - begun, "peak_mb": used["peak_mb"]}))


if __name__ == "__main__":
    main(*sys.argv[1:])
