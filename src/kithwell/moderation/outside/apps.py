from django.apps import AppConfig


class ModerationOutsideConfig(AppConfig):
    name = "kithwell.moderation.outside"
    label = "moderation_outside"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from kithwell.moderation import kinds, redress
        from kithwell.moderation.outside import queries, tasks  # noqa: F401  (jobs register themselves)
        from kithwell.moderation.outside.thing import NoticeKind

        kinds.register(NoticeKind())
        redress.register(queries.redress)
