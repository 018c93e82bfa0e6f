from django.apps import AppConfig


class AnalyticsConfig(AppConfig):
    name = "analytics"

    def ready(self) -> None:
        from analytics.privacy import register_holders, register_kinds

        register_holders()
        register_kinds()
