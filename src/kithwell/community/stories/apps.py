from django.apps import AppConfig


class CommunityStoriesConfig(AppConfig):
    name = "kithwell.community.stories"
    label = "community_stories"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from kithwell.community.stories import export, kind, tasks  # noqa: F401  (jobs and subscribers register)
        from kithwell.moderation import kinds

        export.register()
        kinds.register(kind.StoryKind())
