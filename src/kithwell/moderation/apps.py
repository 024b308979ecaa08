from django.apps import AppConfig


class ModerationConfig(AppConfig):
    name = "kithwell.moderation"
    label = "moderation"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from kithwell.moderation import export, tasks  # noqa: F401  (jobs register themselves)

        export.register()
