"""Around every respondent's page: from the token to its survey, and the headers that go with it."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt

from accounts.access import PUBLIC, open_to
from accounts.tenancy import organization_context
from cem.lib.look import survey_css, survey_css_source
from feedback.intake.door import Door, open_door
from feedback.intake.form import LARGEST_BODY
from feedback.intake.page import survey_context
from feedback.links import organization_of, rests

View = Callable[[HttpRequest, Door], HttpResponse]


def respondent(view: View) -> Callable[..., HttpResponseBase]:
    """A page below /s/<token>: the view gets the door, and runs and renders inside its organization.

    The response leaves after the transaction has committed, so a thank-you is never said too early.
    Exempt from the CSRF check: the token in the address is the whole authority, no cookie is read, and
    browsers that block cookies must be able to answer.
    """

    @csrf_exempt
    @open_to(PUBLIC)
    @wraps(view)
    def inner(request: HttpRequest, token: str) -> HttpResponse:
        if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST_BODY:
            return guarded(quiet_page(request, "survey/too_large.html", 413))
        organization_id = organization_of(token)
        if organization_id is None and rests(token):
            return guarded(resting_page(request))
        if organization_id is None:
            return guarded(quiet_page(request, "survey/unknown.html", 404))
        with organization_context(organization_id):
            door = open_door(token)
            if door is None:
                return guarded(quiet_page(request, "survey/unknown.html", 404))
            with translation.override(chosen_language(request, door)):
                return guarded(view(request, door))

    return inner


def guarded(response: HttpResponse) -> HttpResponse:
    """The page's one style by hash; the token never in a referrer, a cache or a search engine."""
    response._csp_update = {"style-src": [survey_css_source()]}  # type: ignore[attr-defined]
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def chosen_language(request: HttpRequest, door: Door) -> str:
    """What ?lang= says, else the customer's language, else the browser's, as far as the survey has it."""
    document = door.document
    if len(document.languages) == 1:
        return document.languages[0]
    wishes = [request.GET.get("lang", "")]
    if door.invitation is not None:
        wishes.append(door.invitation.customer.language)
    accepted = request.headers.get("Accept-Language", "")[:500]
    wishes += [part.partition(";")[0].strip() for part in accepted.split(",")]
    for wish in wishes:
        if (found := document.language(wish)) != document.languages[0] or covers(found, wish):
            return found
    return document.languages[0]


def covers(language: str, wish: str) -> bool:
    return bool(wish) and wish.partition("-")[0].lower() == language.partition("-")[0].lower()


def page(
    request: HttpRequest, door: Door, template: str, status: int = 200, /, **context: Any
) -> HttpResponse:
    base = survey_context(door, chosen_language(request, door))
    return render(request, template, {**base, "survey_css": survey_css(), **context}, status=status)


def resting_page(request: HttpRequest) -> HttpResponse:
    """Of a suspended organization: not now, and not whose. An answer that was being sent is not taken."""
    response = quiet_page(request, "survey/resting.html", 503)
    response.headers["Retry-After"] = "3600"
    return response


def quiet_page(request: HttpRequest, template: str, status: int) -> HttpResponse:
    """Without an organization there is nothing to name."""
    return render(request, template, {"survey_css": survey_css(), "survey": {}}, status=status)
