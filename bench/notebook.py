"""What a careful analyst would write in a notebook: read everything, merge, fit, loop.

`python -m bench.notebook ASKED` with ASKED a JSON object: dsn, organization, as_of, horizon, lookback, draws (of the
contrasts), driver_draws, seed. Prints one JSON object: what was found, seconds of each part, peak memory. It shares no
code with what it is compared with, and has none of its shortcuts; `bench/agreement.py` checks that both found the same.
"""

import json
import resource
import sys
import time
from pathlib import Path
from typing import Any

from bench import notebook_models as models
from bench.notebook_frame import Frames


def main(asked: dict[str, Any]) -> dict[str, Any]:
    parts: dict[str, float] = {}
    found: dict[str, Any] = {}

    def lap(name: str, since: float) -> float:
        now = time.perf_counter()
        parts[name] = round(now - since, 2)
        return now

    begun = clock = time.perf_counter()
    begun_cpu = time.process_time()
    frames = Frames(asked)
    clock = lap("reading", clock)
    frame = frames.link()
    clock = lap("joining", clock)
    found |= models.link(frame, asked["draws"], asked["seed"])
    clock = lap("link", clock)
    attitudes = ["nps", *sorted(set(frames.tables["answers"].metric) - {"nps"})]
    found["associations"] = {name: models.associations(frames.answers(name)) for name in attitudes}
    clock = lap("associations", clock)
    found["survival"] = models.survival(frames.returning())
    clock = lap("survival", clock)
    found["response"] = models.response(frames.invited(), frame)
    clock = lap("response", clock)
    found["drivers"] = models.drivers(frames.items(), asked["driver_draws"], asked["seed"])
    lap("drivers", clock)
    return {
        **found,
        "parts": parts,
        "seconds": time.perf_counter() - begun,
        "cpu": time.process_time() - begun_cpu,
        "loops": {
            "link": {"seconds": found["loop"], "cpu": found["loop_cpu"], "draws": asked["draws"]},
            "drivers": {
                "seconds": found["drivers"]["loop"],
                "cpu": found["drivers"]["loop_cpu"],
                "draws": asked["driver_draws"],
            },
        },
        "peak_mb": peak_mb(),
    }


def peak_mb() -> float:
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    line = next(one for one in status.read_text().splitlines() if one.startswith("VmHWM:"))
    return int(line.split()[1]) / 1024


if __name__ == "__main__":
    print(json.dumps(main(json.loads(sys.argv[1]))))
