"""Settings; mounted below /o/<slug>/."""

from django.urls import path

from . import ending, exporting, keys, people, profile, rates, security, sign_on

urlpatterns = [
    path("brand.css", profile.brand, name="brand"),
    path("settings/", profile.profile, name="settings"),
    path("settings/profile/", profile.change, name="settings-profile"),
    path("settings/delete/", ending.delete, name="settings-delete"),
    path("settings/delete/stop/", ending.stop, name="settings-delete-stop"),
    path("settings/pause/", ending.pause, name="settings-pause"),
    path("settings/resume/", ending.resume, name="settings-resume"),
    path("settings/export/", exporting.exports, name="settings-export"),
    path("settings/export/<uuid:pk>/progress/", exporting.progress, name="settings-export-progress"),
    path("settings/export/<uuid:pk>/cancel/", exporting.cancel, name="settings-export-cancel"),
    path("settings/export/<uuid:pk>/file/", exporting.file, name="settings-export-file"),
    path("settings/hours/", profile.hours, name="settings-hours"),
    path("settings/rates/", rates.rates, name="settings-rates"),
    path("settings/rates/<uuid:pk>/remove/", rates.remove, name="settings-rate-remove"),
    path("settings/people/", people.people, name="settings-people"),
    path("settings/people/<uuid:pk>/", people.member, name="settings-member"),
    path("settings/people/<uuid:pk>/remove/", people.remove, name="settings-member-remove"),
    path("settings/people/<uuid:pk>/hand-over/", people.hand_over, name="settings-member-hand-over"),
    path("settings/leave/", people.leave, name="settings-leave"),
    path("settings/people/invitations/<uuid:pk>/again/", people.send_again, name="settings-invitation-again"),
    path("settings/people/invitations/<uuid:pk>/revoke/", people.revoke, name="settings-invitation-revoke"),
    path("settings/roles/", people.roles, name="settings-roles"),
    path("settings/log-in/", security.log_in_rules, name="settings-log-in"),
    path("settings/sign-on/", sign_on.overview, name="settings-sign-on"),
    path("settings/sign-on/add/", sign_on.add, name="settings-sign-on-add"),
    path("settings/sign-on/required/", sign_on.require, name="settings-sign-on-required"),
    path("settings/sign-on/domains/", sign_on.claim_domain, name="settings-sign-on-claim"),
    path("settings/sign-on/domains/<uuid:pk>/check/", sign_on.check_domain, name="settings-sign-on-check"),
    path(
        "settings/sign-on/domains/<uuid:pk>/release/", sign_on.release_domain, name="settings-sign-on-release"
    ),
    path("settings/sign-on/people/<uuid:pk>/forget/", sign_on.forget, name="settings-sign-on-forget"),
    path("settings/sign-on/<uuid:pk>/", sign_on.connection, name="settings-sign-on-connection"),
    path("settings/sign-on/<uuid:pk>/test/", sign_on.test, name="settings-sign-on-test"),
    path("settings/sign-on/<uuid:pk>/use/", sign_on.use, name="settings-sign-on-use"),
    path("settings/sign-on/<uuid:pk>/rest/", sign_on.rest, name="settings-sign-on-rest"),
    path("settings/sign-on/<uuid:pk>/remove/", sign_on.remove, name="settings-sign-on-remove"),
    path("settings/keys/", keys.keys, name="settings-keys"),
    path("settings/keys/<uuid:pk>/revoke/", keys.revoke, name="settings-key-revoke"),
]
