from django.apps import AppConfig


class CommunityImportsConfig(AppConfig):
    name = "kithwell.community.imports"
    label = "community_imports"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.utils.translation import gettext_lazy

        from kithwell.community.groups import sidebar
        from kithwell.community.imports import export, live, tasks  # noqa: F401  (topics and jobs register)

        export.register()
        sidebar.add_setting("import", gettext_lazy("Bring a community here, from WhatsApp or a forum"))
