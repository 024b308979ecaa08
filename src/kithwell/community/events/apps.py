from django.apps import AppConfig


class CommunityEventsConfig(AppConfig):
    name = "kithwell.community.events"
    label = "community_events"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from kithwell.community.events import aside, export, kind, live, tasks  # noqa: F401  (topics and jobs register)
        from kithwell.moderation import kinds

        export.register()
        kinds.register(kind.QuestionKind())
