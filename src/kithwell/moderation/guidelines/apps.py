from django.apps import AppConfig


class ModerationGuidelinesConfig(AppConfig):
    name = "kithwell.moderation.guidelines"
    label = "moderation_guidelines"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from kithwell.moderation.guidelines import export

        export.register()
