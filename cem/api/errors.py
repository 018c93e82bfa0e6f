"""Errors outside DRF: problem documents below /api/, pages elsewhere.

Free of queries, since the transaction may be broken.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views import defaults
from django.views.decorators.csrf import csrf_exempt

from accounts.access import PUBLIC, open_to
from cem.lib.rest.problems import as_problem, plain_problem

_NOWHERE = "There is no such address. /api/v1/docs lists them all."


def _is_api(request: HttpRequest) -> bool:
    return request.path.startswith("/api/")


@csrf_exempt
@open_to(PUBLIC)
def unknown_address(request: HttpRequest) -> HttpResponse:
    return plain_problem(request, 404, _NOWHERE)


def handler404(request: HttpRequest, exception: Exception) -> HttpResponse:
    if _is_api(request):
        return plain_problem(request, 404, _NOWHERE)
    return defaults.page_not_found(request, exception)


def handler400(request: HttpRequest, exception: Exception) -> HttpResponse:
    if _is_api(request):
        problem = as_problem(exception)
        status = problem.status_code if problem else 400
        return plain_problem(request, status, "The request was refused as malformed.")
    return defaults.bad_request(request, exception)


def handler403(request: HttpRequest, exception: Exception) -> HttpResponse:
    if _is_api(request):
        return plain_problem(request, 403, "Refused.")
    return defaults.permission_denied(request, exception)


def handler500(request: HttpRequest, *args: Any) -> HttpResponse:
    if _is_api(request):
        return plain_problem(
            request, 500, "Nothing of the request was done. Send it again; if it lasts, quote the id."
        )
    return defaults.server_error(request)
