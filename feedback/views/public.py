"""What a respondent sees. Only POST changes anything: programs that follow links in mails never vote."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from feedback.intake import form
from feedback.intake.door import Door, State
from feedback.intake.page import questions_context
from feedback.intake.services import InvalidAnswers, dismiss, never_again, submit

from .respondent import chosen_language, page, respondent

_READ_OR_SEND = require_http_methods(["GET", "HEAD", "POST"])
_READ = require_http_methods(["GET", "HEAD"])
_SEND = require_http_methods(["POST"])


@_READ_OR_SEND
@respondent
def survey(request: HttpRequest, door: Door) -> HttpResponse:
    if door.state is State.ANSWERED:
        return thanks(request, door, again=True)
    if door.state is State.CLOSED:
        return page(request, door, "survey/closed.html", **links(request, door))
    if request.method == "POST":
        return answer(request, door)
    return ask(request, door)


def answer(request: HttpRequest, door: Door) -> HttpResponse:
    if form.is_trapped(request.POST):
        return go(request, door, "survey-done")
    if "dismiss" in request.POST:
        return not_now(request, door)
    given = door.document.from_form(request.POST)
    try:
        submit(
            version=door.version,
            document=door.document,
            answers=given,
            invitation=door.invitation,
            channel=door.channel,
            language=chosen_language(request, door),
            # A personal token answers once by itself.
            external_id=None if door.is_personal else form.external_id(request.POST),
        )
    except InvalidAnswers as invalid:
        return ask(request, door, given=given, errors=invalid.errors)
    return go(request, door, "survey-done")


def ask(
    request: HttpRequest,
    door: Door,
    *,
    given: dict[str, Any] | None = None,
    errors: dict[str, str] | None = None,
) -> HttpResponse:
    language, errors = chosen_language(request, door), errors or {}
    document = door.document
    context = {
        **links(request, door),
        "questions": questions_context(document, language, given or {}, errors),
        "action": address(request, door, "survey"),
        "started": form.new_mark(),
        "intro": document.text(document.intro, language),
        "submit_label": document.text(document.submit, language),
        "dismissible": door.is_personal,
        "errors": {**errors, "page": errors.get("", "")} if errors else {},
    }
    return page(request, door, "survey/ask.html", 422 if errors else 200, **context)


@_READ
@respondent
def done(request: HttpRequest, door: Door) -> HttpResponse:
    """After a submit. A personal survey that was not answered is asked instead of thanked for."""
    if door.is_personal and door.state is State.OPEN:
        return go(request, door, "survey")
    return thanks(request, door)


def thanks(request: HttpRequest, door: Door, *, again: bool = False) -> HttpResponse:
    context = {
        **links(request, door),
        "thanks_title": _("You have already answered. Thank you.") if again else "",
        "thanks_text": door.document.text(door.document.thanks, chosen_language(request, door)),
    }
    return page(request, door, "survey/thanks.html", **context)


@_READ_OR_SEND
@respondent
def decline(request: HttpRequest, door: Door) -> HttpResponse:
    """ "Not now", from a mail or the page."""
    if request.method != "POST":
        return go(request, door, "survey")
    return not_now(request, door)


def not_now(request: HttpRequest, door: Door) -> HttpResponse:
    if door.invitation is not None:
        dismiss(door.invitation)
    return page(request, door, "survey/not_now.html", **links(request, door))


@_READ_OR_SEND
@respondent
def never(request: HttpRequest, door: Door) -> HttpResponse:
    """ "Never ask me again": a page with one button, since a GET changes nothing."""
    if door.invitation is None:  # a public link belongs to nobody, so there is nobody to leave alone
        return go(request, door, "survey")
    if request.method == "POST":
        never_again(door.invitation)
    context = {
        **links(request, door),
        "declined": request.method == "POST" or door.invitation.customer.surveys_opted_out_at is not None,
        "action": address(request, door, "survey-never"),
    }
    return page(request, door, "survey/declined.html", **context)


@_READ
@respondent
def used(request: HttpRequest, door: Door) -> HttpResponse:
    """How the answer is used."""
    return page(
        request, door, "survey/used.html", **links(request, door), back=address(request, door, "survey")
    )


def links(request: HttpRequest, door: Door) -> dict[str, str]:
    """The addresses in the foot of every page."""
    never_url = address(request, door, "survey-never") if door.is_personal else ""
    return {"privacy_url": address(request, door, "survey-used"), "decline_url": never_url}


def address(request: HttpRequest, door: Door, name: str) -> str:
    """An address of this survey, in the language that was chosen by hand."""
    query = f"?lang={chosen_language(request, door)}" if "lang" in request.GET else ""
    return reverse(name, args=[door.token]) + query


def go(request: HttpRequest, door: Door, name: str) -> HttpResponse:
    response = HttpResponseRedirect(address(request, door, name))
    response.status_code = 303  # the next request is a GET, whatever this one was
    return response
