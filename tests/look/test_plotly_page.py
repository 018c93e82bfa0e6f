"""What Explore counts on in the installed plotly: a new version must be looked at, not trusted."""

import re

from cem.staticfiles import NAME, PATH, PlotlyFinder, package_data

from .test_templates import ROOT

SOURCE = (package_data() / NAME).read_text("utf-8")
EXPLORE = (ROOT / "static/js/explore.js").read_text("utf-8")


def constant(name: str) -> str:
    found = re.search(rf'const {name} = "([^"]+)"', EXPLORE)
    assert found, name
    return found[1]


def test_the_ids_that_plotly_looks_for() -> None:
    assert '"plotly.js-style-"+' in SOURCE
    assert ".no-inline-styles" in SOURCE
    assert constant("STYLE_ID") == "plotly.js-style-global"
    assert f'getElementById("{constant("MAP_STYLE_ID")}")' in SOURCE


def test_plotly_writes_no_other_style_element() -> None:
    assert SOURCE.count('createElement("style")') == 2


def test_the_version_named_in_the_comment_is_the_installed_one() -> None:
    found = re.search(r"plotly\.js v([\d.]+)", SOURCE)
    assert found
    assert f"Plotly {found[1]} " in EXPLORE


def test_the_finder_yields_one_file() -> None:
    finder = PlotlyFinder()
    assert [name for name, _ in finder.list(None)] == [NAME]
    assert str(finder.find(PATH)).endswith(NAME)
    assert finder.find(PATH, find_all=True) == [finder.find(PATH)]
    assert finder.find("vendor/other.js") == []
    assert finder.check() == []
