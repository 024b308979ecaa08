from django.apps import AppConfig


class SupportConfig(AppConfig):
    name = "kithwell.support"
    label = "support"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from kithwell.support import concerns, export, live, ports, tasks  # noqa: F401  (they register themselves)

        export.register()
        ports.register(ports.StoredAdapter("web"))
