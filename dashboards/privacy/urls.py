from django.urls import path

from . import erased, retention, views

urlpatterns = [
    path("settings/privacy/", views.requests, name="settings-privacy"),
    path("settings/privacy/erased/", erased.erased, name="settings-privacy-erased"),
    path("settings/privacy/<uuid:pk>/", views.one, name="settings-privacy-request"),
    path("settings/privacy/<uuid:pk>/progress/", views.progress, name="settings-privacy-progress"),
    path("settings/privacy/<uuid:pk>/file/", views.file, name="settings-privacy-file"),
    path("settings/retention/", retention.retention, name="settings-retention"),
    path("settings/retention/enforce/", retention.enforce, name="settings-retention-enforce"),
    path("customers/<uuid:pk>/export/", views.export, name="customer-export"),
    path("customers/<uuid:pk>/erase/", views.erase, name="customer-erase"),
]
