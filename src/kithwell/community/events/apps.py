from django.apps import AppConfig


class CommunityEventsConfig(AppConfig):
    name = "kithwell.community.events"
    label = "community_events"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from kithwell.community.events import (  # noqa: F401  (topics, listeners and jobs register)
            aside,
            export,
            kind,
            listeners,
            live,
            tasks,
        )
        from kithwell.moderation import kinds

        export.register()
        kinds.register(kind.QuestionKind())
