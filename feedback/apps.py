from django.apps import AppConfig


class FeedbackConfig(AppConfig):
    name = "feedback"

    def ready(self) -> None:
        from crm.registries import importers, timeline_sources
        from feedback import timeline
        from feedback.importer import ResponseImporter

        timeline_sources.register("answers", timeline.answers)
        timeline_sources.register("invitations", timeline.invitations)
        importers.register("responses", ResponseImporter())

        from feedback.privacy import register_holders, register_kinds

        register_holders()
        register_kinds()
