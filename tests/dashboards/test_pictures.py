"""What pages show, taken away as files: whole without the page, in its colours, with its numbers, and on record."""

import csv
import io
import re
from collections.abc import Callable
from decimal import Decimal
from html import unescape
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import openpyxl
import pytest
from django.test import Client
from PIL import Image
from playwright.sync_api import Browser

from accounts.models import AuditEntry
from accounts.tenancy import organization_context
from analytics.models import Run, Study
from analytics.studies.services import start_run
from cem.lib.look import CSS, flat
from dashboards.charts import Verdict
from dashboards.pictures import Picture
from dashboards.pictures.alone import standalone
from dashboards.pictures.png import ZOOM, png
from tests import factories
from tests.analytics.runs import study
from tests.cast import Cast
from tests.dashboards import results, world
from tests.dashboards.apart import apart
from tests.factories import NOW
from tests.look.sample_charts import charts
from tests.queries import QueryBudget

#: A verdict stands in a row of words and is no picture of its own.
CHARTS = {name: chart for name, chart in charts().items() if not isinstance(chart, Verdict)}
SOURCE = "Halden Home, Overview. Made 22 Nov 2026."
LINK = re.compile(r'href="([^"]+)" download')


def alone(name: str) -> ElementTree.Element:
    picture = Picture(
        name,
        "The finding & its <doubt>",
        CHARTS[name],
        subtitle="Measure, 95% interval",
        foot="A foot.",
        n=1204,
    )
    return ElementTree.fromstring(standalone(picture, SOURCE))


def words(root: ElementTree.Element) -> str:
    return " ".join("".join(one.itertext()) for one in root.iter() if one.tag.endswith("}text"))


@pytest.mark.parametrize("name", CHARTS)
def test_a_file_needs_no_page(name: str) -> None:
    root = alone(name)
    colours = set()
    for one in root.iter():
        assert "class" not in one.attrib
        assert not {"href", "src"} & {key.rpartition("}")[2] for key in one.attrib}
        for value in one.attrib.values():
            assert "var(" not in value
            assert "url(" not in value
        colours |= {one.attrib[key] for key in ("fill", "stroke") if key in one.attrib} - {"none"}
    assert colours <= set(flat("light").values())
    told = words(root)
    for part in ("The finding & its <doubt>", "Measure, 95% interval", "A foot.", "n 1,204", SOURCE):
        assert part in told
    ground = next(one for one in root if one.tag.endswith("}rect"))
    assert ground.attrib["fill"] == flat("light")["--bg"]
    assert (ground.attrib["width"], ground.attrib["height"]) == (root.attrib["width"], root.attrib["height"])


def test_letters_that_xml_has_no_place_for_are_left_out() -> None:
    picture = Picture("trend", "Bell \x07 and half \ud800 a pair", CHARTS["trend"])
    assert "Bell  and half  a pair" in standalone(picture, SOURCE)


@pytest.mark.parametrize("name", ["trend", "bands", "associations"])
def test_the_png_shows_the_same_at_twice_the_size(name: str) -> None:
    root = alone(name)
    image = Image.open(io.BytesIO(png(ElementTree.tostring(root, encoding="unicode")))).convert("RGB")
    wide, high = (float(root.attrib[side]) * ZOOM for side in ("width", "height"))
    assert abs(image.width - wide) <= 1
    assert abs(image.height - high) <= 1
    assert image.getpixel((2, 2)) == (255, 255, 255)
    title = image.crop((0, 48, image.width, 48 + 40)).convert("L")
    dark = sum(title.histogram()[:80])
    assert dark > 800, "the title is written, whatever faces the machine has"


@pytest.mark.browser
def test_files_have_the_colours_of_the_page() -> None:
    """Every mark's paint, as a browser computes it on the page and in the file."""
    sheets = "".join((CSS / f"{one}.css").read_text() for one in ("tokens", "figures", "numbers"))
    ask = """root => [...root.querySelectorAll('path, rect, circle, polygon, polyline, line, text, tspan')].map(one => {
      const found = getComputedStyle(one);
      return [one.tagName, ...['fill', 'stroke', 'strokeWidth', 'strokeDasharray', 'opacity', 'textAnchor',
        'fontWeight', 'paintOrder', 'strokeLinecap'].map(name => found[name])];
    })"""

    def visit(browser: Browser) -> dict[str, tuple[Any, Any]]:
        page = browser.new_context(color_scheme="light").new_page()
        found = {}
        for name, chart in CHARTS.items():
            page.set_content(f"<style>{sheets}</style><div id=here>{chart.svg('wide')}</div>")
            shown = page.eval_on_selector("#here svg", ask)
            made = standalone(Picture(name, "", chart), "")
            page.set_content(f"<div id=here>{made.partition('?>')[2]}</div>")
            found[name] = shown, page.eval_on_selector("#here svg g", ask)
        return found

    for name, (shown, found) in apart(visit).items():
        assert shown, name
        assert found == shown, name


# --- pages -------------------------------------------------------------------------------------------------


@pytest.fixture
def home(cast: Cast) -> world.World:
    with organization_context(cast.organization):
        return world.build()


@pytest.fixture
def maya(client: Client, cast: Cast) -> Client:
    client.force_login(cast.maya)
    return client


@pytest.fixture
def runs(cast: Cast) -> dict[str, Run]:
    """A finished run of each kind."""
    found = {}
    with organization_context(cast.organization):
        for kind, result in {
            "financial": {**results.two()[0], "kind": "financial"},
            "operational": results.operational_result(),
            "constituency": results.constituency_result(),
        }.items():
            asked = study(name=f"A {kind} one")
            run = start_run(study=asked, as_of=NOW)
            Study.objects.filter(pk=asked.pk).update(kind=kind)
            Run.objects.filter(pk=run.pk).update(status="finished", result=result, finished_at=NOW)
            found[kind] = run
    return found


def links(client: Client, path: str) -> list[str]:
    return [unescape(one) for one in LINK.findall(client.get(path).content.decode())]


def check(client: Client, address: str) -> bytes:
    """The file behind a link, after a look at its kind."""
    answer = client.get(address)
    assert answer.status_code == 200, address
    ending = address.partition("?")[0].rpartition(".")[2]
    start = {"svg": b"<?xml", "png": b"\x89PNG", "csv": "\ufeff".encode(), "xlsx": b"PK"}[ending]
    assert answer.content.startswith(start), address
    assert re.fullmatch(
        rf'attachment; filename="[a-z0-9-]+\.{ending}"', answer.headers["Content-Disposition"]
    )
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    if ending == "xlsx":
        assert openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0].max_row > 1, address
    if ending == "csv":
        rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
        assert len({len(row) for row in rows}) == 1, address
    return bytes(answer.content)


@pytest.mark.django_db
def test_every_link_of_the_overview_leads_to_its_file(maya: Client, home: world.World) -> None:
    found = links(maya, "/o/halden/?segment=gold")
    kinds = {address.rpartition("/")[2].partition("?")[0] for address in found}
    assert {"figures.csv", "figures.xlsx", "trend.svg", "trend.png", "trend.csv", "distribution.png"} <= kinds
    assert len(found) == 10
    for address in found:
        check(maya, address)


@pytest.mark.django_db
def test_a_file_shows_what_the_filters_left(maya: Client, home: world.World, cast: Cast) -> None:
    everybody = check(maya, "/o/halden/pictures/figures.csv").decode("utf-8-sig")
    gold = check(maya, "/o/halden/pictures/figures.csv?segment=gold").decode("utf-8-sig")
    n = [dict(zip(*list(csv.reader(io.StringIO(one)))[:2], strict=True))["n"] for one in (everybody, gold)]
    assert 0 < int(n[1]) < int(n[0])
    picture = check(maya, "/o/halden/pictures/trend.svg?segment=gold").decode()
    assert "Halden Home, Overview, " in picture
    assert ", gold. Made " in picture


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["financial", "operational", "constituency"])
def test_every_link_of_a_run_leads_to_its_file(maya: Client, runs: dict[str, Run], kind: str) -> None:
    found = links(maya, f"/o/halden/linkage/runs/{runs[kind].pk}/")
    names = {address.rpartition("/")[2] for address in found}
    wanted = {"financial": "bands.png", "operational": "curve.svg", "constituency": "dots.xlsx"}[kind]
    assert wanted in names
    assert len(names) == len(found), "no two things of a page share a name"
    for address in found:
        check(maya, address)
    assert "A " + kind in check(maya, next(one for one in found if one.endswith(".svg"))).decode()


@pytest.mark.django_db
def test_every_link_of_the_drivers_leads_to_its_file(maya: Client, runs: dict[str, Run]) -> None:
    found = links(maya, "/o/halden/drivers/")
    assert any(address.endswith("/pictures/nps-drivers.png") for address in found)
    for address in found:
        check(maya, address)


@pytest.mark.django_db
def test_numbers_leave_as_numbers_in_the_unit_that_is_shown(maya: Client, runs: dict[str, Run]) -> None:
    run = runs["financial"]
    with organization_context(run.study.organization):
        run.refresh_from_db()
        result = run.result or {}
    book = openpyxl.load_workbook(
        io.BytesIO(check(maya, f"/o/halden/linkage/runs/{run.pk}/pictures/bands.xlsx"))
    )
    rows = list(book.worksheets[0].iter_rows(values_only=True))
    first = dict(zip(rows[0], rows[1], strict=True))
    stored = result["after"]["rows"][0]
    assert first["Adjusted mean (€)"] == stored["adjusted"]["value"]
    assert (first["n"], first["Unadjusted"]) == (stored["n"], stored["mean"])
    share = check(maya, f"/o/halden/linkage/runs/{runs['operational'].pk}/pictures/curve.csv").decode(
        "utf-8-sig"
    )
    observed = [row for row in csv.DictReader(io.StringIO(share)) if row["What"] == "observed"]
    assert all(1 < float(row["CSAT (%)"]) <= 100 for row in observed), "in per cent, as the axis says"


@pytest.mark.django_db
def test_what_a_customer_said_and_did_leaves_without_their_name(
    client: Client, cast: Cast, home: world.World
) -> None:
    with organization_context(cast.organization):
        home.customer.email = "marta@mail.example"
        home.customer.save()
        factories.transaction(home.customer, occurred_at=NOW, amount=Decimal("12.50"))
    for person in (cast.anil, cast.greta):  # Anil sees masked names, Greta whole ones
        client.force_login(person)
        page = f"/o/halden/customers/{home.customer.pk}/"
        found = links(client, page)
        assert len(found) == 4
        for address in found:
            made = check(client, address)
            if address.endswith(("svg", "csv")):
                for secret in ("Marta", "Figueira", "marta@"):
                    assert secret.encode() not in made, address
    with organization_context(cast.organization):
        about = AuditEntry.objects.filter(action="data.exported", subject_id=home.customer.pk)
        assert about.count() == 8, "whose data left is on record"


@pytest.mark.django_db
def test_what_leaves_is_on_record(maya: Client, cast: Cast, home: world.World) -> None:
    check(maya, "/o/halden/pictures/trend.png")
    with organization_context(cast.organization):
        entry = AuditEntry.objects.get(action="data.exported")
    assert entry.actor_name == "Maya"
    assert entry.after is not None
    assert entry.after["as"] == "png"
    assert entry.after["what"].startswith("Overview, ")
    assert entry.after["what"].endswith(": trend")


@pytest.mark.django_db
def test_a_runs_files_are_on_record(maya: Client, cast: Cast, runs: dict[str, Run]) -> None:
    page = f"/o/halden/linkage/runs/{runs['financial'].pk}/"
    for name in ("run.xlsx", "table.csv?name=findings", "report.html"):
        assert maya.get(f"{page}{name}").status_code == 200
    assert maya.get(f"{page}run.zip").status_code == 302, "its frame was never stored"
    assert maya.get(f"{page}table.csv?name=unknown").status_code == 404
    with organization_context(cast.organization):
        told = AuditEntry.objects.filter(action="data.exported").order_by("pk")
        assert [one.after for one in told] == [
            {"what": "run.xlsx"},
            {"what": "findings table.csv"},
            {"what": "report.html"},
        ]
        assert {one.target_id for one in told} == {str(runs["financial"].pk)}


@pytest.mark.django_db
def test_what_is_not_there_leads_back(
    maya: Client, cast: Cast, home: world.World, runs: dict[str, Run]
) -> None:
    assert maya.get("/o/halden/pictures/trend.exe").status_code == 404
    for address in ("/o/halden/pictures/unknown.png", "/o/halden/pictures/figures.svg"):
        answer = maya.get(address, follow=True)
        assert "nothing of this name to download" in answer.content.decode(), address
    with organization_context(cast.organization):
        waiting = start_run(study=home.study)
    page = f"/o/halden/linkage/runs/{waiting.pk}/"
    assert maya.get(f"{page}pictures/bands.png").headers["Location"] == page
    with organization_context(cast.organization):
        assert not AuditEntry.objects.filter(action="data.exported").exists()


@pytest.mark.django_db
def test_a_picture_costs_what_its_page_costs(
    maya: Client, home: world.World, query_budget: Callable[[int], QueryBudget]
) -> None:
    maya.get("/o/halden/pictures/trend.svg")
    with query_budget(18):
        maya.get("/o/halden/pictures/trend.svg")


def test_the_face_comes_with_a_package() -> None:
    from dashboards.pictures.png import faces

    assert all(Path(face).is_file() for face in faces())
