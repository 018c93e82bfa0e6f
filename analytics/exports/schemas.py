"""The shape of results as JSON Schema, made from the classes that write them, and the page that documents it."""

from collections.abc import Iterator
from functools import cache
from typing import Any

import msgspec

from analytics.studies import findings, told
from analytics.studies.constituency import results as constituency
from analytics.studies.operational import results as operational
from analytics.studies.results import SCHEMA_VERSION, Result

Json = dict[str, Any]

_CLASSES: dict[str, tuple[type, type]] = {
    "financial": (Result, findings.Findings),
    "operational": (operational.Result, told.Findings),
    "constituency": (constituency.Result, told.Findings),
}
VERSIONS = {
    "financial": SCHEMA_VERSION,
    "operational": operational.SCHEMA_VERSION,
    "constituency": constituency.SCHEMA_VERSION,
}
#: What each version brought, newest first.
CHANGES: dict[str, dict[int, str]] = {
    "financial": {
        2: "Added `associations`, `nonresponse`, `survival`, `drivers`, `quality`, and beside them `kind`, `link` and "
        "`placebo`, which results of every kind have. Nothing was renamed or removed; what version 1 has not, reads "
        "as null.",
        1: "Bands, contrasts, association, worth.",
    },
    "operational": {1: "Curve, threshold, contrast, association."},
    "constituency": {1: "Slope, line, units, agreement, association."},
}


@cache
def schema(kind: str) -> Json:
    """JSON Schema 2020-12 of `Run.result` for a kind of study, in its present version.

    Raises:
        KeyError: where there is no such kind.
    """
    result, sentences = _CLASSES[kind]
    (top, words, whisker), defined = msgspec.json.schema_components(
        [result, sentences, told.Figure], ref_template="#/$defs/{name}"
    )
    name = str(top["$ref"]).rpartition("/")[2]
    body = defined.pop(name)
    body["properties"] |= {"findings": {**words, "description": "Its sentences, made from its figures."}}
    if kind == "financial":  # written by the run beside the class's own members
        body["properties"] |= {
            "kind": {"enum": ["financial"], "default": "financial"},
            **{side: {"anyOf": [whisker, {"type": "null"}], "default": None} for side in ("link", "placebo")},
        }
    version = VERSIONS[kind]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:cem:linkage-result:{kind}:{version}",
        "title": f"Result of a run of {'an' if kind == 'operational' else 'a'} {kind} study, version {version}",
        "description": body.get("description", ""),
        "type": "object",
        "required": [*body.get("required", []), "schema", "findings"],
        "properties": dict(sorted(body["properties"].items())),
        "$defs": {key: defined[key] for key in sorted(defined)},
    }


def document() -> str:
    """docs/results.md."""
    lines = [
        "# Results of linkage runs",
        "",
        "A finished run holds its result as one JSON object: `result` of `GET /api/v1/runs/{id}`, all of "
        "`GET /api/v1/runs/{id}/result`, and `result.json` in a run's archive. This page is made from the classes that "
        "write it (`manage.py results_page --write`); the same as JSON Schema: `GET /api/v1/result-schemas/{kind}`.",
        "",
        "- `schema` is the version of the shape. Within a version members may be added, never renamed, removed or "
        "given another meaning: read what you know and ignore the rest.",
        "- Numbers are finite and rounded to ten significant digits. What could not be computed is null, and `why` "
        "says in words why.",
        "- Every figure is `{value, low, high}` with its interval at `facts.level`. Money is in `facts.currency`, "
        "windows are in days, moments are ISO 8601 in UTC.",
        "- `reading` is one of `stands`, `matched_by_placebo`, `not_separable_from_placebo`, `noise`, "
        "`no_placebo_possible`, `insufficient_evidence`.",
    ]
    for kind in _CLASSES:
        lines += ["", f"## {kind.capitalize()}, version {VERSIONS[kind]}", ""]
        lines += [f"- Version {number}: {words}" for number, words in CHANGES[kind].items()]
        lines += _classes(schema(kind))
    return "\n".join(lines) + "\n"


def _classes(found: Json) -> Iterator[str]:
    yield from _table("Result", found)
    for name, one in found["$defs"].items():
        yield from _table(name, one)


def _table(name: str, found: Json) -> Iterator[str]:
    yield from ("", f"### {name}", "")
    if found.get("description"):
        yield from (" ".join(found["description"].split()), "")
    yield from ("| member | type |", "|---|---|")
    always = set(found.get("required", []))
    for member, one in sorted(found.get("properties", {}).items()):
        yield f"| `{member}` | {_type(one)}{'' if member in always else ', optional'} |"


def _type(one: Json) -> str:
    """ "number or null", "list of Contrast", "one of `a`, `b`"."""
    if "$ref" in one:
        return str(one["$ref"]).rpartition("/")[2]
    if "anyOf" in one:
        return " or ".join(dict.fromkeys(_type(each) for each in one["anyOf"]))
    if "enum" in one:
        return "one of " + ", ".join(f"`{each}`" for each in one["enum"])
    if one.get("type") == "array":
        inner = one.get("items") or {}
        if "prefixItems" in one:
            return "[" + ", ".join(_type(each) for each in one["prefixItems"]) + "]"
        return f"list of {_type(inner)}" if inner else "list"
    if one.get("type") == "object":
        held = one.get("additionalProperties")
        return f"object of {_type(held)}" if isinstance(held, dict) else "object"
    return str(one.get("type", "any"))
