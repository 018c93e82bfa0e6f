from .study import Run, Study

__all__ = ["Run", "Study"]
