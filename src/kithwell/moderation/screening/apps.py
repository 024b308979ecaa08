from django.apps import AppConfig


class ModerationScreeningConfig(AppConfig):
    name = "kithwell.moderation.screening"
    label = "moderation_screening"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from kithwell.moderation import screened
        from kithwell.moderation.screening import export, tasks  # noqa: F401  (jobs register themselves)
        from kithwell.moderation.screening.actions import counting, holding  # noqa: F401  (a look each few seconds)

        export.register()
        screened.register(counting.heard)
