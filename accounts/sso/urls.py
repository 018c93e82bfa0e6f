from django.urls import path

from . import views

urlpatterns = [
    path("login/sso/", views.start, name="sign-on"),
    path("login/sso/<uuid:pk>/", views.leave, name="sign-on-leave"),
    path("login/sso/<uuid:pk>/go/", views.go, name="sign-on-go"),
    path("login/sso/<uuid:pk>/callback/", views.callback, name="sign-on-callback"),
    path("login/sso/<uuid:pk>/acs/", views.acs, name="sign-on-acs"),
    path("login/sso/<uuid:pk>/finish/", views.finish, name="sign-on-finish"),
    path("login/sso/<uuid:pk>/metadata/", views.metadata, name="sign-on-metadata"),
]
