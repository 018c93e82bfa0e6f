"""What can be taken away from the drivers page: the map that is shown and its tables."""

from typing import Any

from dashboards.linkage.taken import of_section
from dashboards.pictures import Pictures, served

from .views import chosen


def offered(request: Any) -> Pictures:
    shown = chosen(request)
    items = (
        [picture for section in shown.sections for picture in of_section(section, None, prefix=shown.prefix)]
        if shown
        else []
    )
    return Pictures(source="Drivers", name="drivers", items=tuple(items))


pictures = served("linkage.view", offered)
