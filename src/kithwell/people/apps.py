from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "kithwell.people"
    label = "people"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from kithwell.people import own, tasks  # noqa: F401  # they register themselves
