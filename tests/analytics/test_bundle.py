"""A run in one archive: whole, explained, and enough to repeat it from; and the shape of its result, documented."""

import hashlib
import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import jsonschema
import pyarrow.parquet as pq
import pytest
from django.core.management import CommandError, call_command

from accounts.tenancy import organization_context
from analytics.exports.bundle import bundle
from analytics.exports.columns import meaning
from analytics.exports.schemas import CHANGES, VERSIONS, schema
from analytics.frames import store
from analytics.models import Run
from tests.analytics import simulated
from tests.analytics.runs import EFFECT, do, start, study
from tests.analytics.test_other_kinds import ask, contacts, units
from tests.cast import Cast
from tests.dashboards import results

pytestmark = pytest.mark.django_db(transaction=True)

KINDS = ("financial", "operational", "constituency")


def ran(cast: Cast, kind: str) -> Run:
    with organization_context(cast.organization):
        if kind == "financial":
            simulated.fill(300, effect=EFFECT)
            run = start(study())
        else:
            {"operational": contacts, "constituency": units}[kind]()
            run = start(ask(kind))
    run = do(cast.organization, run)
    assert run.status == "finished", run.error
    return run


def strict(found: dict[str, Any]) -> dict[str, Any]:
    """The schema with no room for members that it does not name: a result that grew in silence fails."""
    text = json.loads(json.dumps(found))
    for one in [text, *text["$defs"].values()]:
        if "properties" in one:
            one["additionalProperties"] = False
    return text


@pytest.mark.parametrize("kind", KINDS)
def test_an_archive_is_whole_and_repeats_its_run(kind: str, cast: Cast, tmp_path: Path) -> None:
    run = ran(cast, kind)
    with organization_context(cast.organization), bundle(run) as made:
        archive = zipfile.ZipFile(io.BytesIO(made.read()))
    assert archive.testzip() is None
    archive.extractall(tmp_path)
    sums = dict(reversed(line.split("  ")) for line in (tmp_path / "SHA256SUMS").read_text().splitlines())
    assert set(sums) == set(archive.namelist()) - {"SHA256SUMS"}
    for name, digest in sums.items():
        assert hashlib.sha256((tmp_path / name).read_bytes()).hexdigest() == digest, name
    assert {f"parts/{name}.parquet" for name in run.parts} == {
        one for one in sums if one.startswith("parts/")
    }
    assert json.loads((tmp_path / "result.json").read_text("utf-8")) == run.result
    told = json.loads((tmp_path / "run.json").read_text("utf-8"))
    assert (told["seed"], told["settings"]) == (run.seed, run.settings)
    needs = (tmp_path / "requirements.txt").read_text().split()
    assert f"numpy=={run.versions['numpy']}" in needs

    readme = (tmp_path / "README.md").read_text("utf-8")
    assert run.study.name in readme
    assert run.result is not None
    assert run.result["findings"]["lede"] in readme
    for path in (tmp_path / "frame.parquet", *(tmp_path / "parts").glob("*.parquet")):
        for column in pq.read_schema(path).names:
            assert f"| `{column}` |" in readme, (path.name, column)
    command = [sys.executable, "-I", "repeat.py", "frame.parquet"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("kind", KINDS)
def test_every_column_is_explained_in_words_of_its_own(kind: str, cast: Cast) -> None:
    run = ran(cast, kind)
    for column in pq.read_schema(store.absolute(run.frame_path)).names:
        assert "as it stood when the frame was built" not in meaning(run, "", column), column


def test_the_same_run_gives_the_same_archive(cast: Cast) -> None:
    run = ran(cast, "financial")
    with organization_context(cast.organization), bundle(run) as one, bundle(run) as two:
        assert one.read() == two.read()


def test_an_archive_without_its_frame_is_refused(cast: Cast) -> None:
    run = ran(cast, "financial")
    store.absolute(run.frame_path).unlink()
    with pytest.raises(FileNotFoundError, match="run 1 is not stored any more"):
        bundle(run)


@pytest.mark.parametrize("kind", KINDS)
def test_what_runs_store_is_what_the_schema_says(kind: str, cast: Cast) -> None:
    found = schema(kind)
    jsonschema.Draft202012Validator.check_schema(found)
    run = ran(cast, kind)
    jsonschema.validate(run.result, strict(found))
    assert run.result is not None
    assert run.schema_version == run.result["schema"] == VERSIONS[kind] == max(CHANGES[kind])
    broken = {**run.result, "reading": "proven"}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(broken, found)


def test_results_with_every_section_fit_the_schema() -> None:
    for kind, result in {
        "operational": results.operational_result(),
        "constituency": results.constituency_result(),
    }.items():
        jsonschema.validate(result, strict(schema(kind)))
    whole = {**results.two()[0], "kind": "financial", "link": None, "placebo": None}
    jsonschema.validate({**whole, "findings": _sentences(whole)}, strict(schema("financial")))


def _sentences(result: dict[str, Any]) -> dict[str, Any]:
    from analytics.studies import findings

    return findings.write(result).to_json()


def test_a_run_with_too_little_evidence_fits_the_schema(cast: Cast) -> None:
    with organization_context(cast.organization):
        simulated.fill(60)
        run = start(study())
    run = do(cast.organization, run)
    jsonschema.validate(run.result, strict(schema("financial")))


def test_the_page_about_results_is_up_to_date(tmp_path: Path) -> None:
    call_command("results_page")
    old = tmp_path / "results.md"
    old.write_text("# Results\n")
    with pytest.raises(CommandError, match="results_page --write"):
        call_command("results_page", file=str(old))
    call_command("results_page", file=str(old), write=True)
    call_command("results_page", file=str(old))
