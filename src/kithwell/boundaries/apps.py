from django.apps import AppConfig


class BoundariesConfig(AppConfig):
    name = "kithwell.boundaries"
    label = "boundaries"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from kithwell.boundaries import export

        export.register()
