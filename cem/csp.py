"""Where browsers report what the Content-Security-Policy stopped.

Anybody may send anything here, so a report is small, counted, cut down to the members that help, and logged only.
"""

import json
import logging
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from accounts.access import PUBLIC, open_to
from accounts.api.rate import count
from accounts.audit.current import address_of

logger = logging.getLogger(__name__)

MOST_BYTES = 16_384
#: Reports a minute from one address; more are dropped without a word.
MOST_A_MINUTE = 30
MEMBERS = (
    "document-uri",
    "effective-directive",
    "violated-directive",
    "blocked-uri",
    "source-file",
    "line-number",
)
NO_CONTENT = 204


@csrf_exempt
@require_POST
@open_to(PUBLIC)
def report(request: HttpRequest) -> HttpResponse:
    """Always 204 for what fits: a browser does nothing with the answer."""
    try:
        length = int(request.headers.get("Content-Length") or 0)
    except ValueError:
        length = MOST_BYTES + 1
    if length > MOST_BYTES:
        return HttpResponse(
            f"A report has at most {MOST_BYTES} bytes.", status=413, content_type="text/plain"
        )
    used = count(f"cem:csp:{address_of(request)}", 60)
    if used is not None and used > MOST_A_MINUTE:
        return HttpResponse(status=NO_CONTENT)
    found = read(request.read(MOST_BYTES))
    if found:
        logger.warning("CSP stopped something: %s", json.dumps(found, sort_keys=True))
    return HttpResponse(status=NO_CONTENT)


def read(body: bytes) -> dict[str, str]:
    """The members that help, each as short text without what an address carries behind its path."""
    try:
        document: Any = json.loads(body)
    except ValueError:
        return {}
    report = document.get("csp-report") if isinstance(document, dict) else None
    if not isinstance(report, dict):
        return {}
    return {name: _short(report[name]) for name in MEMBERS if report.get(name)}


def _short(value: Any) -> str:
    """Query and fragment may hold tokens; lines must not begin new ones in the log."""
    text = str(value).partition("?")[0].partition("#")[0][:300]
    return "".join(letter for letter in text if letter.isprintable())
