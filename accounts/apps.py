from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        from accounts.audit import logins
        from accounts.privacy import own, retention

        logins.connect()
        own.register_own()
        retention.register_own()
