from .measure import Measure
from .schedule import Schedule
from .study import Run, Study

__all__ = ["Measure", "Run", "Schedule", "Study"]
