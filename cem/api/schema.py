"""The OpenAPI document, and a page to read it with."""

from functools import lru_cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer, OpenApiYamlRenderer

from accounts.access import PUBLIC, open_to
from cem.lib.rest.schema import problem_responses


@lru_cache(1)
def document() -> dict[str, Any]:
    """OpenAPI 3.1 of every endpoint; needs no database."""
    found: dict[str, Any] = SchemaGenerator().get_schema(public=True)  # type: ignore[no-untyped-call]
    found["components"]["responses"] = problem_responses()
    return found


@lru_cache(2)
def rendered(kind: str) -> bytes:
    """As "json" or "yaml"."""
    renderer = OpenApiYamlRenderer() if kind == "yaml" else OpenApiJsonRenderer()
    text: bytes = renderer.render(document(), renderer_context={})
    return text


@open_to(PUBLIC)
def schema(request: HttpRequest) -> HttpResponse:
    """JSON; YAML for `Accept: application/yaml`."""
    kind = "yaml" if "yaml" in request.headers.get("Accept", "") else "json"
    return HttpResponse(
        rendered(kind), content_type=f"application/vnd.oai.openapi+{kind}", headers={"Vary": "Accept"}
    )


@open_to(PUBLIC)
def docs(request: HttpRequest) -> HttpResponse:
    return HttpResponse(render_to_string("api/docs.html"))  # no request: nothing of a session belongs here
