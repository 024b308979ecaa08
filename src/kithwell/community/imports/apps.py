from django.apps import AppConfig


class CommunityImportsConfig(AppConfig):
    name = "kithwell.community.imports"
    label = "community_imports"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from kithwell.community.imports import export, live, tasks  # noqa: F401  (topics and jobs register)

        export.register()
