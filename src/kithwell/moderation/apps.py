from django.apps import AppConfig


class ModerationConfig(AppConfig):
    name = "kithwell.moderation"
    label = "moderation"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from kithwell.kernel import conf
        from kithwell.moderation import demo_wall, export, tasks  # noqa: F401  (jobs register themselves)

        export.register()
        if conf.get("demo", False):
            demo_wall.register()
