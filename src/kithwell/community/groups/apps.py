from django.apps import AppConfig


class CommunityGroupsConfig(AppConfig):
    name = "kithwell.community.groups"
    label = "community_groups"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from kithwell.community.groups import export, tasks  # noqa: F401  (jobs and subscribers register themselves)

        export.register()
