"""Log-in and one's own account. allauth's views under our addresses; each says who may open it.

Listed one by one instead of `include("allauth.urls")`: what is not here does not exist. Pages that change how
somebody logs in are closed to sessions that an organization's identity provider opened.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as keys
from django.http.response import HttpResponseBase
from django.urls import path, re_path

from accounts.access import PUBLIC, SIGNED_IN, open_to
from accounts.audit.logins import note_failure
from accounts.organizations import sign_up
from accounts.sso.gate import kept_elsewhere

from . import email, sessions

public = open_to(PUBLIC)


def signed_in(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    return kept_elsewhere(open_to(SIGNED_IN)(view))


def attempts(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Log-ins that are turned away because there were too many from one address are recorded like failed ones."""

    @wraps(view)
    def inner(request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        answer = view(request, *args, **kwargs)
        if answer.status_code == 429 and request.method == "POST":
            note_failure(request, request.POST.get("login", ""))
        return answer

    return inner


urlpatterns = [
    path("login/", public(attempts(account.login)), name="account_login"),
    path("login/passkey/", public(attempts(keys.login_webauthn)), name="mfa_login_webauthn"),
    path("login/second-step/", public(mfa.authenticate), name="mfa_authenticate"),
    path("logout/", public(account.logout), name="account_logout"),
    path("sign-up/", sign_up.sign_up, name="account_signup"),
    path("sign-up/<str:token>/", sign_up.finish, name="sign-up-finish"),
    path("password/reset/", public(account.password_reset), name="account_reset_password"),
    path("password/reset/sent/", public(account.password_reset_done), name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        public(account.password_reset_from_key),
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/done/",
        public(account.password_reset_from_key_done),
        name="account_reset_password_from_key_done",
    ),
    path("account/email/", signed_in(email.change), name="account_email"),
    path("account/email/<str:token>/", email.confirm, name="account-email-confirm"),
    path("account/password/", signed_in(account.password_change), name="account_change_password"),
    path("account/confirm/", signed_in(account.reauthenticate), name="account_reauthenticate"),
    path("account/confirm/code/", signed_in(mfa.reauthenticate), name="mfa_reauthenticate"),
    path("account/confirm/key/", signed_in(keys.reauthenticate_webauthn), name="mfa_reauthenticate_webauthn"),
    path("account/second-step/", signed_in(mfa.index), name="mfa_index"),
    path("account/second-step/app/", signed_in(totp.activate_totp), name="mfa_activate_totp"),
    path("account/second-step/app/remove/", signed_in(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path("account/second-step/codes/", signed_in(codes.view_recovery_codes), name="mfa_view_recovery_codes"),
    path(
        "account/second-step/codes/new/",
        signed_in(codes.generate_recovery_codes),
        name="mfa_generate_recovery_codes",
    ),
    path(
        "account/second-step/codes/download/",
        signed_in(codes.download_recovery_codes),
        name="mfa_download_recovery_codes",
    ),
    path("account/second-step/keys/", signed_in(keys.list_webauthn), name="mfa_list_webauthn"),
    path("account/second-step/keys/add/", signed_in(keys.add_webauthn), name="mfa_add_webauthn"),
    path("account/second-step/keys/<int:pk>/", signed_in(keys.edit_webauthn), name="mfa_edit_webauthn"),
    path(
        "account/second-step/keys/<int:pk>/remove/",
        signed_in(keys.remove_webauthn),
        name="mfa_remove_webauthn",
    ),
    path("account/sessions/", sessions.sessions, name="sessions"),
    path("account/sessions/<int:pk>/end/", sessions.end, name="session-end"),
]
