"""The parts of a result's page: each a sentence, a picture or a table, and what stands under it."""

from dataclasses import dataclass

from dashboards.charts import Associations, Chart, Table


@dataclass(frozen=True, slots=True)
class Section:
    """`lines` are paragraphs in words. A chart brings its own table; `table` is for what has no picture."""

    key: str
    title: str
    subtitle: str = ""
    foot: str = ""
    chart: Chart | None = None
    associations: Associations | None = None
    table: Table | None = None
    lines: tuple[str, ...] = ()
    #: Why there is nothing to show; the section is then drawn dashed.
    lack: str = ""
