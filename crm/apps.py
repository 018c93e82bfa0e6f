from django.apps import AppConfig


class CrmConfig(AppConfig):
    name = "crm"

    def ready(self) -> None:
        from crm import timeline
        from crm.registries import timeline_sources

        timeline_sources.register("interactions", timeline.interactions)
        timeline_sources.register("transactions", timeline.transactions)
        timeline_sources.register("cases", timeline.cases)
