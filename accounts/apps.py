from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        from accounts.audit import logins
        from accounts.organizations.export import privacy as full_exports
        from accounts.privacy import own, retention

        logins.connect()
        own.register_own()
        full_exports.register_holder()
        retention.register_own()
