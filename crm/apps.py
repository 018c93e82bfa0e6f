from django.apps import AppConfig


class CrmConfig(AppConfig):
    name = "crm"

    def ready(self) -> None:
        from crm import timeline
        from crm.imports.customers import CustomerImporter
        from crm.imports.interactions import InteractionImporter
        from crm.imports.transactions import TransactionImporter
        from crm.registries import importers, timeline_sources

        timeline_sources.register("interactions", timeline.interactions)
        timeline_sources.register("transactions", timeline.transactions)
        timeline_sources.register("cases", timeline.cases)
        importers.register("customers", CustomerImporter())
        importers.register("transactions", TransactionImporter())
        importers.register("interactions", InteractionImporter())

        from crm.privacy import register_holders, register_kinds

        register_holders()
        register_kinds()
