from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "kithwell.community.notices"
    label = "community_notices"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from kithwell.community.notices import export, listeners, tasks  # noqa: F401  (they register themselves)

        export.register()
