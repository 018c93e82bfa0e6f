"""What pages show, taken away: a chart as a picture of its own (SVG, PNG), the numbers behind it as CSV and XLSX."""

from .picture import At, Picture, Pictures
from .views import served

__all__ = ["At", "Picture", "Pictures", "served"]
