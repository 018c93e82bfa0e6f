"""Settings; mounted below /o/<slug>/."""

from django.urls import path

from . import ending, keys, people, profile, rates, security

urlpatterns = [
    path("brand.css", profile.brand, name="brand"),
    path("settings/", profile.profile, name="settings"),
    path("settings/profile/", profile.change, name="settings-profile"),
    path("settings/delete/", ending.delete, name="settings-delete"),
    path("settings/delete/stop/", ending.stop, name="settings-delete-stop"),
    path("settings/hours/", profile.hours, name="settings-hours"),
    path("settings/rates/", rates.rates, name="settings-rates"),
    path("settings/rates/<uuid:pk>/remove/", rates.remove, name="settings-rate-remove"),
    path("settings/people/", people.people, name="settings-people"),
    path("settings/people/<uuid:pk>/", people.member, name="settings-member"),
    path("settings/people/<uuid:pk>/remove/", people.remove, name="settings-member-remove"),
    path("settings/people/invitations/<uuid:pk>/again/", people.send_again, name="settings-invitation-again"),
    path("settings/people/invitations/<uuid:pk>/revoke/", people.revoke, name="settings-invitation-revoke"),
    path("settings/roles/", people.roles, name="settings-roles"),
    path("settings/log-in/", security.log_in_rules, name="settings-log-in"),
    path("settings/keys/", keys.keys, name="settings-keys"),
    path("settings/keys/<uuid:pk>/revoke/", keys.revoke, name="settings-key-revoke"),
]
